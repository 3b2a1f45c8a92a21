"""The questions a flow can ask. A question knows its answers, not its platform.

Every question turns a button's token or typed words into a typed answer, or into `None` when it is unclear: then the
coach asks again and nothing is logged. `fingerprint` (kind, range, option ids; never the wording) tells whether a
logged answer still fits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from bot.dialogue.answers import (
    OptionWords,
    parse_choice,
    parse_many,
    parse_safety,
    parse_scale,
    parse_time,
    parse_yes_no,
)
from bot.dialogue.messages import Kind, Picture
from bot.dialogue.quantities import says_no_pain
from bot.dialogue.text import Param, Text, text

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)
Plain: TypeAlias = str | int | bool | list[Any] | None
"""What a logged answer may be: JSON without objects."""


class Place(StrEnum):
    """`CARD`: the flow's one card is edited. `BELOW`: a message of its own, and the last one becomes its answer."""

    CARD = "card"
    BELOW = "below"


class Words(Protocol):
    """The labels of a text key in every language, for typed answers."""

    def labels(self, key: str) -> tuple[str, ...]:
        """The label itself and the everyday words beside it, in all languages."""


@dataclass(frozen=True, slots=True)
class Choosable:
    """One button: its token, its label (a text, or a number or time as it stands), and a look.

    `private`: see `Choice`.
    """

    token: str
    label: Param
    style: str = "plain"
    private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Generic[T]):
    """What all questions share.

    `done` is the key of the line the question becomes once it is answered (slot `answer`).
    `links` are commands offered below the answers ("why", "emergency"): they show something and answer nothing.
    `mend`: the answered line carries [Vertippt].
    `reactable`: the answer says nothing about health, so a reaction, which travels in clear, may give it.
    """

    id: str
    text: Text
    picture: Picture | None = None
    place: Place = Place.CARD
    kind: Kind = Kind.TALK
    done: str | None = None
    back: bool = True
    links: tuple[str, ...] = ()
    corner: tuple[int, int] | None = None  # "3 of 9", in the corner of the card
    silent: bool = False
    mend: bool = False
    skip: str = "button/skip"  # the label of not answering, where that is possible
    reactable: bool = False

    @property
    def numbered(self) -> bool:
        """Whether a typed digit is an option's number; false where it is a value, a time or a line that applies."""
        return True

    @property
    def fingerprint(self) -> str:
        raise NotImplementedError

    def rows(self) -> tuple[tuple[Choosable, ...], ...]:
        raise NotImplementedError

    def accept(self, token: str) -> T | None:
        """The answer a button stands for; `None` for a token that is none of ours."""
        raise NotImplementedError

    def parse(self, typed: str, words: Words) -> T | None:
        """The answer typed words stand for; `None` when they are unclear or out of range."""
        raise NotImplementedError

    def dump(self, answer: T) -> Plain:
        raise NotImplementedError

    def load(self, plain: Plain) -> T:
        """The logged answer. Raises `ValueError` when it is none of this question's."""
        raise NotImplementedError

    def label(self, answer: T) -> Param:
        """The answer in words, for the line the question becomes."""
        raise NotImplementedError


def _checked(answer: T | None, plain: Plain) -> T:
    if answer is None:
        raise ValueError(f"not an answer: {plain!r}")
    return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale(Question[int]):
    """A number from `low` to `high`, both included. `of_pain`: "keine Schmerzen" is a zero."""

    low: int = 0
    high: int = 10
    of_pain: bool = False

    @property
    def numbered(self) -> bool:
        return False

    @property
    def fingerprint(self) -> str:
        return f"scale:{self.low}:{self.high}"

    def rows(self) -> tuple[tuple[Choosable, ...], ...]:
        numbers = [Choosable(str(n), n) for n in range(self.low, self.high + 1)]
        half = (len(numbers) + 1) // 2
        return tuple(numbers[:half]), tuple(numbers[half:])

    def accept(self, token: str) -> int | None:
        return int(token) if token.isascii() and token.isdigit() and self.low <= int(token) <= self.high else None

    def parse(self, typed: str, words: Words) -> int | None:  # noqa: ARG002  a number needs no labels
        return 0 if self.of_pain and says_no_pain(typed) else parse_scale(typed, self.low, self.high)

    def dump(self, answer: int) -> Plain:
        return answer

    def load(self, plain: Plain) -> int:
        if isinstance(plain, int) and not isinstance(plain, bool) and self.low <= plain <= self.high:
            return plain
        raise ValueError(f"not an answer: {plain!r}")

    def label(self, answer: int) -> Param:
        return answer


_ONE_LINE = {"none": "no", "lines": "yes", "unsure": "unsure"}  # what is said of a whole list, said of a single line


def _option_words(labels: str, options: Sequence[StrEnum], words: Words) -> tuple[OptionWords, ...]:
    return tuple(OptionWords(option.value, words.labels(f"{labels}/{option.value}")) for option in options)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Question[E]):
    """One of a few options. Labels are the texts `<labels>/<option>`; `row` says how many stand side by side.

    `private`: options of a reactable question that say something about health all the same; these are typed.
    """

    options: tuple[E, ...]
    labels: str
    row: int = 2
    styles: tuple[tuple[E, str], ...] = ()
    private: tuple[E, ...] = ()

    @property
    def fingerprint(self) -> str:
        return "choice:" + ",".join(self.options)

    def rows(self) -> tuple[tuple[Choosable, ...], ...]:
        styles = dict(self.styles)
        buttons = [
            Choosable(o.value, Text(f"{self.labels}/{o.value}"), styles.get(o, "plain"), o in self.private)
            for o in self.options
        ]
        return tuple(tuple(buttons[i : i + self.row]) for i in range(0, len(buttons), self.row))

    def accept(self, token: str) -> E | None:
        return next((option for option in self.options if option.value == token), None)

    def parse(self, typed: str, words: Words) -> E | None:
        chosen = parse_choice(typed, _option_words(self.labels, self.options, words))
        if chosen is None and {"yes", "no"} <= set(self.options):
            agreed = parse_yes_no(typed)
            chosen = None if agreed is None else ("yes" if agreed else "no")
        return None if chosen is None else self.accept(chosen)

    def dump(self, answer: E) -> Plain:
        return answer.value

    def load(self, plain: Plain) -> E:
        return _checked(self.accept(plain) if isinstance(plain, str) else None, plain)

    def label(self, answer: E) -> Param:
        return Text(f"{self.labels}/{answer.value}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyChoice(Choice[E]):
    """One safety line, answered yes, no or unsure. A digit is never an option, and small talk is no answer.

    Only a whole label and a plain word count: *eher nicht* is no *no*, and *geht nicht* may be the complaint itself.
    """

    @property
    def numbered(self) -> bool:
        return False

    def parse(self, typed: str, words: Words) -> E | None:
        if any(character.isdigit() for character in typed):
            return None
        exact = parse_exact(typed, _option_words(self.labels, self.options, words))
        if exact is None and (reply := parse_safety(typed, 0)) is not None:
            exact = _ONE_LINE[reply.kind]
        return None if exact is None else self.accept(exact)


@dataclass(frozen=True, slots=True, kw_only=True)
class Many(Question[frozenset[E]]):
    """Any number of options. Taps only mark (the marks are a draft) until [Done] is tapped.

    `counted`: the buttons carry the numbers that the question's picture shows. `marked`: what is marked to begin with.
    """

    options: tuple[E, ...]
    labels: str
    at_least: int = 0
    counted: bool = False
    marked: tuple[E, ...] = ()

    @property
    def fingerprint(self) -> str:
        return "many:" + ",".join(self.options)

    def rows(self) -> tuple[tuple[Choosable, ...], ...]:
        buttons = [
            Choosable("+" + option.value, self._named(number, option)) for number, option in enumerate(self.options, 1)
        ]
        row = 1 if len(buttons) < 8 else 2  # a long list must fit on a phone
        return tuple(tuple(buttons[i : i + row]) for i in range(0, len(buttons), row))

    def _named(self, number: int, option: E) -> Text:
        name = Text(f"{self.labels}/{option.value}")
        return text("button/numbered", number=number, what=name) if self.counted else name

    def accept(self, token: str) -> frozenset[E] | None:
        """The token that ends the marking carries the marks: `=` and the option ids, joined by commas."""
        if not token.startswith("="):
            return None
        ids = [part for part in token[1:].split(",") if part]
        chosen = frozenset(option for option in self.options if option.value in ids)
        return chosen if len(chosen) == len(set(ids)) and len(chosen) >= self.at_least else None

    def parse(self, typed: str, words: Words) -> frozenset[E] | None:
        ids = parse_many(typed, _option_words(self.labels, self.options, words))
        return None if ids is None else self.accept("=" + ",".join(ids))

    def dump(self, answer: frozenset[E]) -> Plain:
        return sorted(option.value for option in answer)

    def load(self, plain: Plain) -> frozenset[E]:
        ids = [str(item) for item in plain] if isinstance(plain, list) else ["?"]
        return _checked(self.accept("=" + ",".join(ids)), plain)

    def label(self, answer: frozenset[E]) -> Param:
        return len(answer)


class Marked(StrEnum):
    """What a screening list was answered with."""

    NONE = "none"
    SOME = "some"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class ListAnswer:
    """`items`: the lines named in a typed answer, empty when only "something" was said.

    `hasty`: a "none" that came faster than the list can be read; it is never taken as it stands.
    """

    marked: Marked
    items: tuple[str, ...] = ()
    hasty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyList(Question[ListAnswer]):
    """A screening list. Digits never mean "no" here: they name the lines that apply; only a plain no means none."""

    items: tuple[str, ...]
    labels: str = "screening/answer"

    @property
    def numbered(self) -> bool:
        return False

    @property
    def fingerprint(self) -> str:
        return "list:" + ",".join(self.items)

    def rows(self) -> tuple[tuple[Choosable, ...], ...]:
        return tuple((Choosable(marked.value, Text(f"{self.labels}/{marked.value}")),) for marked in Marked)

    def accept(self, token: str) -> ListAnswer | None:
        return ListAnswer(Marked(token)) if token in set(Marked) else None

    def parse(self, typed: str, words: Words) -> ListAnswer | None:
        labels = _option_words(self.labels, tuple(Marked), words)
        exact = parse_exact(typed, labels)
        if exact is not None:
            return self.accept(exact)
        reply = parse_safety(typed, len(self.items))
        if reply is None:
            return None
        if reply.kind == "none":
            return ListAnswer(Marked.NONE)
        if reply.kind == "unsure":
            return ListAnswer(Marked.UNSURE)
        return ListAnswer(Marked.SOME, tuple(self.items[line - 1] for line in sorted(reply.lines)))

    def dump(self, answer: ListAnswer) -> Plain:
        return [answer.marked.value, answer.hasty, *answer.items]

    def load(self, plain: Plain) -> ListAnswer:
        match plain:
            case [str(marked), bool(hasty), *items] if all(item in self.items for item in items):
                return ListAnswer(Marked(marked), tuple(str(item) for item in items), hasty)
            case _:
                raise ValueError(f"not an answer: {plain!r}")

    def label(self, answer: ListAnswer) -> Param:
        return Text(f"{self.labels}/{answer.marked.value}")


def parse_exact(typed: str, options: Sequence[OptionWords]) -> str | None:
    """Only a whole label counts; no numbers, no prefixes."""
    wanted = typed.strip().strip(".,;:").casefold()
    hits = [option.id for option in options if wanted in {label.strip(" .").casefold() for label in option.labels}]
    return hits[0] if len(hits) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOfDay(Question[time]):
    """A time of day in the member's zone, in whole minutes. `offers` are the buttons, "HH:MM"."""

    offers: tuple[str, ...]

    @property
    def numbered(self) -> bool:
        return False

    @property
    def fingerprint(self) -> str:
        return "time"

    def rows(self) -> tuple[tuple[Choosable, ...], ...]:
        buttons = [Choosable(offer.replace(":", ""), offer) for offer in self.offers]
        return tuple(tuple(buttons[i : i + 3]) for i in range(0, len(buttons), 3))

    def accept(self, token: str) -> time | None:
        if len(token) == 4 and token.isascii() and token.isdigit() and int(token[:2]) < 24 and int(token[2:]) < 60:
            return time(int(token[:2]), int(token[2:]))
        return None

    def parse(self, typed: str, words: Words) -> time | None:  # noqa: ARG002  a time needs no labels
        return parse_time(typed)

    def dump(self, answer: time) -> Plain:
        return answer.strftime("%H%M")

    def load(self, plain: Plain) -> time:
        return _checked(self.accept(plain) if isinstance(plain, str) else None, plain)

    def label(self, answer: time) -> Param:
        return answer.strftime("%H:%M")
