"""Measuring oneself instead of exercising: one test after the other, each with its picture; anything may be left out.

It ends at once where it hurts: that is remembered, and new pain down the leg brings the lists (invariant I11). What was
measured until then counts.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.dialogue.amounts import Amount
from bot.dialogue.facts import ListsDue, PainReported, SelfTested
from bot.dialogue.flows.screening import SAMPLE_SCREENING, SCREENING, ScreeningStart
from bot.dialogue.flows.session_exercise import Quality
from bot.dialogue.messages import Form, Kind, Picture
from bot.dialogue.questions import Choice, Place, Scale
from bot.dialogue.steps import Flow, FlowDef, ask, ask_or_skip, record, run, say
from bot.dialogue.text import Text, text


class Ready(StrEnum):
    GO = "go"
    LATER = "later"


class Left(StrEnum):
    """Why a test was left out."""

    NOT = "not"
    HURT = "hurt"


class Measured(StrEnum):
    DONE = "done"
    LATER = "later"
    HURT = "hurt"
    TOO_MUCH = "too-much"  # more pain than may be, before or after
    LOCKED = "test-locked"


@dataclass(frozen=True, slots=True, kw_only=True)
class TestItem:
    """`unit`: seconds or times; `level`: the form it is done in."""

    test: str
    exercise: str
    level: int
    unit: str
    cap: int
    offers: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfTestStart:
    """`stop_pain`: above it nothing is measured; `rise`: so much more afterwards was too much."""

    items: tuple[TestItem, ...]
    stop_pain: int
    rise: int
    screening: ScreeningStart = SAMPLE_SCREENING


def _selftest(start: SelfTestStart) -> Flow[Measured]:
    ready = yield from ask(
        Choice(
            id="selftest-ready",
            reactable=True,
            text=text("selftest/intro", tests=len(start.items)),
            options=tuple(Ready),
            labels="selftest/ready",
            place=Place.BELOW,
            back=False,
            kind=Kind.EXERCISE,
        )
    )
    if ready is Ready.LATER:
        yield from say(text("selftest/later"))
        return Measured.LATER
    before = yield from ask(_pain("selftest-before", text("selftest/before")))
    yield from record(PainReported(when="now", value=before))
    if before > start.stop_pain:
        yield from say(text("selftest/not-today"), links=("hurts", "news"))
        return Measured.TOO_MUCH
    for number, item in enumerate(start.items, start=1):
        ended = yield from _one(start, item, number)
        if ended is not None:
            return ended
    after = yield from ask(_pain("selftest-after", text("selftest/after")))
    yield from record(PainReported(when="now", value=after))
    if after > start.stop_pain or after - before >= start.rise:
        yield from say(text("selftest/too-much"), links=("hurts", "news"))
        return Measured.TOO_MUCH
    return Measured.DONE


def _one(start: SelfTestStart, item: TestItem, number: int) -> Flow[Measured | None]:
    """How the tests end where it hurt; None: they go on."""
    value = yield from ask_or_skip(
        Amount(
            id=f"selftest-{item.test}",
            text=text(
                f"selftest/ask-{item.unit}",
                name=Text(f"selftest/{item.test}/name"),
                form=Text(f"exercise/{item.exercise}/level-{item.level}/name"),
                how=Text(f"selftest/{item.test}/how"),
                cap=item.cap,
                number=number,
                of=len(start.items),
            ),
            offers=item.offers,
            low=0,
            high=item.cap,
            picture=Picture(figure=item.exercise, level=item.level, form=Form.STILL),
            kind=Kind.EXERCISE,
            done=f"selftest/done-{item.unit}",
            skip="selftest/skip",
        )
    )
    if value is None:
        left = yield from ask(
            Choice(
                id=f"selftest-{item.test}-left",
                text=text("selftest/left"),
                options=tuple(Left),
                labels="selftest/left-reply",
            )
        )
        return (yield from _hurt(start, item)) if left is Left.HURT else None
    yield from record(SelfTested(test=item.test, level=item.level, value=value))
    return None


def _hurt(start: SelfTestStart, item: TestItem) -> Flow[Measured | None]:
    """Asked twice at most, as behind an exercise."""
    felt = yield from ask(
        Choice(
            id=f"selftest-{item.test}-quality",
            text=text("session/hurt"),
            options=tuple(Quality),
            labels="session/quality",
            place=Place.BELOW,
        )
    )
    if felt is Quality.BURN:
        yield from say(text("session/burn"))
        return None
    yield from record(SelfTested(test=item.test, level=item.level, value=0, stopped=True), at_once=True)
    if felt is Quality.UNWELL:
        yield from say(text("session/unwell"), links=("emergency", "news"))
        return Measured.HURT
    if felt is Quality.LEG:
        yield from record(ListsDue(), at_once=True)
        yield from say(text("session/leg"))
        judged = yield from run(SCREENING, start.screening)
        if judged.locked:
            return Measured.LOCKED
    else:
        much = yield from ask(_pain("selftest-much", text("session/hurt-much")))
        yield from record(PainReported(when="now", value=much))
    yield from say(text("selftest/hurt"), links=("hurts", "news"))
    return Measured.HURT


def _pain(question: str, words: Text) -> Scale:
    return Scale(id=question, of_pain=True, text=words, done="selftest/pain-done")


_SAMPLE = SelfTestStart(
    items=(
        TestItem(test="plank", exercise="unterarmstuetz", level=1, unit="seconds", cap=60, offers=(5, 10, 20)),
        TestItem(test="chair", exercise="kniebeuge", level=1, unit="times", cap=20, offers=(4, 6, 8)),
    ),
    stop_pain=5,
    rise=2,
)
SELFTEST: FlowDef[SelfTestStart, Measured] = FlowDef(
    name="selftest",
    start=SelfTestStart,
    body=_selftest,
    results=tuple(Measured),
    samples=(_SAMPLE,),
    keeps=True,
    kind=Kind.EXERCISE,
)
