"""What members can measure of themselves: with which exercise, up to where, and what was seen in others."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from bot.library.entry import Entry, ExerciseId, Review, SourceKey
from bot.library.screening import AgeBand

TestId = Annotated[str, StringConstraints(pattern=r"^[a-z]+(-[a-z]+)*$", max_length=20)]
Amount = Annotated[int, Field(ge=1, le=300)]


class Measure(StrEnum):
    SECONDS = "seconds"
    TIMES = "times"  # within half a minute


class Band(Entry):
    """What a study saw in people of these ages in the test's top form; told to members only if it was read (V)."""

    ages: Annotated[tuple[AgeBand, ...], Field(min_length=1)]
    low: Amount
    high: Amount
    label: Literal["V", "R"]
    sources: Annotated[tuple[SourceKey, ...], Field(min_length=1)]
    note: str = ""

    @model_validator(mode="after")
    def _in_order(self) -> "Band":
        if self.low > self.high:
            raise ValueError("low is above high")
        return self


class SelfTest(Entry):
    """`cap`: where everybody stops, in seconds or times. `top_level`: the hardest form it is done in.

    `without`: ages that no study was found for; every age stands either there or in a band.
    """

    id: TestId
    exercise: ExerciseId
    unit: Measure
    cap: Amount
    top_level: Annotated[int, Field(ge=1, le=4)]
    offers: Annotated[tuple[Amount, ...], Field(min_length=3, max_length=6)]
    focus: Annotated[tuple[ExerciseId, ...], Field(min_length=1)]
    bands: tuple[Band, ...]
    without: tuple[AgeBand, ...] = ()

    @model_validator(mode="after")
    def _within_the_cap(self) -> "SelfTest":
        if max(self.offers) > self.cap:
            raise ValueError("an offer is above the cap")
        ages = [age for band in self.bands for age in band.ages] + list(self.without)
        if sorted(ages) != sorted(set(AgeBand) - {AgeBand.UNDER_18}):
            raise ValueError("every age stands in one band, or once in without")
        return self

    def band_of(self, age: AgeBand | None) -> Band | None:
        """What may be told to somebody of this age."""
        return next((band for band in self.bands if age in band.ages and band.label == "V"), None)

    def text_ids(self) -> tuple[str, ...]:
        stem = f"selftest/{self.id}"
        return (f"{stem}/name", f"{stem}/short", f"{stem}/how")


class SelfTests(Entry):
    tests: Annotated[tuple[SelfTest, ...], Field(min_length=3)]
    reviewed: Review | None

    def get_test(self, test: str) -> SelfTest | None:
        return next((each for each in self.tests if each.id == test), None)
