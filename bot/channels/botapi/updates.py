"""Raw updates into arrivals: a total function that never raises. Names, numbers and raw updates are not kept."""

from collections.abc import Mapping
from typing import Any

from bot.channels.clean import clean
from bot.dialogue.events import (
    Address,
    Arrival,
    ButtonTapped,
    Event,
    MediaReceived,
    ReachChanged,
    RoomMoved,
    TextReceived,
    Unreadable,
)

NAME = "telegram"
ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
_MEDIA = {
    "sticker": Unreadable.STICKER,
    "voice": Unreadable.VOICE,
    "audio": Unreadable.VOICE,
    "photo": Unreadable.PHOTO,
    "video": Unreadable.VIDEO,
    "video_note": Unreadable.VIDEO,
    "animation": Unreadable.VIDEO,
    "location": Unreadable.LOCATION,
    "venue": Unreadable.LOCATION,
    "contact": Unreadable.CONTACT,
    "document": Unreadable.DOCUMENT,
}
_BLOCKED, _BACK = {"kicked", "left"}, {"member"}
SECOND = 1_000_000


def arrivals_of(update: object, account: str, now: int) -> list[Arrival]:
    """What an update means for us; empty for what means nothing. `now`: epoch µs, for taps, which carry no date."""
    number = update_number(update)
    if number is None or not isinstance(update, Mapping):
        return []
    found = _found(update, account, now)
    return [
        Arrival(source=f"u{number}" if index == 0 else f"u{number}.{index}", address=address, event=event, at=at)
        for index, (address, event, at) in enumerate(found)
    ]


def update_number(update: object) -> int | None:
    number = update.get("update_id") if isinstance(update, Mapping) else None
    return number if isinstance(number, int) else None


def callback_id(update: object) -> str | None:
    """The id of a tap, to be acknowledged at once."""
    query = update.get("callback_query") if isinstance(update, Mapping) else None
    found = query.get("id") if isinstance(query, Mapping) else None
    return found if isinstance(found, str) else None


def _found(update: Mapping[str, Any], account: str, now: int) -> list[tuple[Address, Event, int]]:
    for kind in ("message", "edited_message"):
        if isinstance(message := update.get(kind), Mapping):
            return _message(message, account, now, edited=kind == "edited_message")
    if isinstance(query := update.get("callback_query"), Mapping):
        return _tap(query, account, now)
    if isinstance(change := update.get("my_chat_member"), Mapping):
        return _reach(change, account, now)
    return []


def _message(message: Mapping[str, Any], account: str, now: int, *, edited: bool) -> list[tuple[Address, Event, int]]:
    person, at = message.get("from"), _at(message, now)
    address = _address(message.get("chat"), person, account)
    if address is None:
        return []
    moved = message.get("migrate_to_chat_id")
    if isinstance(moved, int):
        return [(address, RoomMoved(new_room=str(moved)), at)]
    if isinstance(person, Mapping) and person.get("is_bot") is True:
        return []
    language = _language(person)
    if isinstance(typed := message.get("text"), str):
        return [(address, TextReceived(text=clean(typed), edited=edited, language=language), at)]
    events: list[Event] = []
    if isinstance(caption := message.get("caption"), str):
        events.append(TextReceived(text=clean(caption), edited=True, language=language))
    media = next((what for key, what in _MEDIA.items() if key in message), None)
    if media is not None and not edited and address.private:
        events.append(MediaReceived(what=media, language=language))
    return [(address, event, at) for event in events]


def _tap(query: Mapping[str, Any], account: str, now: int) -> list[tuple[Address, Event, int]]:
    message, data, person = query.get("message"), query.get("data"), query.get("from")
    if not isinstance(message, Mapping) or not isinstance(data, str):
        return []
    address = _address(message.get("chat"), person, account)
    if address is None:
        return []
    shown = str(message.get("message_id"))
    return [(address, ButtonTapped(data=clean(data)[:128], message=shown, language=_language(person)), now)]


def _reach(change: Mapping[str, Any], account: str, now: int) -> list[tuple[Address, Event, int]]:
    address = _address(change.get("chat"), change.get("from"), account)
    member = change.get("new_chat_member")
    status = member.get("status") if isinstance(member, Mapping) else None
    if address is None or not address.private or status not in _BLOCKED | _BACK:
        return []
    return [(address, ReachChanged(reachable=status in _BACK), _at(change, now))]


def _address(chat: object, person: object, account: str) -> Address | None:
    if not isinstance(chat, Mapping) or not isinstance(chat.get("id"), int):
        return None
    who = person.get("id") if isinstance(person, Mapping) else chat["id"]
    if not isinstance(who, int):
        return None
    return Address(NAME, account, str(who), str(chat["id"]), private=chat.get("type") == "private")


def _language(person: object) -> str | None:
    code = person.get("language_code") if isinstance(person, Mapping) else None
    return code[:16] if isinstance(code, str) and code.isascii() else None


def _at(thing: Mapping[str, Any], now: int) -> int:
    date = thing.get("edit_date", thing.get("date"))
    return date * SECOND if isinstance(date, int) and 0 < date < 1 << 33 else now
