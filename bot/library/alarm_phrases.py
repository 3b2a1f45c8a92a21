"""The alarm's phrases as clinicians edit them: word classes, rules and the context that quiets a rule.

Strict on purpose: an unknown key, an unused class or a rule without source is refused with file, field and reason.
"""

from collections.abc import Iterator
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from bot.library.sheets import parse_sheet, read_sheet


class AlarmLevel(StrEnum):
    """How fast a person needs help; `crisis` is for suicidal thoughts."""

    NONE = "none"
    URGENT = "urgent"
    EMERGENCY = "emergency"
    CRISIS = "crisis"


class AlarmCategory(StrEnum):
    """What the words point to; never a diagnosis."""

    CAUDA_EQUINA = "cauda_equina"
    LEG_WEAKNESS = "leg_weakness"
    FRACTURE = "fracture"
    INFECTION = "infection"
    MALIGNANCY = "malignancy"
    CHEST_PAIN = "chest_pain"
    AAA = "aaa"
    STROKE = "stroke"
    PREGNANCY_COMPLICATION = "pregnancy_complication"
    ANAPHYLAXIS = "anaphylaxis"
    THROMBOSIS = "thrombosis"
    KIDNEY = "kidney"
    BLEEDING = "bleeding"
    SYNCOPE = "syncope"
    OVERDOSE = "overdose"
    SUICIDAL = "suicidal"
    VIOLENCE = "violence"
    OTHER = "other"
    NONE = "none"


class Certainty(StrEnum):
    """Whether the words are clear, or one question has to be asked first."""

    SURE = "sure"
    ASK = "ask"


class Quiet(StrEnum):
    """Reasons for which a rule may stay silent; a rule lists those it heeds."""

    NEGATED = "negated"
    RESOLVED = "resolved"
    OLD = "old"
    OTHERS_PAST = "others_past"
    OTHERS = "others"
    ANIMAL = "animal"
    DEFINITION = "definition"
    HYPOTHETICAL = "hypothetical"
    JOKE = "joke"


ClassName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]*$")]
RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
# `word`, `word*`, `word!` (never with a typo); several in a row; `<n>` a number, `_` any word, `~` up to three words,
# `$` the end of the clause.
Form = Annotated[str, StringConstraints(pattern=r"^(?:[^\W_]+(?:[.,]\d+)?[*!]?|<n>)(?: (?:[^\W_]+[*!]?|<n>|[_~$]))*$")]

CONTEXT_CLASSES = frozenset(
    {
        "after_negation", "animal", "contrast", "definition", "doubt", "first_person", "hypothetical",
        "innocent", "joke", "link", "long_known", "negator_near", "negator_wide", "new", "not_negation",
        "other_person", "own", "pain", "past", "past_tense", "resolved", "story", "turn",
    }
)  # fmt: skip


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class WordClass(_Strict):
    """Words of one meaning in both languages; `why` tells what belongs here."""

    why: str = Field(min_length=3)
    de: list[Form]
    en: list[Form]

    def forms(self) -> Iterator[str]:
        return chain(self.de, self.en)


class AlarmRule(_Strict):
    """All groups within the window, in one sentence; the first group is the symptom a negation has to touch."""

    id: RuleId
    level: Annotated[AlarmLevel, Field(strict=False)]
    category: Annotated[AlarmCategory, Field(strict=False)]
    certainty: Annotated[Certainty, Field(strict=False)]
    source: str = Field(min_length=3)
    groups: list[Annotated[list[ClassName], Field(min_length=1)]] = Field(min_length=1, max_length=4)
    window: int = Field(default=6, ge=1, le=30)
    ordered: bool = False
    across: bool = False
    unless: list[ClassName] = []
    soften: list[ClassName] = []
    ignores: list[Annotated[Quiet, Field(strict=False)]] = []
    heeds: list[Annotated[Quiet, Field(strict=False)]] = []

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if AlarmLevel.NONE is self.level or AlarmCategory.NONE is self.category:
            raise ValueError("a rule has a level and a category other than none")
        return self

    def classes(self) -> Iterator[str]:
        return chain(chain.from_iterable(self.groups), self.unless, self.soften)


class AlarmPhrases(_Strict):
    """Everything the alarm knows."""

    version: int = Field(ge=1)
    sources: dict[str, str] = Field(min_length=1)
    reviewed: dict[str, str] | None
    words: dict[ClassName, WordClass]
    rules: list[AlarmRule] = Field(min_length=1)

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        problems = list(self._problems())
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _problems(self) -> Iterator[str]:
        used = set(CONTEXT_CLASSES)
        seen: set[str] = set()
        for rule in self.rules:
            used.update(rule.classes())
            if rule.id in seen:
                yield f"rule {rule.id} appears twice"
            if rule.source not in self.sources:
                yield f"rule {rule.id} names the unknown source {rule.source}"
            seen.add(rule.id)
        yield from (f"word class {name} is missing" for name in sorted(used - set(self.words)))
        yield from (f"word class {name} is used by no rule" for name in sorted(set(self.words) - used))
        yield from (f"word class {name} lacks a language" for name, c in self.words.items() if not (c.de and c.en))


def parse_alarm_phrases(text: str, file: str) -> AlarmPhrases:
    """Read phrases from YAML text; `file` only names them in problems. Raises ContentError."""
    return parse_sheet(text, file, AlarmPhrases)


def read_alarm_phrases(path: Path) -> AlarmPhrases:
    """Read the phrases file. Raises ContentError, also when the file cannot be read."""
    return read_sheet(path, AlarmPhrases)
