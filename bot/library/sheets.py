"""Reads one YAML file into one model, and says of each fault in which file, field and line it stands."""

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from bot.library.errors import ContentError, Problem
from bot.library.yaml12 import YamlError, parse_yaml

Model = TypeVar("Model", bound=BaseModel)


def parse_sheet(text: str, file: str, model: type[Model]) -> Model:
    """Read YAML text; `file` only names it in problems. Raises ContentError."""
    try:
        sheet = parse_yaml(text)
    except YamlError as error:
        raise ContentError((Problem(file, "", error.reason, error.line),)) from None
    try:
        return model.model_validate(sheet.data)
    except ValidationError as error:
        raise ContentError(
            tuple(
                Problem(file, ".".join(map(str, fault["loc"])), fault["msg"], sheet.find_line(fault["loc"]))
                for fault in error.errors()
            )
        ) from None


def read_sheet(path: Path, model: type[Model]) -> Model:
    """Read a file. Raises ContentError, also when it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError((Problem(str(path), "", str(error)),)) from error
    return parse_sheet(text, str(path), model)
