"""Sunday's check, within 90 seconds: numbers, the lists, the week as one picture, the next goal, one new thing.

Every number may be skipped; a skipped number only keeps loads from rising. Who wants few questions is asked one number.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.dialogue.facts import PortionAsked, ProfileAnswered, WeekChecked
from bot.dialogue.flows.changes import CHANGES as ON_TOP
from bot.dialogue.flows.changes import SAMPLE_CHANGES, Changed, ChangesStart
from bot.dialogue.flows.portion_person import OWN_CHIPS
from bot.dialogue.flows.screening import SAMPLE_SCREENING, SCREENING, ScreeningStart, YesNoUnsure
from bot.dialogue.messages import Kind, Picture
from bot.dialogue.own_words import as_words
from bot.dialogue.questions import Choice, Place, SafetyChoice, Scale
from bot.dialogue.steps import Flow, FlowDef, ask, ask_or_skip, record, run, say
from bot.dialogue.text import Joined, Text, text

MOST_DAYS = 7
NEWS = ("cards", "together", "walk", "other", "test")  # what is announced before exercises that come next


class Goal(StrEnum):
    SAME = "same"
    MORE = "more"
    FEWER = "fewer"


class Desk(StrEnum):
    YES = "yes"
    NO = "no"


class WeekEnd(StrEnum):
    CHECKED = "week-checked"
    LOCKED = "week-locked"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekStart:
    """`courses[n]`: better, same, worse or unknown against last time when this week's pain is n; `before`: that time.

    `own`: the activity that should go better, as it was kept. `short`: few questions.
    `advised`: the sum of the three numbers from which a practice is recommended. `changes`: exercise and what happened
    to it this week (`CHANGES`). `offers_desk`: breaks at the desk are this week's new thing. `news`: one of `NEWS`, or
    `coming`: an exercise; `announces`: under which name it is kept that it was said.
    """

    courses: tuple[str, ...] = ("unknown",) * 11
    before: int | None = None
    own: str = ""
    short: bool = False
    advised: int | None = None
    done: int = 0
    goal: int = 3
    changes: tuple[tuple[str, str], ...] = ()
    offers_desk: bool = False
    news: str = ""
    coming: str = ""
    announces: str = ""
    picture: Picture | None = None
    screening: ScreeningStart = SAMPLE_SCREENING
    other: ScreeningStart | None = None  # list 4 where the week brought something else, and what to mind then
    on_top: ChangesStart | None = None


CHANGES = ("up", "down", "new", "rest", "turn")


def _week(start: WeekStart) -> Flow[WeekEnd]:
    told = yield from _numbers(start)
    judged = yield from run(SCREENING, start.screening)
    if judged.locked or not (yield from _else(start)):
        return WeekEnd.LOCKED
    yield from say(_summary(start, told), picture=start.picture, kind=Kind.PLAN, links=("why", "news"))
    if start.advised is not None and _total(told) >= start.advised:
        yield from say(text("week/advice"))
    goal = start.goal if start.short else (yield from _goal(start))
    if start.offers_desk:
        yield from _offer_desk(goal)
    else:
        if start.announces:
            yield from record(PortionAsked(portion=start.announces))
        yield from say(_outlook(start, goal), kind=Kind.PLAN)
    return WeekEnd.CHECKED


def _else(start: WeekStart) -> Flow[bool]:
    """A fall, an illness, an operation, pregnancy, a medicine: each asked about only where there was any."""
    if start.other is None or start.on_top is None:
        return True
    new = yield from ask(
        SafetyChoice(
            id="week-else",
            text=text("week/else"),
            options=tuple(YesNoUnsure),
            labels="screening/single",
            row=3,
            done="screening/line-done",
        )
    )
    if new is YesNoUnsure.NO:
        return True
    judged = yield from run(SCREENING, start.other)
    return not judged.locked and (yield from run(ON_TOP, start.on_top)) is not Changed.LOCKED


def _numbers(start: WeekStart) -> Flow[WeekChecked]:
    """Pain, joy and everyday life, and how well the own activity goes."""
    pain = yield from _number("week-pain", text("week/pain"), done="week/done-pain")
    enjoyment = activity = own = None
    if not start.short:
        enjoyment = yield from _number("week-enjoyment", text("week/enjoyment"), done="week/done-enjoyment")
        activity = yield from _number("week-activity", text("week/activity"), done="week/done-activity")
        if start.own:
            own = yield from _number(
                "week-own", text("week/own", activity=as_words(OWN_CHIPS, start.own)), done="week/done-own"
            )
    told = WeekChecked(pain=pain, enjoyment=enjoyment, activity=activity, own=own)
    yield from record(told)
    return told


def _number(name: str, what: Text, *, done: str) -> Flow[int | None]:
    return (yield from ask_or_skip(Scale(id=name, text=what, done=done)))


def _total(told: WeekChecked) -> int:
    """Of the three numbers; -1 unless all are known."""
    if told.pain is None or told.enjoyment is None or told.activity is None:
        return -1
    return told.pain + told.enjoyment + told.activity


def _summary(start: WeekStart, told: WeekChecked) -> Text:
    """Days, pain beside the last time, what changed and why: the lines below the picture."""
    lines = [text("week/days", count=start.done)]
    course = start.courses[told.pain] if told.pain is not None else "unknown"
    if told.pain is not None and start.before is not None and course != "unknown":
        lines.append(text(f"week/course-{course}", pain=told.pain, before=start.before))
    lines += [
        text(f"week/changed-{change}", exercise=Text(f"exercise/{exercise}/name")) for exercise, change in start.changes
    ] or [text("week/steady")]
    return text("week/summary", lines=Joined(tuple(lines)))


def _goal(start: WeekStart) -> Flow[int]:
    options = [Goal.SAME]
    if start.goal < MOST_DAYS:
        options.append(Goal.MORE)
    if start.goal > 1:
        options.append(Goal.FEWER)
    chosen = yield from ask(
        Choice(
            id="week-goal",
            reactable=True,
            text=text("week/goal", count=start.goal),
            options=tuple(options),
            labels="week/goal-reply",
            row=1,
            place=Place.BELOW,
            done="week/goal-done",
        )
    )
    goal = start.goal + {Goal.SAME: 0, Goal.MORE: 1, Goal.FEWER: -1}[chosen]
    yield from record(ProfileAnswered(field="days_per_week", value=str(goal)))
    return goal


def _offer_desk(goal: int) -> Flow[None]:
    """Asked once; the settings hold it later on."""
    chosen = yield from ask(
        Choice(
            id="desk-offer",
            reactable=True,
            text=text("desk/offer", count=goal),
            options=tuple(Desk),
            labels="desk/offer-reply",
            place=Place.BELOW,
            done="desk/offer-done",
        )
    )
    wanted = chosen is Desk.YES
    yield from record(ProfileAnswered(field="desk", value="on" if wanted else "off"))
    yield from say(text("desk/offer-yes" if wanted else "desk/offer-no"))


def _outlook(start: WeekStart, goal: int) -> Text:
    """Next week's goal, and one new thing."""
    if start.news:
        return text("week/outlook-new", count=goal, new=text(f"week/new-{start.news}"))
    if start.coming:
        new = text("week/new-exercise", name=Text(f"exercise/{start.coming}/name"))
        return text("week/outlook-new", count=goal, new=new)
    return text("week/outlook", count=goal)


WEEK: FlowDef[WeekStart, WeekEnd] = FlowDef(
    name="week",
    start=WeekStart,
    body=_week,
    results=tuple(WeekEnd),
    samples=(
        WeekStart(offers_desk=True),
        WeekStart(
            courses=("better",) * 3 + ("same",) * 4 + ("worse",) * 4,
            before=5,
            own="Treppe steigen",
            advised=12,
            done=2,
            coming="bruecke",
            announces="beside-news-bruecke",
            changes=(("bruecke", "up"), ("beckenkippen", "down")),
        ),
        WeekStart(goal=7, news="cards", changes=(("bruecke", "new"), ("beckenkippen", "rest"))),
        WeekStart(goal=1, news="together", other=SAMPLE_SCREENING, on_top=SAMPLE_CHANGES),
        WeekStart(short=True, news="walk"),
    ),
    keeps=True,
    kind=Kind.PLAN,
)
