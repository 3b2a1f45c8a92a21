"""Messages as a person sees them: immutable, so that an old screen can still be looked at and tapped on."""

from dataclasses import dataclass
from typing import Any, Final

from tests.botapi.files import Files
from tests.botapi.wire import Wire
from tests.botapi.world import Chat, Record

KINDS: Final = ("photo", "animation", "video", "document", "voice", "audio", "sticker")


@dataclass(frozen=True, slots=True)
class Button:
    text: str
    data: str | None = None
    url: str | None = None
    style: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Media:
    kind: str
    file_id: str
    data: bytes
    name: str
    width: int = 0
    height: int = 0
    seconds: int = 0

    def __repr__(self) -> str:
        return f"Media({self.kind}, {self.width}x{self.height}, {len(self.data)} bytes)"


@dataclass(frozen=True, slots=True)
class Message:
    chat_id: int
    id: int
    text: str  # what is read, of a picture its caption
    html: str  # as it was sent
    entities: tuple[Wire, ...]
    buttons: tuple[tuple[Button, ...], ...]
    media: Media | None
    date: int
    at: float  # time.monotonic() when it arrived or was last edited
    silent: bool
    edits: tuple["Message", ...]  # what it was before, oldest first
    reply_to: int | None
    wire: Wire  # as the platform shows it to the bot

    @property
    def labels(self) -> list[str]:
        return [button.text for row in self.buttons for button in row]

    @property
    def photo(self) -> Media | None:
        return self.media if self.media and self.media.kind == "photo" else None

    @property
    def animation(self) -> Media | None:
        return self.media if self.media and self.media.kind == "animation" else None

    def button(self, wanted: str) -> Button:
        """The button with this label or, failing that, this data."""
        buttons = [button for row in self.buttons for button in row]
        for found in (b for key in ("text", "data") for b in buttons if getattr(b, key) == wanted):
            return found
        raise AssertionError(f"no button {wanted!r}, only {self.labels}")


def view(chat: Chat, record: Record, files: Files) -> Message:
    wire = record.wire
    rows = wire.get("reply_markup", {}).get("inline_keyboard", [])
    return Message(
        chat_id=chat.id,
        id=wire["message_id"],
        text=wire.get("text") or wire.get("caption") or "",
        html=record.source,
        entities=tuple(wire.get("entities") or wire.get("caption_entities") or ()),
        buttons=tuple(tuple(_button(one) for one in row) for row in rows),
        media=_media(wire, files),
        date=wire["date"],
        at=record.at,
        silent=record.silent,
        edits=tuple(view(chat, earlier, files) for earlier in record.earlier),
        reply_to=wire.get("reply_to_message", {}).get("message_id"),
        wire=wire,
    )


def _button(wire: Wire) -> Button:
    return Button(wire["text"], wire.get("callback_data"), wire.get("url"), wire.get("style"))


def _media(wire: Wire, files: Files) -> Media | None:
    kind = next((kind for kind in KINDS if kind in wire), None)
    if kind is None:
        return None
    shown: Any = wire[kind][-1] if kind == "photo" else wire[kind]
    held = files[shown["file_id"]]
    seconds, width, height = shown.get("duration", 0), shown.get("width", 0), shown.get("height", 0)
    return Media(kind, shown["file_id"], held.data, held.name, width, height, seconds)
