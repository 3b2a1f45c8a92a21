"""Moving together, from the person's side: /gruppe, a start code, and what the store says became of a wish."""

from datetime import date, timedelta

from bot.coach.challenge import Plan, active_day_of
from bot.dialogue import beside
from bot.dialogue.agenda import greet
from bot.dialogue.conversation import Ended, open_flow
from bot.dialogue.dates import date_text
from bot.dialogue.doors import Doors
from bot.dialogue.events import RoundNews
from bot.dialogue.facts_rounds import RoundAgain, RoundGone, RoundKnown, RoundsAsked, RoundSeen
from bot.dialogue.flows.round import ROUND, RoundHere, RoundStart
from bot.dialogue.flows.round_joining import ROUND_JOIN, RoundJoinStart
from bot.dialogue.locked import open_room
from bot.dialogue.member import Status
from bot.dialogue.messages import Button, Kind, Where
from bot.dialogue.quoting import quoted
from bot.dialogue.round_pictures import join_picture
from bot.dialogue.round_questions import name_text
from bot.dialogue.rounds import AGAIN, JOIN_SIGN, again, invite_data
from bot.dialogue.telling import open_beside
from bot.dialogue.text import Text, text
from bot.dialogue.turn import Draft

CODE = "g_"  # a start code that joins a round
ROOM_CODE = "r_"  # one that brings it into a group
OPEN = "matrix"  # there a tap in a group is a reaction, which everybody sees
CARDS = frozenset({"telegram", "matrix", "web", "console"})  # where a card can stand and be tapped
COACH_SIGN, HOW_SIGN, NO_SIGN = "💬", "❓", "✖️"
REFUSES = "no"  # behind /gruppe, as a button says it
_LONGEST_NUMBER = 18


def may_meet(draft: Draft) -> bool:
    """No groups under a lock, and none for two weeks after a crisis."""
    return draft.member.known.lock is None and not is_grieving(draft)


def is_grieving(draft: Draft) -> bool:
    """The two weeks after a crisis."""
    return beside.is_grieving(draft.member.known, draft.moment.day)


def begin_round(draft: Draft, argument: str = "") -> list[Ended]:
    """/gruppe: the store is asked for one's rounds, and `hear_news` goes on. Also for guests, who have no profile."""
    word, _, rest = argument.partition(" ")
    if word == REFUSES and not draft.member.known.consents:
        draft.turn_away()
        draft.send(draft.words(text("round/refused")))
        return []
    if not may_meet(draft):
        return _not_now(draft)
    if word == AGAIN and rest.isascii() and rest.isdigit() and len(rest) <= _LONGEST_NUMBER:
        draft.record(RoundAgain(round=int(rest), begins=(_today(draft) + timedelta(days=1)).isoformat()))
    else:
        draft.record(RoundsAsked())
    return []


def leave_rounds(draft: Draft) -> list[Ended]:
    """A guest wants to read no more: what may reach them are their rounds, each with its way out."""
    draft.record(RoundsAsked(leaving=True))
    return []


def explain_rounds(draft: Draft) -> None:
    """/runde: what counts, and who sees what."""
    how = text("round/how", jokers=draft.kit.library.thresholds.challenge.joker_days)
    draft.send(draft.words(how), buttons=draft.link_rows(("group",)))


def join_round(draft: Draft, code: str) -> list[Ended]:
    """A link or code of a round."""
    if not may_meet(draft):
        return _not_now(draft)
    called = quoted(draft, draft.member.known.about.name)
    return open_flow(draft, ROUND_JOIN, RoundJoinStart(code=code, called=called, open=draft.channel == OPEN))


def code_typed(kind: str, argument: str) -> str | None:
    """The code behind a start code of this kind, as it is kept: read off a poster it may be typed small."""
    return argument[len(kind) :].upper() if argument[: len(kind)].casefold() == kind else None


def invite(draft: Draft, code: str) -> list[Ended]:
    """Somebody new has a code: with one tap they are of age and take part, without a question."""
    buttons = (
        Button(label=draft.words(text("round/join-adult")), data=invite_data(code), style="primary", key=JOIN_SIGN),
        Button(label=draft.words(text("link/round")), data="/round", key=HOW_SIGN),
        Button(label=draft.words(text("round/invite-coach")), data="/start", key=COACH_SIGN),
        Button(label=draft.words(text("round/adult/no")), data=f"/group {REFUSES}", key=NO_SIGN),
    )
    rows = tuple((button,) for button in buttons)
    words = _with_visibility(draft, draft.words(text("round/invite")))
    draft.send(words, buttons=rows, kind=Kind.CHALLENGE, reactions=True)
    return []


def _with_visibility(draft: Draft, words: str) -> str:
    """Where a tap in the group is a reaction, who sees it is said before anybody takes part."""
    return f"{words}\n{draft.words(Text('round/open'))}" if draft.channel == OPEN else words


def hear_news(draft: Draft, news: RoundNews) -> list[Ended]:
    """The store has decided: show the rounds, remember one, say how others find it, or that a movement counted."""
    if news.what == "seen":
        return _show_rounds(draft, news.rounds)
    if news.what == "none":
        return greet(draft)
    if news.what in {"gone", "not-in"}:
        draft.record(RoundGone(round=news.round))
    if news.what == "gone":  # the card or the group has said so
        return []
    if news.what == "over":
        return _offer_again(draft, news)
    if news.what == "brought":
        return _tell_of_group(draft, news)
    if news.what in {"made", "joined", "again"}:
        draft.record(
            RoundKnown(
                round=news.round,
                name=news.name,
                code=news.code,
                room_code=news.room_code,
                begins=news.begins,
                weeks=news.weeks,
                zone=news.zone,
            )
        )
    doors = draft.kit.operator.doors
    way_in = join_picture(news.name, CODE + news.code, draft.catalog, doors) if news.what == "made" else None
    links = draft.link_rows(("round", "group")) if news.what in {"made", "joined", "again"} else ()
    words = draft.words(_told(news, doors))
    words = _with_visibility(draft, words) if news.what == "made" else words
    draft.send(words, kind=Kind.CHALLENGE, picture=way_in, buttons=links)
    return []


def _told(news: RoundNews, doors: Doors) -> Text:
    name = name_text(news.name)
    match news.what:
        case "made":
            return text(
                "round/news-made",
                name=name,
                ways=doors.ways(CODE + news.code),
                room_code=ROOM_CODE + news.room_code,
                day=date_text(date.fromisoformat(news.begins)),
            )
        case "again":
            return text("round/news-again", name=name, day=date_text(date.fromisoformat(news.begins)))
        case "changed":
            return text("round/news-changed", name=name)
        case "joined":
            return text("round/news-joined", name=name)
        case "ended":
            return Text("round/end-done")
        case "enough" | "counted" | "late" | "not-in" | "mine" | "not-yours":
            return Text(f"round/{news.what}")
        case _:
            return Text("round/news-unknown")


def _offer_again(draft: Draft, news: RoundNews) -> list[Ended]:
    """Unasked, so only to somebody who wants to hear from the coach at all, and without a sound."""
    if may_meet(draft) and draft.member.status in {Status.NEW, Status.ACTIVE}:
        words, buttons = again(news.round, news.name, draft.catalog)
        draft.send(words, buttons=buttons, kind=Kind.CHALLENGE, where=Where.PREFERRED, silent=True, reactions=True)
    return []


def _tell_of_group(draft: Draft, news: RoundNews) -> list[Ended]:
    """Also unasked: somebody else has brought their round into a group."""
    if may_meet(draft) and draft.member.status in {Status.NEW, Status.ACTIVE}:
        words = draft.words(text("round/news-brought", name=name_text(news.name)))
        draft.send(words, kind=Kind.CHALLENGE, where=Where.PREFERRED, silent=True, buttons=draft.link_rows(("group",)))
    return []


def _not_now(draft: Draft) -> list[Ended]:
    if draft.member.known.lock is not None:
        return open_room(draft)
    draft.send(draft.words(text("round/not-now")))
    return []


def _show_rounds(draft: Draft, rounds: tuple[RoundSeen, ...]) -> list[Ended]:
    """A stranger may start one wherever the operator takes strangers on."""
    if not may_meet(draft):
        return _not_now(draft)
    guest = not draft.member.known.consents
    is_closed = guest and draft.kit.operator.signup != "open"
    if is_closed and not rounds:
        return greet(draft)
    rules, today = draft.kit.library.thresholds.challenge, _today(draft)
    running = sum(each.starts and not each.is_over for each in rounds)
    start = RoundStart(
        today=today.isoformat(),
        tomorrow=(today + timedelta(days=1)).isoformat(),
        rounds=tuple(_here(draft, each) for each in rounds),
        guest=guest,
        more=running < rules.rounds_most and not is_closed,
        own_days=rules.own_days,
        goal_percent=rules.goal_percent,
        jokers=rules.joker_days,
        called=quoted(draft, draft.member.known.about.name),
        doors=draft.kit.operator.doors,
    )
    return open_beside(draft, ROUND, start)


def _here(draft: Draft, seen: RoundSeen) -> RoundHere:
    """All in a round share one day, wherever they are."""
    rules = draft.kit.library.thresholds.challenge
    plan = Plan(begins=date.fromisoformat(seen.begins), weeks=seen.weeks, goal=seen.goal)
    day = active_day_of(draft.moment.now, seen.zone, rules)
    way_in = join_picture(seen.name, CODE + seen.code, draft.catalog, draft.kit.operator.doors)
    return RoundHere(
        round=seen.round,
        name=seen.name,
        joins=seen.code,
        code=CODE + seen.code,
        room_code=ROOM_CODE + seen.room_code if seen.room_code else "",
        day=day.isoformat(),
        begins=seen.begins,
        last=plan.last_day.isoformat(),
        weeks=seen.weeks,
        goal=seen.goal,
        week=min(max(plan.week_of(day), 1), seen.weeks),
        begun=day >= plan.begins,
        counts=plan.begins <= day <= plan.last_day,
        starts=seen.starts,
        takes_part=seen.takes_part,
        is_over=seen.is_over or day > plan.last_day,
        granted=seen.granted,
        way_in=way_in.own,
        way_in_alt=way_in.alt,
    )


def _today(draft: Draft) -> date:
    return active_day_of(draft.moment.now, draft.member.zone, draft.kit.library.thresholds.challenge)
