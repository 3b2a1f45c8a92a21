"""Mood, around week four and by its own consent: the two questions of the PHQ-2 (free to use), once a month at most.

A low mood gets kind words and a way to people; a very low one is followed by one direct question (see `agenda`).
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.dialogue.facts import Consented, MoodAnswered, ProfileAnswered
from bot.dialogue.flows.portion import Kept, ask_or_later
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
    some: int = 2
    low: int = 3
    heavy: int = 5
    doctor: str = "116117"
    mood: str = "0800 3344533"
    crisis: str = "0800 1110111"
    emergency: str = "112"


def _mood(start: MoodStart) -> Flow[Kept]:
    if not start.consented:
        agreed = yield from ask_or_later(
            Choice(
                id="mood-consent",
                text=text("portion/mood"),
                options=tuple(MoodConsent),
                labels="portion/mood-reply",
                done="portion/mood-done",
            )
        )
        if agreed is None:
            return Kept.LATER
        yield from record(ProfileAnswered(field="mood", value=agreed.value))
        if agreed is MoodConsent.NO:
            return Kept.ANSWERED
        yield from record(Consented(purpose="mood", wording=MOOD_WORDING))
    interest = yield from _often("mood-interest", text("portion/mood-interest"), first=start.consented)
    if interest is None:
        return Kept.LATER
    low = yield from _often("mood-low", text("portion/mood-low"), first=False)
    if low is None:
        return Kept.LATER
    yield from record(MoodAnswered(interest=interest, low=low))
    return (yield from _answer(start, interest + low))


def _often(name: str, what: Text, *, first: bool) -> Flow[int | None]:
    given = yield from ask_or_later(
        Choice(
            id=name, text=what, options=tuple(HowOften), labels="portion/often", row=1, done="portion/mood-answered"
        ),
        first=first,
    )
    return None if given is None else tuple(HowOften).index(given)


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
