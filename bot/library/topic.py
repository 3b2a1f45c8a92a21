"""Everyday things people write: how each is recognised stands here, what is answered stands in the catalogs.

A pattern is one or more parts joined by +, all of which must stand in the message; a part is a word or some words in a
row, a star stands for any ending, and @name for one of a class of words.
"""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from bot.library.entry import Entry, Words

TopicId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=30)]
ClassName = Annotated[str, StringConstraints(pattern=r"^[a-z]+$")]


class Topic(Entry):
    """`health`: it may be about the body, so the doors to help stand below. `links`: commands offered as buttons.

    `alone`: it says something only while no question waits; beside one it would only be noise.
    """

    id: TopicId
    whole: tuple[Words, ...] = ()
    holds: tuple[Words, ...] = ()
    links: tuple[TopicId, ...] = ()
    health: bool = False
    alone: bool = False

    def text_ids(self) -> tuple[str, ...]:
        return (f"topic/{self.id}",)


class Topics(Entry):
    """`fillers` change nothing about a whole message. A message with one of the `complaints` is never small talk."""

    fillers: tuple[Words, ...]
    complaints: tuple[Words, ...]
    words: dict[ClassName, tuple[Words, ...]]
    topics: Annotated[tuple[Topic, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _sound(self) -> Self:
        ids = [topic.id for topic in self.topics]
        for topic in self.topics:
            if ids.count(topic.id) > 1:
                raise ValueError(f"{topic.id} stands twice")
            if not topic.whole and not topic.holds:
                raise ValueError(f"{topic.id} is never recognised")
            for name in (part.strip() for pattern in topic.holds for part in pattern.split("+")):
                if not name or (name.startswith("@") and name[1:] not in self.words):
                    raise ValueError(f"{topic.id}: there is no class {name!r}")
        return self
