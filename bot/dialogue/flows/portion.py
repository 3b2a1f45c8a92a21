"""The rest of the profile in small portions: what all of them share. Each is one short question with [Later].

An answer left out or put off changes nothing: the rules keep to the cautious side.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from bot.dialogue.facts import ProfileAnswered
from bot.dialogue.questions import Place, Question
from bot.dialogue.steps import Flow, ask_or_skip, record
from bot.dialogue.text import Text, text

T = TypeVar("T")
LATER = "button/later"


class Portion(StrEnum):
    """In the order of EXPERIENCE, "The rest in small portions"."""

    DAYS = "days"
    AVERAGE = "average"
    USUAL = "usual"  # the same, asked anew
    OWN = "own"
    SOFT = "soft"
    FEAR = "fear"
    ACTIVITY = "activity"
    WORK = "work"
    MINUTES = "minutes"
    LIKES = "likes"
    EQUIPMENT = "equipment"
    PLACE = "place"
    NAME = "name"
    HELPED = "helped"
    SLEEP = "sleep"
    CONFIDENCE = "confidence"
    MOOD = "mood"
    SHOWN = "shown"  # whether somebody has shown the deadlift, before it may join
    PRACTICE = "practice"  # what a practice said of something that only keeps loads low


class Kept(StrEnum):
    """How a portion ended."""

    ANSWERED = "answered"
    LATER = "later"
    LOCKED = "portion-locked"  # a line of the lists locked
    HEAVY = "heavy"  # so low a mood that one question follows at once


@dataclass(frozen=True, slots=True, kw_only=True)
class PortionStart:
    """Which question it is; `second`: of the day."""

    portion: str
    second: bool = False


def begin_asking(question: Question[T], *, second: bool) -> Flow[T | None]:
    """A portion's first question: a message of its own, with a word before it. `second`: portion of the day."""
    return (
        yield from ask_or_skip(replace(question, text=led(question.text, second=second), skip=LATER, place=Place.BELOW))
    )


def ask_on(question: Question[T], *, below: bool = False) -> Flow[T | None]:
    """A further question of the same portion."""
    return (yield from ask_or_skip(replace(question, skip=LATER, place=Place.BELOW if below else Place.CARD)))


def led(what: Text, *, second: bool) -> Text:
    """With a word that it is short and may wait; behind the second portion it is enough."""
    return text("portion/led", lead=text("portion/lead-second" if second else "portion/lead"), question=what)


def keep(field: str, value: str | int | None) -> Flow[Kept]:
    """Write an answer down; `None` was put off."""
    if value is None:
        return Kept.LATER
    yield from record(ProfileAnswered(field=field, value=str(value)))
    return Kept.ANSWERED
