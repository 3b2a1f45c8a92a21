"""After words that may be an alarm: the safety line first, then one clarifying question. Unsure counts as yes."""

from dataclasses import dataclass

from bot.dialogue.facts import AlarmAnswered, Disposed
from bot.dialogue.flows.screening import YesNoUnsure
from bot.dialogue.messages import Kind
from bot.dialogue.questions import Place, SafetyChoice
from bot.dialogue.steps import Flow, FlowDef, ask, record, say
from bot.dialogue.text import text


@dataclass(frozen=True, slots=True, kw_only=True)
class ClarifyStart:
    """`level` is what the words mean if they are affirmed; `number` is whom to call meanwhile."""

    level: str
    category: str
    number: str


def _clarify(start: ClarifyStart) -> Flow[bool]:
    """Ask once; returns whether the alarm stands."""
    answer = yield from ask(
        SafetyChoice(
            id="clarify",
            text=text(f"clarify/{start.level}", question=text(f"clarify/about/{start.category}"), number=start.number),
            options=tuple(YesNoUnsure),
            labels="clarify/answer",
            row=3,
            place=Place.BELOW,
            kind=Kind.EMERGENCY,
            back=False,
            done="clarify/done",
        )
    )
    answered = AlarmAnswered(level=start.level, category=start.category, answer=answer.value)
    yield from record(answered, at_once=True)
    if answer is YesNoUnsure.NO:
        yield from say(text("clarify/calm"))
        return False
    yield from record(Disposed(disposition=start.level, items=(start.category,)), at_once=True)
    return True


CLARIFY: FlowDef[ClarifyStart, bool] = FlowDef(
    name="clarify",
    start=ClarifyStart,
    body=_clarify,
    results=(True, False),
    samples=tuple(
        ClarifyStart(level=level, category=category, number=number)
        for level, category, number in (
            ("emergency", "cauda_equina", "112"),
            ("urgent", "infection", "116117"),
            ("crisis", "suicidal", "112"),
        )
    ),
    parkable=False,
)
