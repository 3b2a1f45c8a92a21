"""Setting up a round, and changing it: each part is asked, then all of it is shown before anybody else sees it."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from bot.coach.challenge import suggest_goal
from bot.dialogue.amounts import Amount
from bot.dialogue.dates import date_text
from bot.dialogue.facts_rounds import RoundWished
from bot.dialogue.flows.round_joining import Mine, ask_mine, choice
from bot.dialogue.messages import Kind
from bot.dialogue.questions import Place
from bot.dialogue.round_questions import FirstDay, Goal, RoundNamed, name_text
from bot.dialogue.steps import Flow, ask, record, say
from bot.dialogue.text import Joined, Text, text

PEOPLE = (5, 10, 20, 50)  # about so many take part: a goal is offered for each
WEEKS = (1, 2, 4, 8, 12)
MOST_WEEKS = 12
HIGHEST_GOAL = 20_000
AHEAD = 28  # days until it begins, at most


class Ready(StrEnum):
    START = "start"
    CHANGE = "change"
    NOT = "not"


class Kept(StrEnum):
    KEEP = "keep"
    MORE = "more"
    DROP = "drop"


class Part(StrEnum):
    NAME = "name"
    WEEKS = "weeks"
    GOAL = "goal"
    BEGIN = "begin"
    MINE = "mine"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """`today`: ISO date. `own_days`, `goal_percent`, `jokers`: the numbers behind a goal and a week."""

    today: str
    own_days: int = 3
    goal_percent: int = 70
    jokers: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What all in a round agree on. `week`: the one that runs, which no change can undo."""

    name: str
    weeks: int
    goal: int
    begins: date
    week: int = 1


def set_up(rules: Rules, called: str, *, guest: bool) -> Flow[bool]:
    """False when nothing was started."""
    name = yield from _ask_name(Text("round/ask-name"))
    weeks = yield from _ask_weeks(1)
    goal = yield from _ask_goal(rules, weeks)
    agreed = Agreed(name=name, weeks=weeks, goal=goal, begins=(yield from _ask_begin(rules)))
    mine = yield from ask_mine(called, guest=guest)
    while True:
        summary = Joined((*_lines(agreed), *_own_lines(mine, guest=guest), text("round/jokers", count=rules.jokers)))
        words = text("round/summary", lines=summary)
        ready = yield from ask(choice("round-ready", words, tuple(Ready), labels="round/ready"))
        if ready is Ready.NOT:
            yield from say(text("round/not-started"), kind=Kind.CHALLENGE)
            return False
        if ready is Ready.START:
            wished = RoundWished(
                name=agreed.name,
                weeks=agreed.weeks,
                goal=agreed.goal,
                begins=agreed.begins.isoformat(),
                shown=mine.shown,
                shares=mine.shares,
                guest=guest,
            )
            yield from record(wished)
            return True
        part = yield from _ask_part((Part.NAME, Part.WEEKS, Part.GOAL, Part.BEGIN, Part.MINE, Part.NONE))
        if part is Part.MINE:
            mine = yield from ask_mine(called, guest=guest)
        else:
            agreed = yield from _other(rules, agreed, part)


def change(rules: Rules, before: Agreed, *, begun: bool) -> Flow[Agreed | None]:
    """What is to be agreed from now on; nothing if it stays."""
    agreed = before
    while True:
        when = () if begun else (Part.BEGIN,)
        part = yield from _ask_part((Part.NAME, Part.WEEKS, Part.GOAL, *when, Part.NONE))
        if part is Part.NONE and agreed == before:
            return None
        agreed = yield from _other(rules, agreed, part)
        words = text("round/summary", lines=Joined(_lines(agreed)))
        match (yield from ask(choice("round-keep", words, tuple(Kept), labels="round/keep"))):
            case Kept.KEEP:
                return agreed
            case Kept.DROP:
                return None
            case Kept.MORE:
                pass


def _ask_part(parts: tuple[Part, ...]) -> Flow[Part]:
    return (yield from ask(choice("round-part", text("round/ask-part"), parts, labels="round/part")))


def _other(rules: Rules, agreed: Agreed, part: Part) -> Flow[Agreed]:
    """Another length asks for another goal as well."""
    match part:
        case Part.NAME:
            return replace(agreed, name=(yield from _ask_name(Text("round/ask-other-name"))))
        case Part.WEEKS:
            weeks = yield from _ask_weeks(agreed.week)
            return replace(agreed, weeks=weeks, goal=(yield from _ask_goal(rules, weeks)))
        case Part.GOAL:
            return replace(agreed, goal=(yield from _ask_goal(rules, agreed.weeks)))
        case Part.BEGIN:
            return replace(agreed, begins=(yield from _ask_begin(rules)))
        case _:
            return agreed


def _ask_name(words: Text) -> Flow[str]:
    return (yield from ask(RoundNamed(id="round-name", text=words, place=Place.BELOW, kind=Kind.CHALLENGE)))


def _ask_weeks(least: int) -> Flow[int]:
    return (
        yield from ask(
            Amount(
                id="round-weeks",
                text=text("round/ask-weeks", least=least, most=MOST_WEEKS),
                offers=tuple(weeks for weeks in WEEKS if weeks >= least),
                low=least,
                high=MOST_WEEKS,
                place=Place.BELOW,
                kind=Kind.CHALLENGE,
            )
        )
    )


def _ask_goal(rules: Rules, weeks: int) -> Flow[int]:
    offers = tuple(
        suggest_goal(people, weeks, own_days=rules.own_days, goal_percent=rules.goal_percent) for people in PEOPLE
    )
    return (
        yield from ask(
            Goal(
                id="round-goal",
                text=text("round/ask-goal"),
                offers=offers,
                people=PEOPLE,
                low=1,
                high=HIGHEST_GOAL,
                place=Place.BELOW,
                kind=Kind.CHALLENGE,
            )
        )
    )


def _ask_begin(rules: Rules) -> Flow[date]:
    return (
        yield from ask(
            FirstDay(
                id="round-begin",
                text=text("round/ask-begin", ahead=AHEAD // 7),
                today=rules.today,
                ahead=AHEAD,
                place=Place.BELOW,
                kind=Kind.CHALLENGE,
            )
        )
    )


def _lines(agreed: Agreed) -> tuple[Text, ...]:
    return (
        text("round/line-name", name=name_text(agreed.name)),
        text("round/line-weeks", count=agreed.weeks, day=date_text(agreed.begins)),
        text("round/line-goal", count=agreed.goal),
    )


def _own_lines(mine: Mine, *, guest: bool) -> tuple[Text, ...]:
    counts = () if guest else (Text("round/line-shares" if mine.shares else "round/line-taps"),)
    return (*counts, text("round/line-shown", name=mine.shown) if mine.shown else Text("round/line-unseen"))
