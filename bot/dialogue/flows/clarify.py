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
    """`level` is what the words mean if they are affirmed; `number` is whom to call meanwhile.

    `others`: level and category of earlier words whose question has no answer yet.
    """

    level: str
    category: str
    number: str
    others: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clarified:
    """Whether an alarm stands. `others`: what was left to ask when it was affirmed."""

    stands: bool
    others: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return "alarm" if self.stands else "calm"


def _clarify(start: ClarifyStart) -> Flow[Clarified]:
    """Ask once about each. What is affirmed comes first; what is left is asked beneath its text."""
    asked = ((start.level, start.category), *start.others)
    for number, (level, category) in enumerate(asked, start=1):
        answer = yield from ask(
            SafetyChoice(
                id="clarify",
                text=text(f"clarify/{level}", question=text(f"clarify/about/{category}"), number=start.number),
                options=tuple(YesNoUnsure),
                labels="clarify/answer",
                row=3,
                place=Place.BELOW,
                kind=Kind.EMERGENCY,
                back=False,
                done="clarify/done",
            )
        )
        yield from record(AlarmAnswered(level=level, category=category, answer=answer.value), at_once=True)
        if answer is not YesNoUnsure.NO:
            yield from record(Disposed(disposition=level, items=(category,), heard=True), at_once=True)
            return Clarified(stands=True, others=asked[number:])
    yield from say(text("clarify/calm"))
    return Clarified(stands=False)


CLARIFY: FlowDef[ClarifyStart, Clarified] = FlowDef(
    name="clarify",
    start=ClarifyStart,
    body=_clarify,
    results=(
        Clarified(stands=True),
        Clarified(stands=False),
    ),
    samples=(
        *(
            ClarifyStart(level=level, category=category, number=number)
            for level, category, number in (
                ("emergency", "cauda_equina", "112"),
                ("urgent", "infection", "116117"),
                ("crisis", "suicidal", "112"),
            )
        ),
        ClarifyStart(level="crisis", category="suicidal", number="112", others=(("urgent", "infection"),)),
    ),
    parkable=False,
)
