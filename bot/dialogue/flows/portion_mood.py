"""Mood, around week four and by its own consent: the two questions of the PHQ-2 (free to use), once a month at most.

A low mood gets kind words and a way to people; a very low one is followed by one direct question (see `agenda`).
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.dialogue.facts import Consented, MoodAnswered, ProfileAnswered
from bot.dialogue.flows.portion import Kept, ask_on, begin_asking
from bot.dialogue.questions import Choice
from bot.dialogue.steps import Flow, FlowDef, record, say
from bot.dialogue.text import Text, text

MOOD_WORDING = 1


class MoodConsent(StrEnum):
    YES = "yes"
    NO = "no"


class HowOften(StrEnum):
    """In the last two weeks; worth 0 to 3."""

    NEVER = "never"
    DAYS = "days"
    HALF = "half"
    MOST = "most"


@dataclass(frozen=True, slots=True, kw_only=True)
class MoodStart:
    """`consented`: asked before. Sums from which a card, a way to people, or one direct question follows."""

    consented: bool = False
    second: bool = False
    some: int = 2
    low: int = 3
    heavy: int = 5
    doctor: str = "116117"
    mood: str = "0800 3344533"
    crisis: str = "0800 1110111"
    emergency: str = "112"


def _mood(start: MoodStart) -> Flow[Kept]:
    if not start.consented:
        agreed = yield from begin_asking(
            Choice(
                id="mood-consent",
                text=text("portion/mood"),
                options=tuple(MoodConsent),
                labels="portion/mood-reply",
                done="portion/mood-done",
            ),
            second=start.second,
        )
        if agreed is None:
            return Kept.LATER
        yield from record(ProfileAnswered(field="mood", value=agreed.value))
        if agreed is MoodConsent.NO:
            return Kept.ANSWERED
        yield from record(Consented(purpose="mood", wording=MOOD_WORDING))
    first = _often("mood-interest", text("portion/mood-interest"))
    if start.consented:
        interest = yield from begin_asking(first, second=start.second)
    else:
        interest = yield from ask_on(first)
    if interest is None:
        return Kept.LATER
    low = yield from ask_on(_often("mood-low", text("portion/mood-low")))
    if low is None:
        return Kept.LATER
    told = MoodAnswered(interest=_points(interest), low=_points(low))
    yield from record(told)
    return (yield from _answer(start, told.interest + told.low))


def _often(name: str, what: Text) -> Choice[HowOften]:
    return Choice(
        id=name, text=what, options=tuple(HowOften), labels="portion/often", row=1, done="portion/mood-answered"
    )


def _points(often: HowOften) -> int:
    return tuple(HowOften).index(often)


def _answer(start: MoodStart, total: int) -> Flow[Kept]:
    if total >= start.low:
        yield from say(
            text(
                "portion/mood-low-answer",
                doctor=start.doctor,
                mood=start.mood,
                crisis=start.crisis,
                emergency=start.emergency,
            )
        )
        return Kept.HEAVY if total >= start.heavy else Kept.ANSWERED
    yield from say(text("portion/mood-some" if total >= start.some else "portion/mood-fine"), links=("learn",))
    return Kept.ANSWERED


PORTION_MOOD: FlowDef[MoodStart, Kept] = FlowDef(
    name="portion-mood",
    start=MoodStart,
    body=_mood,
    results=(Kept.ANSWERED, Kept.LATER, Kept.HEAVY),
    samples=(MoodStart(), MoodStart(consented=True), MoodStart(consented=True, low=2, heavy=3)),
)
