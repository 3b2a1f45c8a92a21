"""What the rules and texts point at: countries with their help numbers, skip tags, sources."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from bot.library.entry import Entry, Review, SourceKey, TagId, Words

PhoneNumber = Annotated[str, StringConstraints(pattern=r"^\+?[0-9][0-9 ]{1,18}[0-9]$")]
Link = Annotated[str, StringConstraints(pattern=r"^https://[^\s]+$")]


class HelpLine(Entry):
    name: Words  # a proper name, the same in every language
    numbers: tuple[PhoneNumber, ...] = ()
    link: Link | None = None
    always_open: bool = False
    source: SourceKey
    checked: bool  # seen at its source; false: recalled, look before release

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if not self.numbers and self.link is None:
            raise ValueError("needs a number or a link")
        return self


class Country(Entry):
    emergency: Annotated[tuple[PhoneNumber, ...], Field(min_length=1)]
    doctor_on_call: HelpLine | None
    crisis: Annotated[tuple[HelpLine, ...], Field(min_length=1)]
    poison: HelpLine | None
    violence: HelpLine | None
    mood: HelpLine | None = None
    time_zones: tuple[Words, ...] = ()
    reviewed: Review | None = None


class Tag(Entry):
    """A limitation. The text is tag/<id>; `caution` says that it adapts the programme for good."""

    id: TagId
    caution: bool
    asked: bool  # a line of the list of things to mind; the others come from answers or from the day
    careful: bool = False  # rises need more good days
    max_load: Annotated[int, Field(ge=0, le=3)] = 3
    implies: tuple[TagId, ...] = ()
    with_time: bool = False  # what it implies becomes this with time, so who has that is asked again
    sources: Annotated[tuple[SourceKey, ...], Field(min_length=1)]
    note: str = ""
    reviewed: Review | None = None

    def text_ids(self) -> tuple[str, ...]:
        becomes = (f"changes/becomes-{self.id}",) if self.with_time else ()
        return (f"tag/{self.id}", *becomes)


class Source(Entry):
    citation: Words
    doi: Annotated[str, StringConstraints(pattern=r"^10\.[0-9]{4,9}/\S+$")] | None = None
    link: Link | None = None
    checked: bool  # read at the source (often only its abstract); false: recalled, not for members' eyes
    note: str = ""
