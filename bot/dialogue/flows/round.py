"""Moving together, as a member or a guest meets it in private: one's rounds, and what can be done in each."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from bot.dialogue.dates import date_text
from bot.dialogue.doors import NO_DOORS, Doors
from bot.dialogue.facts_rounds import RoundAgain, RoundChanged, RoundJoining, RoundMoved, RoundParted
from bot.dialogue.flows.round_joining import ask_mine, choice
from bot.dialogue.flows.round_setup import Agreed, Rules, change, set_up
from bot.dialogue.messages import Kind, Picture
from bot.dialogue.questions import Choice, Place
from bot.dialogue.round_questions import WhichRound, name_text
from bot.dialogue.steps import Flow, FlowDef, ask, record, say
from bot.dialogue.text import Text, text


class Wish(StrEnum):
    MOVED = "moved"
    SHARE = "share"
    AGAIN = "again"
    CHANGE = "change"
    MINE = "mine"
    HOW = "how"
    NEW = "new"
    LEAVE = "leave"
    END = "end"
    NOTHING = "nothing"


class Refused(StrEnum):
    """A guest is under 18, or wants no round after all: like a refused consent."""

    ROUND = "round-refused"


class Adult(StrEnum):
    YES = "yes"
    NO = "no"


class Sure(StrEnum):
    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundHere:
    """One of the person's rounds. Dates are ISO dates; `day` is the one a movement counts for, if it `counts` now.

    `joins`: its code as the store keeps it; `code` and `room_code` as they are typed, the latter with the starter only.
    `week`: the one that runs, 1 before it begins. `granted`: see `RoundSeen`.
    `way_in`: the picture with the code, its values, and what it shows in words.
    """

    round: int
    name: str
    joins: str
    code: str
    day: str
    begins: str
    last: str
    weeks: int
    goal: int
    week: int = 1
    begun: bool = True
    counts: bool = False
    room_code: str = ""
    starts: bool = False
    takes_part: bool = True
    is_over: bool = False
    granted: int = 0
    way_in: str = ""
    way_in_alt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundStart:
    """`today`, `tomorrow`: the person's, as ISO dates. `guest`: without a profile. `more`: may start another one."""

    today: str
    tomorrow: str = ""
    rounds: tuple[RoundHere, ...] = ()
    guest: bool = False
    more: bool = True
    own_days: int = 3
    goal_percent: int = 70
    jokers: int = 2
    called: str = ""  # what the member wants to be called
    doors: Doors = NO_DOORS

    @property
    def rules(self) -> Rules:
        return Rules(today=self.today, own_days=self.own_days, goal_percent=self.goal_percent, jokers=self.jokers)


def _round(start: RoundStart) -> Flow[Wish | Refused]:
    here = yield from _which(start)
    if here is None:
        return (yield from _begin(start))
    wish = yield from ask(
        Choice(
            id="round-what",
            reactable=True,
            text=_standing(here),
            options=tuple(_wishes(start, here)),
            labels="round/wish",
            row=2,
            place=Place.BELOW,
            kind=Kind.CHALLENGE,
        )
    )
    match wish:
        case Wish.NEW:
            return (yield from _begin(start))
        case Wish.CHANGE:
            return (yield from _change(start, here))
        case Wish.MINE:
            mine = yield from ask_mine(start.called, guest=start.guest)
            yield from record(RoundJoining(code=here.joins, shares=mine.shares, shown=mine.shown, anew=True))
        case Wish.LEAVE | Wish.END:
            return (yield from _part(here, wish))
        case _:
            yield from _at_once(start, here, wish)
    return wish


def _which(start: RoundStart) -> Flow[RoundHere | None]:
    if len(start.rounds) < 2:
        return start.rounds[0] if start.rounds else None
    number = yield from ask(
        WhichRound(
            id="round-which",
            text=text("round/ask-which"),
            rounds=tuple((each.round, each.name) for each in start.rounds),
            more=start.more,
            place=Place.BELOW,
            kind=Kind.CHALLENGE,
        )
    )
    return next((each for each in start.rounds if each.round == number), None)


def _wishes(start: RoundStart, here: RoundHere) -> list[Wish]:
    may_change = here.starts or bool(here.granted)
    if here.is_over:
        offered = {Wish.AGAIN: may_change}
    else:
        offered = {
            Wish.MOVED: here.takes_part and here.counts,
            Wish.SHARE: True,
            Wish.CHANGE: may_change,
            Wish.MINE: here.takes_part,
        }
    offered |= {
        Wish.HOW: True,
        Wish.NEW: start.more,
        Wish.LEAVE: here.takes_part and not here.is_over,
        Wish.END: may_change and not here.is_over,
        Wish.NOTHING: True,
    }
    return [wish for wish, is_offered in offered.items() if is_offered]


def _standing(here: RoundHere) -> Text:
    name, last = name_text(here.name), date_text(date.fromisoformat(here.last))
    if here.is_over:
        return text("round/ask-over", name=name)
    if not here.begun:
        begins = date_text(date.fromisoformat(here.begins))
        return text("round/ask-before", name=name, first=begins, last=last, goal=here.goal)
    return text("round/ask", name=name, last=last, goal=here.goal)


def _at_once(start: RoundStart, here: RoundHere, wish: Wish) -> Flow[None]:
    match wish:
        case Wish.MOVED:
            # Whether it counted, the store says (`rounding.hear_news`).
            yield from record(RoundMoved(round=here.round, day=here.day))
        case Wish.SHARE:
            ways = start.doors.ways(here.code)
            codes = text("round/code", ways=ways)
            if here.room_code:
                codes = text("round/codes", ways=ways, room_code=here.room_code)
            picture = Picture(figure="chart-join", alt=here.way_in_alt, own=here.way_in) if here.way_in else None
            yield from say(codes, kind=Kind.CHALLENGE, picture=picture)
        case Wish.AGAIN:
            yield from record(RoundAgain(round=here.round, begins=start.tomorrow, granted=here.granted))
        case Wish.HOW:
            yield from say(text("round/how", jokers=start.jokers), kind=Kind.CHALLENGE, links=("group",))
        case _:
            yield from say(text("round/nothing"), kind=Kind.CHALLENGE)


def _begin(start: RoundStart) -> Flow[Wish | Refused]:
    """Whoever has no profile says here that they are of age, and hears what is kept of them."""
    if start.guest and not start.rounds:  # whoever is in a round has said so, and a no would end that, too
        adult = yield from ask(choice("round-adult", text("round/ask-adult"), tuple(Adult), labels="round/adult"))
        if adult is Adult.NO:
            yield from say(text("round/refused"), kind=Kind.CHALLENGE)
            return Refused.ROUND
    started = yield from set_up(start.rules, start.called, guest=start.guest)
    return Wish.NEW if started else Wish.NOTHING


def _change(start: RoundStart, here: RoundHere) -> Flow[Wish]:
    begins = date.fromisoformat(here.begins)
    before = Agreed(name=here.name, weeks=here.weeks, goal=here.goal, begins=begins, week=here.week)
    agreed = yield from change(start.rules, before, begun=here.begun)
    if agreed is None:
        yield from say(text("round/nothing"), kind=Kind.CHALLENGE)
        return Wish.NOTHING
    changed = RoundChanged(
        round=here.round,
        name=agreed.name,
        weeks=agreed.weeks,
        goal=agreed.goal,
        begins=agreed.begins.isoformat(),
        granted=here.granted,
    )
    yield from record(changed)
    return Wish.CHANGE


def _part(here: RoundHere, wish: Wish) -> Flow[Wish]:
    """Leaving is one tap; ending is for all, and whoever leads gives it out of hand: both are asked once more."""
    ends = wish is Wish.END
    if ends or here.starts:
        words = text("round/ask-end" if ends else "round/ask-leave")
        sure = yield from ask(choice("round-sure", words, tuple(Sure), labels="round/sure"))
        if sure is Sure.NO:
            yield from say(text("round/stays"), kind=Kind.CHALLENGE)
            return Wish.NOTHING
    yield from record(RoundParted(round=here.round, ends=ends, granted=here.granted if ends else 0))
    if not ends:  # what became of an end, the store says
        yield from say(text("round/leave-done"), kind=Kind.CHALLENGE)
    return wish


_SAMPLE = RoundHere(
    round=7,
    name="team",
    joins="ABCDE23456",
    code="g_ABCDE23456",
    day="2026-11-24",
    begins="2026-11-23",
    last="2026-12-06",
    weeks=2,
    goal=42,
    counts=True,
)
_OWN = replace(_SAMPLE, round=8, name="Treppen", room_code="r_ABCDE23456", starts=True, begun=False, counts=False)

ROUND: FlowDef[RoundStart, Wish | Refused] = FlowDef(
    name="round",
    start=RoundStart,
    body=_round,
    results=(*Wish, *Refused),
    samples=(
        RoundStart(today="2026-11-24", tomorrow="2026-11-25"),
        RoundStart(today="2026-11-24", tomorrow="2026-11-25", guest=True),
        RoundStart(today="2026-11-24", tomorrow="2026-11-25", rounds=(_SAMPLE,), more=False),
        RoundStart(today="2026-11-24", tomorrow="2026-11-25", rounds=(replace(_SAMPLE, granted=1), _OWN), called="Kim"),
        RoundStart(today="2026-12-08", tomorrow="2026-12-09", rounds=(replace(_OWN, is_over=True),)),
    ),
    kind=Kind.CHALLENGE,
)
