"""The rest of the profile in small portions: what all of them share. Each is one short question with [Later].

An answer left out or put off changes nothing: the rules keep to the cautious side.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from bot.dialogue.facts import ProfileAnswered
from bot.dialogue.questions import Place, Question
from bot.dialogue.steps import Flow, ask_or_skip, record

T = TypeVar("T")
LATER = "button/later"


class Portion(StrEnum):
    """In the order of EXPERIENCE, "The rest in small portions"."""

    DAYS = "days"
    AVERAGE = "average"
    OWN = "own"
    SOFT = "soft"
    FEAR = "fear"
    ACTIVITY = "activity"
    WORK = "work"
    MINUTES = "minutes"
    LIKES = "likes"
    EQUIPMENT = "equipment"
    NAME = "name"
    HELPED = "helped"
    MOOD = "mood"


class Kept(StrEnum):
    """How a portion ended."""

    ANSWERED = "answered"
    LATER = "later"
    LOCKED = "portion-locked"  # a line of the lists locked
    HEAVY = "heavy"  # so low a mood that one question follows at once


@dataclass(frozen=True, slots=True, kw_only=True)
class PortionStart:
    """Which question it is."""

    portion: str


def ask_or_later(question: Question[T], *, first: bool = True) -> Flow[T | None]:
    """Put the question with [Later]; the first of a portion is a message of its own."""
    place = Place.BELOW if first else Place.CARD
    return (yield from ask_or_skip(replace(question, skip=LATER, place=place)))


def keep(field: str, value: str | int | None) -> Flow[Kept]:
    """Write an answer down; `None` was put off."""
    if value is None:
        return Kept.LATER
    yield from record(ProfileAnswered(field=field, value=str(value)))
    return Kept.ANSWERED
