"""Short messages plainly about an ordinary day, as clinicians edit them: rows of words with alternatives."""

import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.library.errors import ContentError, Problem
from bot.library.yaml12 import YamlError, parse_yaml


def _is_whole(line: str) -> str:
    try:
        re.compile(line)
    except re.error as error:
        raise ValueError(f"brackets do not fit: {error}") from None
    return line


# Words, (a|b) and ?, nothing that repeats: every line stands for finitely many messages.
Line = Annotated[
    str,
    StringConstraints(pattern=r"^[a-zäöüß(][a-zäöüß ()|?]*$", max_length=400),
    AfterValidator(_is_whole),
]
Filler = Annotated[str, StringConstraints(pattern=r"^[a-zäöüß]+(?: [a-zäöüß]+)*$")]


class AlarmPlain(BaseModel):
    """`signs`: emoji that may stand beside; `fillers`: words that may stand anywhere."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    version: int = Field(ge=1)
    signs: str
    fillers: list[Filler] = Field(min_length=1)
    de: list[Line] = Field(min_length=1)
    en: list[Line] = Field(min_length=1)


def read_alarm_plain(path: Path) -> AlarmPlain:
    """Read the file. Raises ContentError with file, field and line, also when it cannot be read."""
    try:
        sheet = parse_yaml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError((Problem(str(path), "", str(error)),)) from error
    except YamlError as error:
        raise ContentError((Problem(str(path), "", error.reason, error.line),)) from None
    try:
        return AlarmPlain.model_validate(sheet.data)
    except ValidationError as error:
        raise ContentError(
            tuple(
                Problem(str(path), ".".join(map(str, fault["loc"])), fault["msg"], sheet.find_line(fault["loc"]))
                for fault in error.errors()
            )
        ) from None
