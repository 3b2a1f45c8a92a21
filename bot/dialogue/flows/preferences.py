"""/einstellungen: one thing is chosen, one question asked. What becomes of the answer is decided by who opened this.

The time zone is asked as the time on the member's own clock: nobody has to know what a zone is called.
"""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from bot.dialogue.amounts import Amount
from bot.dialogue.figures import Figure
from bot.dialogue.flows.changes import tag_options
from bot.dialogue.flows.ending import Trigger, trigger_question
from bot.dialogue.flows.portion_taste import thing_options
from bot.dialogue.questions import Choice, Many, Place, Question, TimeOfDay
from bot.dialogue.steps import Flow, FlowDef, ask
from bot.dialogue.text import Joined, Text, text

_NOON = "12:00"  # where no time was named yet


class Setting(StrEnum):
    TIME = "time"
    AFTER = "after"
    DAYS = "days"
    MINUTES = "minutes"
    THINGS = "things"
    LIKES = "likes"
    MIND = "mind"
    DESK = "desk"
    PUSH = "push"
    QUESTIONS = "questions"
    FIGURE = "figure"
    LANGUAGE = "language"
    COUNTRY = "country"
    ZONE = "zone"
    CLOSE = "close"


class Liked(StrEnum):
    """Kinds of exercises somebody may want more of, as the content calls them."""

    MOBILISE = "mobilise"
    STABILISE = "stabilise"
    STRENGTHEN = "strengthen"
    STRETCH = "stretch"
    RELAX = "relax"
    MIND_BODY = "mind-body"


class Switch(StrEnum):
    ON = "on"
    OFF = "off"


class Shown(StrEnum):
    """What a lock screen shows: nothing about health, or the message as it is."""

    DISCREET = "discreet"
    OPEN = "open"


class Questions(StrEnum):
    """How much is asked beside the exercises; what is about safety always is."""

    ALL = "all"
    FEW = "few"


class Sure(StrEnum):
    """Whether what was minded is really to be taken out."""

    OUT = "out"
    KEEP = "keep"


class Language(StrEnum):
    DE = "de"
    EN = "en"


class Country(StrEnum):
    DE = "DE"
    AT = "AT"
    CH = "CH"
    EU = "EU"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferStart:
    """What is set now; `clock`: the local time, `clocks`: it and its neighbours, "HH:MM". `after`: a `Trigger`."""

    time: str = ""
    after: str = ""
    days: int = 0  # none was named yet: prompts come every day
    minutes: int = 3
    desk: str = Switch.OFF.value
    push: str = Shown.DISCREET.value
    questions: str = Questions.ALL.value
    figure: str = Figure.DEFAULT.value
    language: str = Language.DE.value
    country: str = Country.DE.value
    clock: str = "12:00"
    clocks: tuple[str, ...] = ("11:00", "12:00", "13:00")
    things: tuple[str, ...] = ()  # what exercises may want beyond the household
    has: tuple[str, ...] = ()  # what of it is there
    likes: tuple[str, ...] = ()  # kinds of exercises
    minds: tuple[str, ...] = ()  # what the member named to mind


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """`value` as the journal keeps it; for the zone the time on the member's clock, for `MIND` what goes."""

    setting: Setting
    value: str = ""

    def __str__(self) -> str:
        return self.setting.value


def _preferring(start: PreferStart) -> Flow[Wanted]:
    setting = yield from ask(
        Choice(
            id="settings-which",
            reactable=True,
            text=_now(start),
            options=tuple(each for each in Setting if _concerns(each, start)),
            labels="settings/reply",
            place=Place.BELOW,
            back=False,
            done="settings/done",
            links=("limits",),
        )
    )
    value = ""
    match setting:
        case Setting.TIME | Setting.ZONE:
            told = yield from ask(_clock_question(start, setting))
            value = told.strftime("%H:%M")
        case Setting.AFTER:
            hangs_on = yield from ask(trigger_question(time.fromisoformat(start.time or _NOON), "settings-after"))
            value = "" if hangs_on is Trigger.NONE else hangs_on.value
        case Setting.DAYS | Setting.MINUTES:
            amount = yield from ask(_amount_question(setting))
            value = str(amount)
        case Setting.THINGS:
            marked = yield from ask(_things_question(start))
            value = ",".join(sorted(each.value for each in marked))
        case Setting.LIKES:
            liked = yield from ask(_likes_question(start))
            value = ",".join(each.value for each in liked)
        case Setting.MIND:
            value = ",".join((yield from _taken_out(start)))
        case Setting.CLOSE:
            pass
        case _:
            chosen = yield from ask(_choice_question(setting))
            value = chosen.value
    return Wanted(setting=setting, value=value)


def _concerns(setting: Setting, start: PreferStart) -> bool:
    """What there is nothing of is not offered."""
    return {Setting.THINGS: start.things, Setting.MIND: start.minds}.get(setting, ("always",)) != ()


def _taken_out(start: PreferStart) -> Flow[tuple[str, ...]]:
    """What is minded stands there marked; a mark taken away is asked about once more, for it brings exercises back."""
    options = tag_options(start.minds)
    kept = yield from ask(
        Many(id="settings-mind", text=text("settings/ask-mind"), options=options, labels="tag", marked=options)
    )
    gone = tuple(option.value for option in options if option not in kept)
    if not gone:
        return ()
    sure = yield from ask(
        Choice(
            id="settings-mind-sure",
            text=text("settings/mind-sure", tags=named_tags(gone)),
            options=tuple(Sure),
            labels="settings/mind-sure-reply",
            row=1,
        )
    )
    return gone if sure is Sure.OUT else ()


def named_tags(tags: tuple[str, ...]) -> Text | Joined:
    return Joined(tuple(Text(f"tag/{tag}") for tag in tags), ", ") if tags else text("tag/none")


def _now(start: PreferStart) -> Text:
    hangs_on = text(f"ending/after-{start.after}") if start.after else None
    return text(
        "settings/now",
        time=text("settings/time-after", time=start.time, after=hangs_on) if hangs_on else start.time or "–",
        days=start.days or Text("weekday/all"),
        minutes=start.minutes,
        things=named_things(start.has),
        likes=named_likes(start.likes),
        minds=named_tags(start.minds),
        desk=Text(f"settings/desk-reply/{start.desk}"),
        push=Text(f"settings/push-reply/{start.push}"),
        questions=Text(f"settings/questions-reply/{start.questions}"),
        figure=Text(f"settings/figure-reply/{start.figure}"),
        language=Text(f"settings/language-reply/{start.language}"),
        country=Text(f"settings/country-reply/{start.country}"),
        clock=start.clock,
    )


def _clock_question(start: PreferStart, setting: Setting) -> TimeOfDay:
    if setting is Setting.ZONE:
        return TimeOfDay(id="settings-zone", text=text("settings/ask-zone"), offers=start.clocks)
    offers = ("07:00", "08:00", "10:00", "12:30", "17:00", "19:30")
    return TimeOfDay(id="settings-time", text=text("settings/ask-time"), offers=offers)


def named_things(has: tuple[str, ...]) -> Text | Joined:
    return Joined(tuple(Text(f"portion/thing/{thing}") for thing in has), ", ") if has else text("portion/thing/none")


def named_likes(likes: tuple[str, ...]) -> Text | Joined:
    kinds = tuple(Text(f"kind/{like}") for like in likes if like in set(Liked))
    return Joined(kinds, ", ") if kinds else text("kind/none")


def _likes_question(start: PreferStart) -> Many[Liked]:
    marked = tuple(each for each in Liked if each.value in start.likes)
    return Many(
        id="settings-likes", text=text("settings/ask-likes"), options=tuple(Liked), labels="kind", marked=marked
    )


def _things_question(start: PreferStart) -> Many[StrEnum]:
    return Many(
        id="settings-things",
        text=text("settings/ask-things"),
        options=thing_options(start.things),
        labels="portion/thing",
    )


def _amount_question(setting: Setting) -> Question[int]:
    if setting is Setting.DAYS:
        return Amount(id="settings-days", text=text("settings/ask-days"), offers=(2, 3, 4, 5), low=1, high=7)
    offers = (3, 5, 10, 15, 20, 30)
    return Amount(id="settings-minutes", text=text("settings/ask-minutes"), offers=offers, low=2, high=60)


_OPTIONS: dict[Setting, type[StrEnum]] = {
    Setting.DESK: Switch,
    Setting.PUSH: Shown,
    Setting.FIGURE: Figure,
    Setting.QUESTIONS: Questions,
    Setting.LANGUAGE: Language,
    Setting.COUNTRY: Country,
}


def _choice_question(setting: Setting) -> Choice[StrEnum]:
    return Choice(
        id=f"settings-{setting.value}",
        reactable=True,
        text=text(f"settings/ask-{setting.value}"),
        options=tuple(_OPTIONS[setting]),
        labels=f"settings/{setting.value}-reply",
    )


PREFERENCES: FlowDef[PreferStart, Wanted] = FlowDef(
    name="preferences",
    start=PreferStart,
    body=_preferring,
    results=tuple(Wanted(setting=setting) for setting in Setting),
    samples=(
        PreferStart(),
        PreferStart(things=("band", "ball"), has=("ball",), likes=("mind-body",), minds=("OP", "KN")),
        PreferStart(time="08:00", after="coffee", desk="on", push="open", figure="woman", language="en", country="CH"),
    ),
)
