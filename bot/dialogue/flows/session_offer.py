"""The day's offer: start, one minute, later, not today; a flare-up beside it, and the quieter wishes behind the dots.

A refusal is answered in six words and without a question.
"""

from datetime import timedelta
from enum import StrEnum

from bot.dialogue.facts import ExerciseDone, ProfileAnswered, SessionEnded, SessionStarted
from bot.dialogue.flows.portion_person import OWN_CHIPS
from bot.dialogue.flows.session_comeback import Comeback, comeback, still_away
from bot.dialogue.flows.session_start import Planned, SessionStart, on_day, reason_of
from bot.dialogue.messages import Kind
from bot.dialogue.own_words import as_words
from bot.dialogue.questions import Choice, Place
from bot.dialogue.steps import After, Flow, ask, book, record, say
from bot.dialogue.text import Joined, Text, text

PROMPT = "prompt"
# Of the twelve days of wordings these begin with something of the member's own, so that it stays a little special.
_AFTER_SOMETHING, _BY_NAME, _TOWARDS = {2: 1, 6: 2, 9: 3, 12: 4}, {1, 5, 10}, {4, 8}


class Offer(StrEnum):
    GO = "go"
    MICRO = "micro"
    LATER = "later"
    NOT_TODAY = "not_today"
    FLARE = "flare"
    MENU = "menu"


class Wish(StrEnum):
    """What stands behind the dots of the offer."""

    ALREADY = "already"
    LESS = "less"
    STOP = "stop"


class Taken(StrEnum):
    """What became of the offer."""

    WHOLE = "whole"
    MICRO = "micro"
    LATER = "later"
    DECLINED = "declined"
    FLARE = "flare"
    STOP = "stop"
    LESS = "less"
    DONE = "done"


class First(StrEnum):
    """The very first offer holds three ways."""

    GO = "go"
    LATER = "later"
    NOT_TODAY = "not_today"


_AFTER_DAYS = {Comeback.GO: Taken.WHOLE, Comeback.MICRO: Taken.MICRO, Comeback.WORSE: Taken.FLARE}


def offer(start: SessionStart) -> Flow[Taken]:
    """What is offered, and what becomes of it."""
    if start.minute:
        return Taken.MICRO
    return (yield from _after_days(start)) if start.back else (yield from _of_the_day(start))


def _after_days(start: SessionStart) -> Flow[Taken]:
    wanted = yield from comeback(start)
    if wanted is Comeback.PAUSE:
        yield from still_away(PROMPT)
    return _AFTER_DAYS.get(wanted, Taken.DECLINED)


def _of_the_day(start: SessionStart) -> Flow[Taken]:
    if start.first:
        offered = Offer((yield from ask(_first_question(start))).value)
    else:
        offered = yield from ask(_question(start))
    match offered:
        case Offer.GO:
            return Taken.WHOLE
        case Offer.MICRO:
            return Taken.MICRO
        case Offer.FLARE:
            return Taken.FLARE
        case Offer.LATER:
            yield from book(PROMPT, After(timedelta(hours=1)))
            yield from say(text("session/later"))
            return Taken.LATER
        case Offer.NOT_TODAY:
            yield from say(text("session/not-today"))
            return Taken.DECLINED
        case Offer.MENU:
            return (yield from _wish(start))


def _wish(start: SessionStart) -> Flow[Taken]:
    wish = yield from ask(
        Choice(
            id="offer-menu",
            reactable=True,
            text=text("session/menu-ask"),
            options=tuple(Wish),
            labels="session/wish",
            row=3,
        )
    )
    match wish:
        case Wish.STOP:
            return Taken.STOP
        case Wish.LESS:
            yield from record(ProfileAnswered(field="days_per_week", value=str(start.fewer)))
            yield from say(text("session/less", count=start.fewer), links=("settings",))
            return Taken.LESS
        case Wish.ALREADY:
            yield from _already_done(start)
            return Taken.DONE


def _already_done(start: SessionStart) -> Flow[None]:
    """A session without the phone counts as a day; without answers it raises nothing."""
    planned = tuple(on_day(each, start.gate) for each in start.planned)
    items = tuple((each.exercise, each.level, each.step) for each in planned)
    yield from record(SessionStarted(gate=start.gate, items=items))
    for each in planned:
        yield from record(done_of(each))
    yield from record(SessionEnded(finished=True))
    yield from say(text("session/already", week=week_text(start)))


def done_of(each: Planned) -> ExerciseDone:
    return ExerciseDone(exercise=each.exercise, level=each.level, dose_step=each.step, sets=each.sets, done=2)


def week_text(start: SessionStart) -> Text:
    """So many of the days wanted this week; beyond the goal the days alone."""
    days = start.week_done + 1
    if days > start.week_goal:
        return text("session/week-more", days=days)
    return text("session/week", days=days, count=start.week_goal)


def _first_question(start: SessionStart) -> Choice[First]:
    lead = text("session/first", minutes=start.minutes)
    return Choice(
        id="offer",
        text=text("session/offer-plain", lead=lead, count=len(start.planned), minutes=start.minutes),
        options=tuple(First),
        labels="session/first-reply",
        row=1,
        place=Place.BELOW,
        kind=Kind.SESSION,
        back=False,
        styles=((First.GO, "primary"),),
        done="session/offer-done",
        reactable=True,
    )


def _question(start: SessionStart) -> Choice[Offer]:
    reasons = tuple(reason_of(change) for change in start.changes if change.told)
    lines = (*reasons, *_walk(start))
    lead = _lead(start)
    body = text("session/offer", lead=lead, count=len(start.planned), minutes=start.minutes, reasons=Joined(lines))
    plain = text("session/offer-plain", lead=lead, count=len(start.planned), minutes=start.minutes)
    without = () if start.micro else (Offer.MICRO,)
    return Choice(
        id="offer",
        reactable=True,
        private=(Offer.FLARE,),
        text=body if lines else plain,
        options=tuple(each for each in Offer if each not in without),
        labels="session/reply",
        place=Place.BELOW,
        kind=Kind.SESSION,
        back=False,
        links=(*(("why",) if reasons else ()), *(("walk",) if start.walk else ()), *(("test",) if start.tests else ())),
        styles=((Offer.GO, "primary"),),
        done="session/offer-done",
    )


def _walk(start: SessionStart) -> tuple[Text, ...]:
    """The day's walk: whenever it suits, told by a button of its own."""
    if not start.walk:
        return ()
    if start.stairs:
        return (text("session/walk-stairs", minutes=start.walk),)
    return (text("session/walk-brisk" if start.brisk else "session/walk", minutes=start.walk),)


def _lead(start: SessionStart) -> Text:
    """The prompt's first words: what it hangs on, the name, the own goal, or one of twelve for the time of day."""
    if start.hangs_on and start.wording in _AFTER_SOMETHING:
        after = text(f"ending/trigger-reply/{start.hangs_on}")
        return text(f"prompt/hangs-on-{_AFTER_SOMETHING[start.wording]}", after=after)
    if start.called and start.wording in _BY_NAME:
        return text(f"prompt/called-{start.part}", name=start.called)
    if start.own and start.wording in _TOWARDS:
        return text("prompt/own", own=as_words(OWN_CHIPS, start.own))
    return text(f"prompt/{start.part}-{start.wording}")
