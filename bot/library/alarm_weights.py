"""The trained half of the alarm as data: senses of words, and a row of small weights for each feature bucket.

The weights file is one line of JSON, then the zlib-packed rows, one byte a class; `make train-alarm` writes it.
"""

import json
import zlib
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.library.alarm_phrases import AlarmCategory, AlarmLevel, ClassName, WordClass
from bot.library.errors import ContentError, Problem
from bot.library.yaml12 import YamlError, parse_yaml

LANE = 4  # bytes a class has in a row: a sum of ten thousand weights, each counted a hundred times, fits
ZERO = 128  # what a weight of nought is stored as, so that rows add up without borrowing


class AlarmSenses(BaseModel):
    """What words are about, for the model."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    version: int = Field(ge=1)
    words: dict[ClassName, WordClass] = Field(min_length=1, max_length=500)


class AlarmLimits(BaseModel):
    """Probabilities; all but the last two are tuned on what was not learned."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    speak: float  # from here on a message without a rule is asked about
    speak_long: float  # the same for any stretch of a long one
    quiet: float  # up to here the model drops a question of the rules
    replace: float  # from here on it asks its own question instead
    graver: float  # from here on it asks about something graver than a sure rule found
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
    """A bucket's weights as one number, a lane a class, each raised by ZERO.

    A number is made when it is asked for: all at once they would take as much memory as a sixth of the whole coach.
    """

    def __init__(self, raised: bytes, width: int) -> None:
        self._raised = raised
        self._width = width

    def __len__(self) -> int:
        return len(self._raised) // self._width

    def __getitem__(self, bucket: int) -> int:
        at = bucket * self._width
        lanes = bytearray(self._width * LANE)
        lanes[::LANE] = self._raised[at : at + self._width]
        return int.from_bytes(lanes, "little")


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
    try:
        sheet = parse_yaml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError((Problem(str(path), "", str(error)),)) from error
    except YamlError as error:
        raise ContentError((Problem(str(path), "", error.reason, error.line),)) from None
    try:
        return AlarmSenses.model_validate(sheet.data)
    except ValidationError as error:
        faults = (
            (".".join(map(str, fault["loc"])), fault["msg"], sheet.find_line(fault["loc"])) for fault in error.errors()
        )
        raise ContentError(tuple(Problem(str(path), *fault) for fault in faults)) from None
