"""A knowledge card: what it says stands in the catalogs, whom and when it concerns stands here."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from bot.library.entry import Entry, Review, SourceKey, TagId
from bot.library.screening import Episode

CardId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=30)]


class Topic(StrEnum):
    """What may concern a member more than others: then the card comes sooner."""

    DESK = "desk"
    MOOD = "mood"
    FEAR = "fear"
    SLEEP = "sleep"
    PACING = "pacing"


class Card(Entry):
    """`phases`: only in these; `tags`: only for these people, and first; `countries`: only there.

    `quiz`: whether the claim shown before the card is true; without it the card is shown at once.
    `picture`: the pose file of the card's own id is shown beside it.
    """

    id: CardId
    sources: Annotated[tuple[SourceKey, ...], Field(min_length=1)]
    phases: tuple[Episode, ...] = ()
    topics: tuple[Topic, ...] = ()
    tags: tuple[TagId, ...] = ()
    countries: tuple[str, ...] = ()
    quiz: bool | None = None
    picture: bool = False
    reviewed: Review | None

    def text_ids(self) -> tuple[str, ...]:
        stem = f"card/{self.id}"
        claim = () if self.quiz is None else (f"{stem}/claim",)
        alt = (f"picture/{self.id}/alt",) if self.picture else ()
        return (f"{stem}/title", f"{stem}/text", *claim, *alt)
