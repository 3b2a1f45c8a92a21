"""What a judge of requests must decide, and the one that decides nothing: the fast mode for benchmarks."""

import html
import re
from dataclasses import dataclass
from typing import Protocol

from tests.botapi.wire import Call, Wire

TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Frame:
    """What is seen when a picture or film is opened."""

    width: int
    height: int
    seconds: int = 0
    silent: bool = True


class Judge(Protocol):
    def request(self, call: Call) -> None:
        """Refuses a call that the platform would refuse for its form."""

    def text(self, source: str, parse_mode: str | None, entities: list[Wire] | None) -> tuple[str, list[Wire]]:
        """The visible text and its entities."""

    def photo(self, data: bytes) -> Frame: ...

    def film(self, data: bytes) -> Frame: ...

    def update(self, update: Wire) -> None:
        """Raises when an update of ours is not one of the platform's."""


class Lenient:
    """Believes everything, at the least cost."""

    def request(self, call: Call) -> None:
        pass

    def text(self, source: str, parse_mode: str | None, entities: list[Wire] | None) -> tuple[str, list[Wire]]:
        if parse_mode is not None and ("<" in source or "&" in source):
            return html.unescape(TAG.sub("", source)), []
        return source, entities or []

    def photo(self, data: bytes) -> Frame:
        del data
        return Frame(1024, 768)

    def film(self, data: bytes) -> Frame:
        del data
        return Frame(480, 360, 2)

    def update(self, update: Wire) -> None:
        pass
