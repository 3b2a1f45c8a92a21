"""Moving together, from the member's side: /gruppe, a start code, and what became of a wish."""

from dataclasses import replace
from datetime import date, timedelta

from bot.coach.challenge import active_day_of
from bot.dialogue import beside
from bot.dialogue.agenda import open_room
from bot.dialogue.conversation import Ended, open_flow
from bot.dialogue.events import RoundNews
from bot.dialogue.facts_rounds import RoundGone, RoundKnown
from bot.dialogue.flows.round import ROUND, ROUND_JOIN, RoundJoinStart, RoundStart
from bot.dialogue.messages import Button, Kind, Where
from bot.dialogue.quoting import quoted
from bot.dialogue.round_pictures import join_picture
from bot.dialogue.rounds import JOIN_SIGN, invite_data
from bot.dialogue.text import Text, text
from bot.dialogue.turn import Draft

CODE = "g_"  # a start code that joins a round
ROOM_CODE = "r_"  # one that brings it into a group
CARDS = frozenset({"telegram", "matrix"})  # where a message stays where it is and can be touched: a card has a place
COACH_SIGN = "💬"


def may_meet(draft: Draft) -> bool:
    """No groups under a lock, and none for two weeks after a crisis."""
    return draft.member.known.lock is None and not is_grieving(draft)


def is_grieving(draft: Draft) -> bool:
    """The two weeks after a crisis."""
    return beside.is_grieving(draft.member.known, draft.moment.day)


def begin_round(draft: Draft) -> list[Ended]:
    """/gruppe: start a round, or what can be done in the running one."""
    if not may_meet(draft):
        return _not_now(draft)
    return open_flow(draft, ROUND, _start_values(draft))


def join_round(draft: Draft, code: str) -> list[Ended]:
    """A link or code of a round."""
    if not may_meet(draft):
        return _not_now(draft)
    called = quoted(draft, draft.member.known.about.name)
    return open_flow(draft, ROUND_JOIN, RoundJoinStart(code=code, called=called, open=draft.channel == "matrix"))


def invite(draft: Draft, code: str) -> list[Ended]:
    """Somebody new has a code: with one tap they take part, without a question. The coach is the other door."""
    join = Button(label=draft.words(text("round/join")), data=invite_data(code), style="primary", key=JOIN_SIGN)
    coach = Button(label=draft.words(text("round/invite-coach")), data="/start", key=COACH_SIGN)
    draft.send(draft.words(text("round/invite")), buttons=((join,), (coach,)), kind=Kind.CHALLENGE, reactions=True)
    return []


def hear_news(draft: Draft, news: RoundNews) -> list[Ended]:
    """The store has decided: remember the round, and say how others find it; or that a movement counted."""
    if news.what in {"gone", "not-in"}:
        draft.record(RoundGone(round=news.round))
    if news.what == "gone":  # the card or the group has said so
        return []
    if news.what in {"made", "joined"}:
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
    way_in = join_picture(news.name, CODE + news.code, draft.catalog) if news.what == "made" else None
    draft.send(draft.words(_told(news)), kind=Kind.CHALLENGE, where=Where.PREFERRED, picture=way_in)
    return []


def _told(news: RoundNews) -> Text:
    name = Text(f"round/name/{news.name}")
    match news.what:
        case "made":
            begins = date.fromisoformat(news.begins)
            return text(
                "round/news-made",
                name=name,
                code=CODE + news.code,
                room_code=ROOM_CODE + news.room_code,
                day=str(begins.day),
                month=str(begins.month),
            )
        case "joined":
            return text("round/news-joined", name=name)
        case "enough" | "counted" | "late" | "not-in":
            return Text(f"round/{news.what}")
        case _:
            return Text("round/news-unknown")


def _not_now(draft: Draft) -> list[Ended]:
    if draft.member.known.lock is not None:
        return open_room(draft)
    draft.send(draft.words(text("round/not-now")))
    return []


def _start_values(draft: Draft) -> RoundStart:
    rules = draft.kit.library.thresholds.challenge
    today = active_day_of(draft.moment.now, draft.member.zone, rules)
    running = [each for each in draft.member.known.rounds if _day_in(each, draft) <= _last_day(each)]
    shared = RoundStart(
        today=today.isoformat(),
        monday=(today + timedelta(days=7 - today.weekday())).isoformat(),
        enough=sum(bool(each.room_code) for each in running) >= rules.rounds_most,
        own_days=rules.own_days,
        goal_percent=rules.goal_percent,
        called=quoted(draft, draft.member.known.about.name),
    )
    if not running:
        return shared
    current = running[-1]
    way_in = join_picture(current.name, CODE + current.code, draft.catalog)
    return replace(
        shared,
        current=current.round,
        day=_day_in(current, draft).isoformat(),
        counts=_day_in(current, draft) >= date.fromisoformat(current.begins),
        name=current.name,
        code=CODE + current.code,
        room_code=ROOM_CODE + current.room_code if current.room_code else "",
        starts=bool(current.room_code),
        way_in=way_in.own,
        way_in_alt=way_in.alt,
    )


def _day_in(known: RoundKnown, draft: Draft) -> date:
    """The day that a movement counts for now: all in a round share one, wherever they are."""
    rules = draft.kit.library.thresholds.challenge
    return active_day_of(draft.moment.now, known.zone or draft.member.zone, rules)


def _last_day(known: RoundKnown) -> date:
    return date.fromisoformat(known.begins) + timedelta(weeks=known.weeks, days=-1)
