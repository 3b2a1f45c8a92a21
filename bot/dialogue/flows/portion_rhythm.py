"""How much it may be: days a week, minutes a day, and the pain of an average day."""

from bot.dialogue.amounts import Amount
from bot.dialogue.contact import WEEK as EVERY
from bot.dialogue.contact import named_days
from bot.dialogue.flows.portion import Kept, Portion, PortionStart, begin_asking, keep
from bot.dialogue.questions import Question, Scale
from bot.dialogue.steps import Flow, FlowDef, say
from bot.dialogue.text import text

_QUESTIONS: dict[str, tuple[str, Question[int]]] = {
    Portion.DAYS: (
        "days_per_week",
        Scale(id="days", text=text("portion/days"), low=1, high=7, done="portion/days-done"),
    ),
    Portion.AVERAGE: (
        "average",
        Scale(id="average", of_pain=True, text=text("portion/average"), done="portion/average-done"),
    ),
    Portion.MINUTES: (
        "minutes",
        Amount(
            id="minutes",
            text=text("portion/minutes"),
            offers=(3, 5, 10, 15, 20, 30),
            low=2,
            high=60,
            done="portion/minutes-done",
        ),
    ),
}


def _rhythm(start: PortionStart) -> Flow[Kept]:
    field, question = _QUESTIONS[start.portion]
    value = yield from begin_asking(question, second=start.second)
    kept = yield from keep(field, value)
    if start.portion == Portion.DAYS and value is not None:
        every = value == EVERY
        yield from say(text("portion/days-all") if every else text("portion/days-named", days=named_days(value)))
    return kept


PORTION_RHYTHM: FlowDef[PortionStart, Kept] = FlowDef(
    name="portion-rhythm",
    start=PortionStart,
    body=_rhythm,
    results=(Kept.ANSWERED, Kept.LATER),
    samples=tuple(PortionStart(portion=portion) for portion in _QUESTIONS),
)
