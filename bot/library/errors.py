"""What can be wrong with content. Authors mend it: a problem names file, field and reason, and all are told at once."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    file: str
    field: str
    reason: str
    line: int | None = None

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.field}: {self.reason}" if self.field else f"{place}: {self.reason}"


class ContentError(Exception):
    """The content is broken; nothing starts with it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
