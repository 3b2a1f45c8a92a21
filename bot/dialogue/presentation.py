"""A question as a message: its words, its rows of buttons, and what it becomes once it is answered.

A button's data says run, position, question and token; nothing in it is trusted when it comes back.
"""

from dataclasses import dataclass
from typing import Any
from zlib import crc32

from bot.dialogue.markup import plain
from bot.dialogue.member import FlowState
from bot.dialogue.messages import Button
from bot.dialogue.questions import Many, Question
from bot.dialogue.steps import Ask
from bot.dialogue.text import Text, text
from bot.dialogue.turn import Draft

BACK = "<"
SKIP = "~"
DONE = "="
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Tap:
    """A button's data taken apart."""

    run: int
    position: int
    check: str
    token: str


def check_of(question: Question[Any]) -> str:
    return f"{crc32(f'{question.id} {question.fingerprint}'.encode()) & 0xFFFF:04x}"


def button_stem(state: FlowState, question: Question[Any]) -> str:
    """What the data of all of a question's buttons begin with; the token follows."""
    return f"{_base36(state.run)}.{len(state.answers)}.{check_of(question)}."


def read_tap(data: str) -> Tap | None:
    """Take a button's data apart; `None` when it is none of ours."""
    parts = data.split(".", 3)
    if len(data) > 64 or len(parts) != 4 or not parts[1].isascii() or not parts[1].isdigit():
        return None
    try:
        return Tap(int(parts[0], 36), int(parts[1]), parts[2], parts[3])
    except ValueError:
        return None


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits or "0"


def question_rows(draft: Draft, state: FlowState, ask: Ask) -> tuple[tuple[Button, ...], ...]:
    """Answers first, then Done or Skip, then links and Back."""
    question, stem = ask.question, button_stem(state, ask.question)
    rows = [
        tuple(
            Button(
                label=_marked(draft.words(option.label), option.token, state.draft),
                data=stem + option.token,
                style=option.style,
                private=option.private,
            )
            for option in row
        )
        for row in question.rows()
    ]
    last = [
        Button(label=draft.words(text(f"link/{link}")), data=f"/{link}", style="quiet", answers=False)
        for link in question.links
    ]
    if isinstance(question, Many):
        label = "button/done" if state.draft else f"{question.labels}/none"
        rows.append((Button(label=draft.words(Text(label)), data=stem + DONE, style="primary", answers=False),))
    if ask.optional:
        words = draft.words(text(question.skip))
        last.insert(0, Button(label=words, data=stem + SKIP, answers=False))
    if question.back and len(state.answers) > state.floor:
        label = draft.words(text("button/back"))
        last.append(Button(label=label, data=stem + BACK, style="quiet", answers=False))
    if last:
        rows.append(tuple(last))
    return tuple(rows)


def _marked(label: str, token: str, marks: tuple[str, ...]) -> str:
    return f"✓ {label}" if token.startswith("+") and token[1:] in marks else label


def answer_line(draft: Draft, question: Question[Any], answer: Any) -> str:
    """What the question becomes: "Schmerz heute: 4 ✓"."""
    label = text(question.skip) if answer is None else question.label(answer)
    return draft.words(text(question.done or "answered", answer=label))


def word_count(words: str) -> int:
    return len(plain(words).split())
