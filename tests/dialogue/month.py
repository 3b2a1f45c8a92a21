"""A month in a member's life: the clock brings what is due, the member answers in their own way, all is noted."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.dialogue.conversation import follow
from bot.dialogue.messages import Message
from bot.dialogue.moment import Moment
from bot.dialogue.questions import Question
from tests.dialogue.room import Room

Answer = Callable[[str, set[str]], str | None]
LONGEST = 40  # answers to one event
_FIRST_WAY = (
    "go",
    "more",
    "longer",
    "fine",
    "no",
    "none",
    "keep",
    "nothing",
    "2",
    "same",
    "done",
    "right",
    "later",
    "~",
    "=",
)


def easy(question: str, tokens: set[str]) -> str | None:
    """Somebody for whom all is calm and rather easy."""
    if question.startswith("rise/"):
        return "show"
    if question == "days":
        return "7"
    if question == "work":
        return "sitting"
    return next((token for token in _FIRST_WAY if token in tokens), None)


def keen(question: str, tokens: set[str]) -> str | None:
    """The same, with breaks at the desk."""
    return "yes" if question == "desk-offer" else easy(question, tokens)


def without_lists(question: str, tokens: set[str]) -> str | None:
    """The same, but no list is answered."""
    return None if question.startswith("list-") else easy(question, tokens)


@dataclass
class Month:
    """`pushes`: what came unasked, with its day. `asked`: every question with its moment, once for each new message."""

    room: Room
    answer: Answer = easy
    pushes: list[tuple[date, Message]] = field(default_factory=list)
    asked: list[tuple[datetime, str]] = field(default_factory=list)
    taps: int = 0

    def lives(self, days: int) -> "Month":
        end = self.room.now + timedelta(days=days)
        while due := [(made.due, key) for key, made in self.room.appointments.items() if made.due <= end]:
            turn = self.room.until_due(min(due)[1][0])
            day = Moment(self.room.now, ZoneInfo(self.room.member.zone)).day
            self.pushes += [(day, message) for message in turn.messages if not message.only_edit]
            self._note()
            self._answers()
        return self

    def until(self, question: str) -> "Month":
        """Day after day, until this question stands open; `answer` leaves it to the test."""
        while (waiting := self._waiting()) is None or waiting.id != question:
            self.room.until_due(min((made.due, key[0]) for key, made in self.room.appointments.items())[1])
            self._note()
            self._answers()
        return self

    def _answers(self) -> None:
        for _ in range(LONGEST):
            question = self._waiting()
            if question is None:
                return
            last = self.room.visible[self.room.order[-1]]
            tokens = {button.data.rpartition(".")[2] for row in last.buttons for button in row}
            chosen = self.answer(question.id, tokens)
            if chosen is None:
                return
            self.room.taps(chosen, after_s=40)
            self.taps += 1
            self._note()
        raise AssertionError(f"no end: {self.asked[-5:]}")

    def _note(self) -> None:
        question = self._waiting()
        if question is not None:
            self.asked.append((self.room.now, question.id))

    def _waiting(self) -> Question[object] | None:
        state = self.room.member.alarm or self.room.member.open
        if state is None:
            return None
        waiting = follow(state).waiting
        return None if waiting is None else waiting.question
