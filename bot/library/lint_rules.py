"""The words members never read, and the exceptions with their reasons: content/lint.yaml."""

import json
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from bot.library.entry import Entry, Words
from bot.library.errors import ContentError, Problem
from bot.library.yaml12 import YamlError, parse_yaml

FILE = "lint.yaml"


class Forbidden(Entry):
    """Words or phrases; a star at the end stands for any ending. `kinds` limits them to texts of these kinds."""

    why: Words
    de: tuple[Words, ...] = ()
    en: tuple[Words, ...] = ()
    kinds: tuple[Words, ...] = ()

    def words(self, language: str) -> tuple[str, ...]:
        return self.de if language == "de" else self.en


class Allowance(Entry):
    """One exception: which texts (a star stands for any end), which rule, which word or slot, and why."""

    key: Words
    rule: Literal["forbidden", "sentence", "length", "slots", "long", "question", "emoji"]
    what: str = ""
    reason: Annotated[str, Field(min_length=10)]

    def covers(self, key: str, rule: str, what: str) -> bool:
        return self.rule == rule and self.what in {"", what} and fnmatchcase(key, self.key)


class LintRules(Entry):
    """`figures`: numbers a card may name, since somebody found them at their source."""

    forbidden: tuple[Forbidden, ...] = ()
    long_words: dict[str, tuple[Words, ...]] = Field(default_factory=dict)
    figures: dict[str, tuple[int, ...]] = Field(default_factory=dict)
    allow: tuple[Allowance, ...] = ()


def read_lint_rules(root: Path) -> LintRules:
    """Raises ContentError."""
    try:
        sheet = parse_yaml((root / FILE).read_text(encoding="utf-8"))
    except OSError:
        raise ContentError((Problem(FILE, "", "is missing"),)) from None
    except YamlError as error:
        raise ContentError((Problem(FILE, "", error.reason, error.line),)) from None
    try:
        return LintRules.model_validate_json(json.dumps(sheet.data), strict=True)
    except ValidationError as error:
        raise ContentError(
            tuple(
                Problem(FILE, ".".join(map(str, fault["loc"])), fault["msg"], sheet.find_line(fault["loc"]))
                for fault in error.errors(include_url=False, include_context=False, include_input=False)
            )
        ) from None
