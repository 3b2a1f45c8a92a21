"""The trained half of the alarm as data: senses of words, and a row of small weights for each feature bucket.

The weights file is one line of JSON, then the zlib-packed rows, one byte a class; `make train-alarm` writes it.
"""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.library.alarm_phrases import AlarmCategory, AlarmLevel, ClassName, WordClass
from bot.library.errors import ContentError, Problem
from bot.library.sheets import read_sheet

LANE = 4  # bytes a class has in a row: a sum of ten thousand weights, each counted a hundred times, fits
_FITTING = 256  # rows whose sum fits in two bytes
_HALVES = (128, 64, 32, 16, 8, 4, 2, 1)  # of so many rows, one behind the other, that are folded onto each other
ZERO = 128  # what a weight of nought is stored as, so that rows add up without borrowing


class AlarmSenses(BaseModel):
    """What words are about, for the model."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    version: int = Field(ge=1)
    words: dict[ClassName, WordClass] = Field(min_length=1, max_length=500)


class AlarmLimits(BaseModel):
    """Probabilities; all but the last three are tuned on what was not learned."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    speak: float  # from here on a message without a rule is asked about
    speak_long: float  # the same for any stretch of a long one
    quiet: float  # up to here the model drops a question of the rules
    replace: float  # from here on it asks its own question instead
    graver: float  # from here on it asks about something graver than a sure rule found
    lower: float  # from here on it asks about something less grave than a sure rule found; set, not tuned
    doubt: float  # up to here a sure rule becomes a question
    silence: float  # up to here even a sure rule is dropped; set, not tuned: two in a thousand true ones may go


class _Head(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = Field(ge=1, le=1)
    trained_on: str  # hash of corpus, senses, rules and feature code
    buckets: int = Field(ge=2)
    classes: list[tuple[AlarmLevel, AlarmCategory]]
    scale: float
    bias: list[float]
    limits: AlarmLimits


class Rows:
    """The buckets' weights, each raised by ZERO, and their sums as one number with a lane of LANE bytes a class.

    They stay packed, one byte a class: numbers made of all would take as much memory as a sixth of the whole coach. A
    row is read as cells of four bytes. The first bytes of all cells are the first quarter of the classes, the second
    bytes the second quarter, and so on: so sums need no sorting when they are set apart.
    """

    def __init__(self, raised: bytes, width: int) -> None:
        self._size = len(raised) // width
        quarter = self._quarter = -(-width // LANE)
        self._row = quarter * LANE
        cells = bytearray(self._size * self._row)
        for place in range(width):
            cells[place % quarter * LANE + place // quarter :: self._row] = raised[place::width]
        self._cells = bytes(cells)
        bits = 8 * self._row
        self._every_other = int.from_bytes(b"\xff\0" * (_FITTING * self._row // 2), "little")
        self._low_half = int.from_bytes(b"\xff\xff\0\0" * quarter, "little")
        self._folds = [(half * bits, (1 << half * bits) - 1) for half in _HALVES]

    def __len__(self) -> int:
        return self._size

    def total(self, buckets: Sequence[int]) -> int:
        """The sum of these buckets' rows, LANE bytes a class: all rows as one number, folded until one is left."""
        count = len(buckets)
        if count > _FITTING:
            return self.total(buckets[:_FITTING]) + self.total(buckets[_FITTING:])
        cells, row = self._cells, self._row
        joined = int.from_bytes(b"".join([cells[bucket * row : bucket * row + row] for bucket in buckets]), "little")
        even, odd = joined & self._every_other, joined >> 8 & self._every_other
        for bits, low in self._folds[len(self._folds) - (count - 1).bit_length() :] if count > 1 else ():
            even = (even & low) + (even >> bits)
            odd = (odd & low) + (odd >> bits)
        low, bits = self._low_half, 8 * self._row
        first, second = even & low, odd & low
        return first | second << bits | (even >> 16 & low) << 2 * bits | (odd >> 16 & low) << 3 * bits


@dataclass(frozen=True, slots=True)
class AlarmWeights:
    """What a message's features weigh, and from which probabilities on the model speaks."""

    trained_on: str
    classes: tuple[tuple[AlarmLevel, AlarmCategory], ...]
    scale: float
    bias: tuple[float, ...]
    rows: Rows
    limits: AlarmLimits


def pack_alarm_weights(head: dict[str, object], raised: bytes) -> bytes:
    """The file's bytes; `raised` holds the weights row by row, each raised by ZERO."""
    return json.dumps(head, separators=(",", ":")).encode("ascii") + b"\n" + zlib.compress(raised, 9)


def parse_alarm_weights(body: bytes, file: str) -> AlarmWeights:
    """Read weights; `file` only names them in problems. Raises ContentError."""
    first, _, packed = body.partition(b"\n")
    try:
        head = _Head.model_validate_json(first)
        raised = zlib.decompress(packed)
    except (ValidationError, zlib.error) as error:
        raise ContentError((Problem(file, "", f"no weights: {error}"),)) from None
    width = len(head.classes)
    if len(raised) != head.buckets * width or len(head.bias) != width:
        raise ContentError((Problem(file, "", "rows, classes and bias do not fit each other"),))
    if head.classes != sorted(head.classes):
        raise ContentError((Problem(file, "", "classes are not in order: a level's have to stand together"),))
    return AlarmWeights(
        trained_on=head.trained_on,
        classes=tuple(head.classes),
        scale=head.scale,
        bias=tuple(head.bias),
        rows=Rows(raised, width),
        limits=head.limits,
    )


def read_alarm_weights(path: Path) -> AlarmWeights:
    """Read the weights file. Raises ContentError, also when the file cannot be read."""
    try:
        body = path.read_bytes()
    except OSError as error:
        raise ContentError((Problem(str(path), "", str(error)),)) from error
    return parse_alarm_weights(body, str(path))


def read_alarm_senses(path: Path) -> AlarmSenses:
    """Read the senses file. Raises ContentError, also when the file cannot be read."""
    return read_sheet(path, AlarmSenses)
