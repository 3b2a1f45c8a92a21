"""The red-flag questions as data. What each answer leads to is written out, for physicians to read and change."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from bot.library.entry import Entry, Review, SourceKey, TagId


class Disposition(StrEnum):
    """What screening decides, in the words of the contract."""

    EMERGENCY = "emergency"
    CRISIS = "crisis"
    URGENT = "urgent"
    DOCTOR_FIRST = "doctor_first"
    DOCTOR_SOFT = "doctor_soft"
    CAUTION = "caution"
    GO = "go"
    NOT_SERVED = "not_served"


class AgeBand(StrEnum):
    """The cut points are the questions' own: 18 served, 45 rf_inflam, 60 rf_minor, 65 rf_first65."""

    UNDER_18 = "under_18"
    FROM_18 = "18_44"
    FROM_45 = "45_59"
    FROM_60 = "60_64"
    FROM_65 = "65_plus"

    @classmethod
    def of(cls, age: int) -> "AgeBand":
        starts = ((65, cls.FROM_65), (60, cls.FROM_60), (45, cls.FROM_45), (18, cls.FROM_18))
        return next((band for start, band in starts if age >= start), cls.UNDER_18)


class Episode(StrEnum):
    ACUTE = "acute"  # under 6 weeks
    SUBACUTE = "subacute"  # 6 to 12 weeks
    CHRONIC = "chronic"  # longer
    RECURRENT = "recurrent"
    NONE = "none"  # between episodes


class Asked(Entry):
    """For whom a question makes sense. An empty tuple means everybody; whoever has not said is asked."""

    ages: tuple[AgeBand, ...] = ()
    episodes: tuple[Episode, ...] = ()
    tags: tuple[TagId, ...] = ()  # asked only of those with one of these tags

    def reaches(self, age: AgeBand | None, episode: Episode | None, tags: frozenset[str]) -> bool:
        by_age = not self.ages or age is None or age in self.ages
        by_episode = not self.episodes or episode is None or episode in self.episodes
        return by_age and by_episode and (not self.tags or not tags.isdisjoint(self.tags))


class Item(Entry):
    id: Annotated[str, Field(pattern=r"^rf_[a-z0-9_]+$")]
    list: Literal[1, 2, 3, 4] | None  # None: stands in no list, a follow-up or an answer given elsewhere
    yes: Disposition
    unsure: Disposition
    known: Disposition  # long there, unchanged, known to a doctor
    follow: Literal["none", "since", "accident", "checked"] = "none"  # the question after yes or unsure that may lower
    soft: bool = False  # may wait until day 3; until then it keeps loads low
    required: bool = True  # the screening is not complete without it, for those it is asked of
    asked: Asked = Asked()
    adds: tuple[TagId, ...] = ()  # tags that any answer but no brings along
    sources: Annotated[tuple[SourceKey, ...], Field(min_length=1)]
    note: str = ""
    reviewed: Review | None = None

    @property
    def clarifies(self) -> bool:
        """Whether an unsure, which weighs less than a yes, is asked about once more: no other question follows it."""
        lowers = self.follow != "none" and self.known not in {self.unsure, self.yes}
        return self.list in {3, 4} and self.unsure is not self.yes and not lowers

    def text_ids(self) -> tuple[str, ...]:
        clear = (f"screening/clear/{self.id}",) if self.clarifies else ()
        return (f"screening/{self.id}", *clear)


class Together(Entry):
    """Two findings that weigh more than each alone: `item` with yes, beside any of `beside` with yes or unsure."""

    item: str
    beside: Annotated[tuple[str, ...], Field(min_length=1)]
    disposition: Disposition
    sources: Annotated[tuple[SourceKey, ...], Field(min_length=1)]
    note: str = ""


class AgeRule(Entry):
    ages: Annotated[tuple[AgeBand, ...], Field(min_length=1)]
    disposition: Disposition
    sources: Annotated[tuple[SourceKey, ...], Field(min_length=1)]


class Screening(Entry):
    items: Annotated[tuple[Item, ...], Field(min_length=1)]
    together: tuple[Together, ...]
    ages: tuple[AgeRule, ...]
    reviewed: Review | None

    def on_list(self, number: int) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.list == number)

    def get_item(self, item_id: str) -> Item:
        """Raises KeyError."""
        for item in self.items:
            if item.id == item_id:
                return item
        raise KeyError(item_id)

    def text_ids(self) -> tuple[str, ...]:
        return tuple(text for item in self.items for text in item.text_ids())
