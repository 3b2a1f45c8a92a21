"""`rueckgrat rules triage`: screening answers to a disposition with its reasons (DESIGN 8).

Lines that are not answered count as no here, as a form would hold them; an answer of null stays unanswered, and then
nothing milder than doctor_first comes out. The same holds for a missing age.
"""

from typing import Any

from pydantic import Field

from bot.coach.alarm import Alarm, AlarmLevel
from bot.coach.disposition import Disposition
from bot.coach.screening import AGE_ITEM, Answer, Reason, Triage, TriageFacts, UnknownItemError, triage, with_reasons
from bot.library.library import Library
from bot.library.screening import Episode
from bot.runtime.kitting import Kitted
from bot.shell.fields import Age, Points
from bot.shell.lines import Asked, LineError

TEXT = "text"


class TriageAsked(Asked):
    age: Age = None
    answers: dict[str, Answer | None] = Field(default_factory=dict)
    tags: tuple[str, ...] = ()
    episode: Episode | None = None
    pain_now: Points | None = None
    pain_average: Points | None = None
    text: str | None = None


def answer_triage(asked: TriageAsked, kitted: Kitted) -> dict[str, Any]:
    found = judge(asked, kitted)
    return {
        "disposition": (found.disposition or Disposition.DOCTOR_FIRST).value,
        "reasons": [
            {"item": each.item, "disposition": each.disposition.value, "source": each.source} for each in found.reasons
        ],
        "tags": sorted(found.tags),
    }


def judge(asked: TriageAsked, kitted: Kitted) -> Triage:
    library = kitted.kit.library
    known_tags(asked.tags, library, "tags")
    silent = {item.id: Answer.NO for item in library.screening.items if item.id not in asked.answers}
    given = {item: answer for item, answer in asked.answers.items() if answer is not None}
    facts = TriageFacts(age=asked.age, episode=asked.episode, tags=frozenset(asked.tags))
    try:
        found = triage({**silent, **given}, facts, library)
    except UnknownItemError as error:
        raise LineError(f"answers: there is no question {error}") from None
    alarm = kitted.detector.check(asked.text or "")
    if alarm.level is not AlarmLevel.NONE:
        found = with_reasons(found, _reason(alarm))
    return found if found.disposition else with_reasons(found, *_open(found, library))


def known_tags(tags: tuple[str, ...], library: Library, field: str) -> None:
    """Raises LineError: a tag that nobody knows would leave out nothing."""
    if unknown := sorted(set(tags) - library.tags.keys()):
        raise LineError(f"{field}: there is no tag {', '.join(unknown)}; there are {', '.join(library.tags)}")


def _reason(alarm: Alarm) -> Reason:
    """An alarm that would first be asked about has the level it would have if affirmed: nobody can ask here."""
    return Reason(TEXT, Disposition(alarm.level.value), f"alarm:{alarm.rule}")


def _open(found: Triage, library: Library) -> list[Reason]:
    """What is unanswered, as the reason why nothing milder comes out."""
    sources = {item.id: item.sources[0] for item in library.screening.items}
    sources[AGE_ITEM] = library.screening.ages[0].sources[0]
    return [Reason(item, Disposition.DOCTOR_FIRST, sources[item]) for item in found.hard_open]
