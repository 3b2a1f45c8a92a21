"""Raw events into arrivals: total functions that never raise. Names and raw events are not kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.clean import clean
from bot.dialogue.events import Address, Arrival, Event, MediaReceived, TextReceived, Unreadable

NAME = "matrix"
LONGEST_ID = 255  # of a person, room or event, says the specification
_MEDIA = {
    "m.image": Unreadable.PHOTO,
    "m.video": Unreadable.VIDEO,
    "m.audio": Unreadable.VOICE,
    "m.file": Unreadable.DOCUMENT,
    "m.location": Unreadable.LOCATION,
}
_OTHER = {
    "m.sticker": Unreadable.STICKER,
    "m.poll.start": Unreadable.OTHER,
    "org.matrix.msc3381.poll.start": Unreadable.OTHER,
}


@dataclass(frozen=True, slots=True)
class Origin:
    """The coach's account, the room, whether only two are in it, and the time."""

    account: str
    room: str
    private: bool
    now: int  # epoch microseconds


@dataclass(frozen=True, slots=True)
class Reaction:
    """Somebody reacted to an event of ours."""

    event: str
    key: str


def whole(event: Any) -> Mapping[str, Any]:
    """An event of nio's as the homeserver told it: of memberships nio takes the content out."""
    source: Mapping[str, Any] = event.source
    if "content" in source:
        return source
    content = getattr(event, "content", None)
    return {**source, "content": content if isinstance(content, dict) else {}}


def arrivals_of(event: object, origin: Origin) -> list[Arrival]:
    """What a timeline event means for us; empty for what means nothing, our own included."""
    if not isinstance(event, Mapping):
        return []
    sender, source = identifier(event.get("sender")), identifier(event.get("event_id"))
    if sender is None or source is None or sender == origin.account:
        return []
    address = address_of(origin, sender)
    at = at_of(event, origin.now)
    return [
        Arrival(source=source if place == 0 else f"{source}.{place}", address=address, event=found, at=at)
        for place, found in enumerate(_events(event.get("type"), event.get("content")))
    ]


def not_understood(event: Mapping[str, Any], origin: Origin) -> list[Arrival]:
    """For an event that our own code fails on: that something came."""
    sender, source = identifier(event.get("sender")), identifier(event.get("event_id"))
    if sender is None or source is None or sender == origin.account:
        return []
    came = MediaReceived(what=Unreadable.OTHER)
    return [Arrival(source=source, address=address_of(origin, sender), event=came, at=at_of(event, origin.now))]


def address_of(origin: Origin, person: str) -> Address:
    return Address(NAME, origin.account, person, origin.room, private=origin.private)


def at_of(event: Mapping[Any, Any], now: int) -> int:
    """The server's time, never in the future."""
    stamp = event.get("origin_server_ts")
    sound = isinstance(stamp, int) and not isinstance(stamp, bool) and 0 < stamp < 1 << 52
    return min(int(stamp) * 1000, now) if sound and stamp is not None else now


def age_of(event: Mapping[Any, Any], now: int) -> int:
    """How long ago it happened."""
    return now - at_of(event, now)


def identifier(value: object) -> str | None:
    """A person's, room's or event's id, if it can be one."""
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_ID or not value.isprintable() or " " in value:
        return None
    return value


def reaction_of(event: object) -> Reaction | None:
    if not isinstance(event, Mapping) or event.get("type") != "m.reaction":
        return None
    relation = _mapping(_mapping(event.get("content")).get("m.relates_to"))
    target, key = identifier(relation.get("event_id")), relation.get("key")
    if relation.get("rel_type") != "m.annotation" or target is None or not isinstance(key, str):
        return None
    return Reaction(target, key[:40])


def redacted_by(event: Mapping[Any, Any]) -> str | None:
    """The event that this one removes; newer rooms name it in the content."""
    if event.get("type") != "m.room.redaction":
        return None
    return identifier(event.get("redacts")) or identifier(_mapping(event.get("content")).get("redacts"))


def is_undecrypted(event: object) -> bool:
    return isinstance(event, Mapping) and event.get("type") == "m.room.encrypted"


def _events(kind: object, content: object) -> list[Event]:
    held = _mapping(content)
    if kind == "m.room.message":
        return _message(held)
    what = _OTHER.get(kind) if isinstance(kind, str) else None
    return [] if what is None else [MediaReceived(what=what)]


def _message(content: Mapping[Any, Any]) -> list[Event]:
    relation = _mapping(content.get("m.relates_to"))
    edited = relation.get("rel_type") == "m.replace"
    held = _mapping(content.get("m.new_content")) if edited else content
    named, body = held.get("msgtype"), held.get("body")
    kind = named if isinstance(named, str) else ""
    words = body if isinstance(body, str) else ""
    if kind in {"m.text", "m.emote"}:
        typed = _without_quote(words) if "m.in_reply_to" in relation else words
        return [TextReceived(text=clean(typed), edited=edited)] if typed.strip() else []
    if kind == "m.notice" or (not content and not relation):  # other bots; or redacted
        return []
    if edited:
        return [TextReceived(text=clean(words), edited=True)] if words.strip() else []
    what = _MEDIA.get(kind, Unreadable.OTHER)
    if kind == "m.file" and str(_mapping(held.get("info")).get("mimetype", "")).startswith("audio/"):
        what = Unreadable.VOICE
    caption = _caption(held, words)
    events: list[Event] = [MediaReceived(what=what)]
    return [*events, TextReceived(text=clean(caption), edited=True, caption=True)] if caption else events


def _caption(held: Mapping[Any, Any], body: str) -> str:
    """A body is a caption only where it is not the file's name."""
    name = held.get("filename")
    return body if isinstance(name, str) and name != body and body.strip() else ""


def _without_quote(body: str) -> str:
    """Older clients quote what they answer: lines that begin with `> `, then an empty one."""
    lines = body.split("\n")
    if not lines[0].startswith("> "):
        return body
    while lines and lines[0].startswith("> "):
        lines.pop(0)
    return "\n".join(lines).removeprefix("\n")


def _mapping(value: object) -> Mapping[Any, Any]:
    return value if isinstance(value, Mapping) else {}
