"""What a personal picture shows, as plain values and finished words. Read from the JSON in `PictureSpec.own`.

The words come with the values, in the member's language: a drawing process has no catalogs and knows no member.
"""

from dataclasses import dataclass, field
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, TypeAdapter, ValidationError

from bot.pictures.spec import UnknownFigureError


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """`at`: weeks since the chart's first day. `shown`: the number as the member's language writes it."""

    at: float
    value: float
    shown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """How it went on average in the studies: a straight line, drawn dashed and named."""

    start: Point
    end: Point
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PainChart:
    """Weekly means as a line with numbers; single days as pale dots behind it."""

    title: str
    subtitle: str
    weeks: tuple[Point, ...]
    days: tuple[Point, ...]
    ticks: tuple[Tick, ...]
    span: float  # weeks from the left edge to the right one
    days_label: str = ""
    reference: Reference | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekDay:
    """`state`: a session was done, the day was moved otherwise, or nothing is known of it."""

    label: str
    state: Literal["done", "moved", "open"]
    below: str = ""  # "12 min"
    pain: float | None = None
    shown: str = ""
    today: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekPicture:
    title: str
    days: tuple[WeekDay, ...]
    pain_label: str
    summary: str
    legend: tuple[str, ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundPicture:
    """Sums of a group, nobody's own. `reached`: 0 to 1 of the goal; more counts as reached."""

    title: str
    subtitle: str
    total: str
    unit: str
    goal: str
    reached: float
    weeks: int
    weeks_over: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinPicture:
    """The way into a round. `link` is what the square code says; `how`: lines beside it; `code`: what can be typed."""

    title: str
    subtitle: str
    link: str
    how: tuple[str, ...]
    code_label: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RadarAxis:
    """Shares from 0 to 1. `first`: an earlier result; `others`: where others of that age begin, if that is known."""

    label: str
    shown: str
    score: float
    first: float | None = None
    others: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StabilityProfile:
    """At least three axes; empty labels leave their line of the legend out."""

    title: str
    subtitle: str
    axes: Annotated[tuple[RadarAxis, ...], Field(min_length=3)]
    first_label: str = ""
    others_label: str = ""


Chart: TypeAlias = PainChart | WeekPicture | RoundPicture | JoinPicture | StabilityProfile
_READERS: dict[str, TypeAdapter[Chart]] = {
    "chart-pain": TypeAdapter(PainChart),
    "chart-week": TypeAdapter(WeekPicture),
    "chart-round": TypeAdapter(RoundPicture),
    "chart-join": TypeAdapter(JoinPicture),
    "chart-stability": TypeAdapter(StabilityProfile),
}


def read_chart(figure: str, own: str) -> Chart:
    """Raises UnknownFigureError, which names no value: these are a member's numbers."""
    try:
        return _READERS[figure].validate_json(own)
    except KeyError:
        raise UnknownFigureError(f"no chart {figure!r}") from None
    except ValidationError as error:
        raise UnknownFigureError(f"{figure}: {error.error_count()} values cannot be read") from None
