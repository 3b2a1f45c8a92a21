"""Short messages plainly about an ordinary day, as clinicians edit them: rows of words with alternatives."""

import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from bot.library.sheets import read_sheet


def _is_whole(line: str) -> str:
    try:
        re.compile(line)
    except re.error as error:
        raise ValueError(f"brackets do not fit: {error}") from None
    return line


# Words, (a|b) and ?, nothing that repeats: every line stands for finitely many messages.
Line = Annotated[
    str,
    StringConstraints(pattern=r"^[a-zäöüß(][a-zäöüß ()|?#]*$", max_length=400),
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
    return read_sheet(path, AlarmPlain)
