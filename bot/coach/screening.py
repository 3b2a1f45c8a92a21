"""Triage: from the answers to the red-flag questions to one disposition with its reasons.

An unanswered question is never a no: while a hard one is open, nothing milder than doctor_first comes out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.coach.disposition import Disposition, forbids_exercise, gravity, worst
from bot.library.library import Library
from bot.library.screening import AgeBand, Episode, Item, Screening

AGE_ITEM = "age"  # the question that has no rf_ id


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    UNSURE = "unsure"  # still unsure after one more question
    KNOWN = "known"  # present for long, unchanged, known to a doctor


class UnknownItemError(ValueError):
    """An answer to a question that the screening does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageFacts:
    """What besides the answers decides. None stands for not asked yet."""

    age: AgeBand | None = None
    episode: Episode | None = None
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reason:
    item: str
    disposition: Disposition
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Triage:
    """`disposition` is None while hard questions are open and none of the answers decides by itself."""

    disposition: Disposition | None
    reasons: tuple[Reason, ...]  # the gravest first
    tags: frozenset[str]
    hard_open: tuple[str, ...] = ()
    soft_open: tuple[str, ...] = ()  # count as a yes to loads until answered; they do not stop anything

    @property
    def is_complete(self) -> bool:
        return not self.hard_open


def triage(answers: Mapping[str, Answer], facts: TriageFacts, library: Library) -> Triage:
    """Raises UnknownItemError."""
    screening = library.screening
    if unknown := sorted(set(answers) - {item.id for item in screening.items}):
        raise UnknownItemError(", ".join(unknown))
    found = (*_from_items(answers, screening), *_from_pairs(answers, screening), *_from_facts(facts, library))
    asked = tuple(item for item in screening.items if is_asked(item, facts) and item.id not in answers)
    hard_open = (*(() if facts.age else (AGE_ITEM,)), *(item.id for item in asked if not item.soft))
    return Triage(
        disposition=_settled(found, hard_open),
        reasons=_by_gravity(found),
        tags=library.with_implied(facts.tags | _added_tags(answers, screening)),
        hard_open=hard_open,
        soft_open=tuple(item.id for item in asked if item.soft),
    )


def with_reasons(before: Triage, *more: Reason) -> Triage:
    """The same triage with findings from elsewhere, such as an alarm in free text; it can only get graver."""
    reasons = (*before.reasons, *more)
    return replace(before, reasons=_by_gravity(reasons), disposition=_settled(reasons, before.hard_open))


def is_asked(item: Item, facts: TriageFacts) -> bool:
    """Whether this person is asked this; who has not told age or episode is asked everything."""
    return item.required and item.asked.reaches(facts.age, facts.episode, facts.tags)


def disposition_of(item: Item, answer: Answer) -> Disposition:
    leads_to = {Answer.YES: item.yes, Answer.UNSURE: item.unsure, Answer.KNOWN: item.known, Answer.NO: Disposition.GO}
    return leads_to[answer]


def _settled(reasons: tuple[Reason, ...], hard_open: tuple[str, ...]) -> Disposition | None:
    found = worst(reason.disposition for reason in reasons)
    return None if hard_open and not forbids_exercise(found) else found


def _by_gravity(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    return tuple(sorted(dict.fromkeys(reasons), key=lambda reason: -gravity(reason.disposition)))


def _from_items(answers: Mapping[str, Answer], screening: Screening) -> Iterator[Reason]:
    for item in screening.items:
        answer = answers.get(item.id, Answer.NO)  # unanswered gives no reason here; hard_open keeps it from being a no
        if answer is not Answer.NO:
            yield Reason(item.id, disposition_of(item, answer), item.sources[0])


def _from_pairs(answers: Mapping[str, Answer], screening: Screening) -> Iterator[Reason]:
    for pair in screening.together:
        beside = {answers.get(name) for name in pair.beside}
        if answers.get(pair.item) is Answer.YES and beside & {Answer.YES, Answer.UNSURE}:
            yield Reason(pair.item, pair.disposition, pair.sources[0])


def _from_facts(facts: TriageFacts, library: Library) -> Iterator[Reason]:
    for rule in library.screening.ages:
        if facts.age in rule.ages:
            yield Reason(AGE_ITEM, rule.disposition, rule.sources[0])
    for tag in sorted(facts.tags & library.tags.keys()):
        if library.tags[tag].caution:
            yield Reason(tag, Disposition.CAUTION, library.tags[tag].sources[0])


def _added_tags(answers: Mapping[str, Answer], screening: Screening) -> frozenset[str]:
    present = (item for item in screening.items if answers.get(item.id, Answer.NO) is not Answer.NO)
    return frozenset(tag for item in present for tag in item.adds)
