"""Moving together, as a member sets it up: start a round, take part, count today, pass the code on, leave or end it."""

from dataclasses import dataclass
from enum import StrEnum

from bot.coach.challenge import suggest_goal
from bot.dialogue.facts_rounds import RoundJoining, RoundMoved, RoundParted, RoundWished
from bot.dialogue.messages import Kind, Picture
from bot.dialogue.own_words import Named
from bot.dialogue.questions import Choice, Place
from bot.dialogue.steps import Flow, FlowDef, ask, record, say
from bot.dialogue.text import Text, text


class Name(StrEnum):
    """Names to choose from: a group reads them, so nobody types one."""

    ROUND = "round"
    BREAK = "break"
    TEAM = "team"
    FRESH = "fresh"


class People(StrEnum):
    FEW = "few"
    SOME = "some"
    MANY = "many"
    CROWD = "crowd"


PEOPLE = {People.FEW: 5, People.SOME: 10, People.MANY: 20, People.CROWD: 50}


class Weeks(StrEnum):
    ONE = "1"
    TWO = "2"
    FOUR = "4"
    EIGHT = "8"
    TWELVE = "12"


class Begin(StrEnum):
    TODAY = "today"
    MONDAY = "monday"


class Wish(StrEnum):
    MOVED = "moved"
    SHARE = "share"
    NEW = "new"
    LEAVE = "leave"
    END = "end"
    NOTHING = "nothing"


class Sharing(StrEnum):
    YES = "yes"
    NO = "no"


class Shown(StrEnum):
    """Whether a name of theirs stands on the card."""

    CALLED = "called"
    TYPED = "typed"
    NONE = "none"


class Sure(StrEnum):
    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundStart:
    """`current`: the running round the member takes part in, 0 for none; `starts`: they started it themselves.

    Dates are ISO dates: `today` and `monday` are the member's, `day` is the one a movement counts for in the running
    round, if it `counts` already.
    """

    today: str
    monday: str
    current: int = 0
    day: str = ""
    counts: bool = True
    name: str = "round"
    code: str = ""
    room_code: str = ""
    starts: bool = False
    enough: bool = False  # as many running rounds as one member may start
    own_days: int = 3
    goal_percent: int = 70
    called: str = ""  # what the member wants to be called
    way_in: str = ""  # the picture with the code: its values, and what it shows in words
    way_in_alt: str = ""


def _round(start: RoundStart) -> Flow[Wish]:
    wish = Wish.NEW
    if start.current:
        wish = yield from ask(
            Choice(
                id="round-what",
                text=text("round/ask", name=Text(f"round/name/{start.name}")),
                options=tuple(_wishes(start)),
                labels="round/wish",
                row=1,
                place=Place.BELOW,
                kind=Kind.CHALLENGE,
            )
        )
    match wish:
        case Wish.NEW:
            yield from _begin(start)
        case Wish.MOVED:
            # Whether it counted, the store says (`rounding.hear_news`).
            yield from record(RoundMoved(round=start.current, day=start.day or start.today))
        case Wish.SHARE:
            codes = text("round/codes", code=start.code, room_code=start.room_code or "–")
            picture = Picture(figure="chart-join", alt=start.way_in_alt, own=start.way_in) if start.way_in else None
            yield from say(codes, kind=Kind.CHALLENGE, picture=picture)
        case Wish.LEAVE:
            yield from record(RoundParted(round=start.current, ends=False))
            yield from say(text("round/leave-done"), kind=Kind.CHALLENGE)
        case Wish.END:
            return (yield from _end(start))
        case Wish.NOTHING:
            yield from say(text("round/nothing"), kind=Kind.CHALLENGE)
    return wish


def _wishes(start: RoundStart) -> list[Wish]:
    wishes = [Wish.MOVED] if start.counts else []
    if start.code:
        wishes.append(Wish.SHARE)
    if not start.enough:
        wishes.append(Wish.NEW)
    return [*wishes, Wish.END if start.starts else Wish.LEAVE, Wish.NOTHING]


def _begin(start: RoundStart) -> Flow[None]:
    name = yield from ask(_choice("round-name", text("round/ask-name"), tuple(Name), labels="round/name"))
    weeks = yield from ask(_choice("round-weeks", text("round/ask-weeks"), tuple(Weeks), labels="round/weeks"))
    people = yield from ask(_choice("round-people", text("round/ask-people"), tuple(People), labels="round/people"))
    begin = yield from ask(_choice("round-begin", text("round/ask-begin"), tuple(Begin), labels="round/begin"))
    goal = suggest_goal(
        PEOPLE[People(people)], int(weeks.value), own_days=start.own_days, goal_percent=start.goal_percent
    )
    yield from record(
        RoundWished(
            name=name.value,
            weeks=int(weeks.value),
            goal=goal,
            begins=start.today if begin is Begin.TODAY else start.monday,
            shown=(yield from _shown(start.called)),
        )
    )


def _end(start: RoundStart) -> Flow[Wish]:
    """Leaving is one tap; ending is for all, so it is asked once more."""
    sure = yield from ask(_choice("round-sure", text("round/ask-end"), tuple(Sure), labels="round/sure"))
    if sure is Sure.NO:
        yield from say(text("round/stays"), kind=Kind.CHALLENGE)
        return Wish.NOTHING
    yield from record(RoundParted(round=start.current, ends=True))
    yield from say(text("round/end-done"), kind=Kind.CHALLENGE)
    return Wish.END


def _shown(called: str) -> Flow[str]:
    """The name on the card: nobody's stands there unasked, and never with a number."""
    options = tuple(Shown) if called else (Shown.TYPED, Shown.NONE)
    shown = yield from ask(_choice("round-shown", text("round/ask-shown"), options, labels="round/shown"))
    match shown:
        case Shown.CALLED:
            return called
        case Shown.TYPED:
            words = text("round/ask-shown-name")
            return (yield from ask(Named(id="round-shown-name", text=words, place=Place.BELOW, kind=Kind.CHALLENGE)))
        case _:
            return ""


def _choice(identity: str, words: Text, options: tuple[StrEnum, ...], *, labels: str) -> Choice[StrEnum]:
    return Choice(id=identity, text=words, options=options, labels=labels, place=Place.BELOW, kind=Kind.CHALLENGE)


ROUND: FlowDef[RoundStart, Wish] = FlowDef(
    name="round",
    start=RoundStart,
    body=_round,
    results=tuple(Wish),
    samples=(
        RoundStart(today="2026-11-24", monday="2026-11-30"),
        RoundStart(today="2026-11-24", monday="2026-11-30", current=7, code="ABCDE23456", enough=True),
        RoundStart(today="2026-11-24", monday="2026-11-30", current=7, code="A", room_code="B", starts=True),
        RoundStart(today="2026-11-24", monday="2026-11-30", current=7, day="2026-11-24", counts=False),
    ),
    kind=Kind.CHALLENGE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundJoinStart:
    """`open`: a tap in the group would be a reaction that everybody sees, which is said before they take part."""

    code: str
    called: str = ""
    open: bool = False


def _joining(start: RoundJoinStart) -> Flow[Sharing]:
    sharing = yield from ask(
        Choice(
            id="round-sharing",
            text=Text("round/ask-sharing-open" if start.open else "round/ask-sharing"),
            options=tuple(Sharing),
            labels="round/sharing",
            row=1,
            place=Place.BELOW,
            kind=Kind.CHALLENGE,
        )
    )
    shown = yield from _shown(start.called)
    yield from record(RoundJoining(code=start.code, shares=sharing is Sharing.YES, shown=shown))
    return sharing


ROUND_JOIN: FlowDef[RoundJoinStart, Sharing] = FlowDef(
    name="round-join",
    start=RoundJoinStart,
    body=_joining,
    results=tuple(Sharing),
    samples=(RoundJoinStart(code="ABCDE23456"), RoundJoinStart(code="ABCDE23456", called="Kim", open=True)),
    kind=Kind.CHALLENGE,
)
