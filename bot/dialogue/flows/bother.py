"""After two weeks: what bothers you about me? Acted on at once, and said so."""

from dataclasses import dataclass
from enum import StrEnum

from bot.dialogue.facts import ProfileAnswered
from bot.dialogue.questions import Choice, Place
from bot.dialogue.steps import Flow, FlowDef, ask, record, say
from bot.dialogue.text import text


class Bother(StrEnum):
    OFTEN = "often"
    QUESTIONS = "questions"
    EASY = "easy"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class BotherStart:
    """`minutes`: a day at present; `more`: the next length, the same where there is none; `fewer`: days a week."""

    minutes: int = 3
    more: int = 5
    fewer: int = 3


def _bother(start: BotherStart) -> Flow[Bother]:
    chosen = yield from ask(
        Choice(
            id="bother",
            reactable=True,
            text=text("bother/ask"),
            options=tuple(Bother),
            labels="bother/reply",
            place=Place.BELOW,
            back=False,
            done="bother/done",
        )
    )
    yield from record(ProfileAnswered(field="bother", value=chosen.value))
    match chosen:
        case Bother.OFTEN:
            yield from record(ProfileAnswered(field="days_per_week", value=str(start.fewer)))
            yield from say(text("bother/often", count=start.fewer), links=("settings",))
        case Bother.QUESTIONS:
            yield from record(ProfileAnswered(field="questions", value="few"))
            yield from say(text("bother/questions"))
        case Bother.EASY if start.more > start.minutes:
            yield from record(ProfileAnswered(field="minutes", value=str(start.more)))
            yield from say(text("bother/easy", minutes=start.minutes, more=start.more), links=("settings",))
        case Bother.EASY:
            yield from say(text("bother/easy-already"), links=("why",))
        case Bother.NOTHING:
            yield from say(text("bother/nothing"))
    return chosen


BOTHER: FlowDef[BotherStart, Bother] = FlowDef(
    name="bother",
    start=BotherStart,
    body=_bother,
    results=tuple(Bother),
    samples=(BotherStart(), BotherStart(minutes=30, more=30)),
)
