"""What can be ordered and what is delivered. Plain values only: this is read where numpy must not be loaded."""

from dataclasses import dataclass
from typing import Literal

Form = Literal["still", "clip", "gif", "paper"]


class UnknownFigureError(LookupError):
    """There is no such figure, level, theme or form of it."""


class PoseFileError(ValueError):
    """A pose file cannot be used; the message names file, line and field."""


class StaleLockError(ValueError):
    """The lock is missing, unreadable or older than the poses it was solved from."""


class DrawingError(RuntimeError):
    """Drawing failed for a reason of our own. Its cause stays in the worker, as text."""


@dataclass(frozen=True, slots=True)
class PictureSpec:
    """One picture: which figure, which level of its ladder, still or moving, drawn as whom.

    `own`: the values of a member's own picture as JSON (see `chart_values`). It is drawn for one send, never kept.
    """

    figure: str
    level: int
    form: Form
    theme: str = "default"
    own: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished picture. `seconds`: the length of one loop, None for a still. `blur`: a still's BlurHash, or empty."""

    data: bytes
    mime: str
    width: int
    height: int
    digest: str
    seconds: float | None
    blur: str = ""
