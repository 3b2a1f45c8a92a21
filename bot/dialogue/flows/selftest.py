"""Measuring oneself instead of exercising: one test after the other, each with its picture; anything may be left out.

It ends at once where it hurts. What was measured until then counts.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.dialogue.amounts import Amount
from bot.dialogue.facts import PainReported, SelfTested
from bot.dialogue.messages import Form, Kind, Picture
from bot.dialogue.questions import Choice, Place, Scale
from bot.dialogue.steps import Flow, FlowDef, ask, ask_or_skip, record, say
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
        if (yield from _one(item, number, len(start.items))):
            yield from say(text("selftest/hurt"), links=("hurts", "news"))
            return Measured.HURT
    after = yield from ask(_pain("selftest-after", text("selftest/after")))
    yield from record(PainReported(when="now", value=after))
    if after > start.stop_pain or after - before >= start.rise:
        yield from say(text("selftest/too-much"), links=("hurts", "news"))
        return Measured.TOO_MUCH
    return Measured.DONE


def _one(item: TestItem, number: int, of: int) -> Flow[bool]:
    """True where it hurt."""
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
                of=of,
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
        return left is Left.HURT
    yield from record(SelfTested(test=item.test, level=item.level, value=value))
    return False


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
