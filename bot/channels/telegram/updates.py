"""Raw updates into arrivals: a total function that never raises. Names, numbers and raw updates are not kept."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.channels.clean import clean
from bot.dialogue.events import (
    Address,
    Arrival,
    ButtonTapped,
    DamagedReceived,
    Event,
    GroupChange,
    GroupChanged,
    MediaReceived,
    ReachChanged,
    RoomMoved,
    TextReceived,
    Unreadable,
)
from bot.dialogue.rounds import read_round_tap

NAME = "telegram"
ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
SECOND = 1_000_000
LONGEST_DATA = 128  # Telegram allows 64 bytes; more is forged, and cut so that it matches nothing
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
    "dice": Unreadable.OTHER,
    "poll": Unreadable.OTHER,
    "game": Unreadable.OTHER,
    "story": Unreadable.OTHER,
    "paid_media": Unreadable.OTHER,
    "live_photo": Unreadable.OTHER,
    "checklist": Unreadable.OTHER,
    "rich_message": Unreadable.OTHER,
}
_BLOCKED, _BACK = {"kicked", "left"}, {"member"}
_IN, _ADMIN, _MUTED = {"member", "restricted", "administrator"}, "administrator", "restricted"
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,2}")
_ALBUM = re.compile(r"[0-9A-Za-z_-]{1,40}")
_KIND = re.compile(r"[a-z_]{1,40}")

Found = list[tuple[Address, Event, int]]


def arrivals_of(update: object, account: str, now: int, waited_s: int = 0) -> list[Arrival]:
    """What an update means for us; empty for what means nothing. `now`: epoch µs, for taps, which carry no date."""
    number = update_number(update)
    if number is None or not isinstance(update, Mapping):
        return []
    album = _album(update)
    return [
        Arrival(
            # Ten pictures sent together are ten updates: as one event they get one answer.
            source=album if album and isinstance(event, MediaReceived) else f"u{number}{f'.{index}' if index else ''}",
            address=address,
            event=event,
            at=at,
            waited_s=waited_s,
        )
        for index, (address, event, at) in enumerate(_found(update, account, now))
    ]


def _album(update: Mapping[str, Any]) -> str | None:
    message = update.get("message")
    found = message.get("media_group_id") if isinstance(message, Mapping) else None
    return f"album {found}" if isinstance(found, str) and _ALBUM.fullmatch(found) else None


def update_number(update: object) -> int | None:
    return _whole(update.get("update_id")) if isinstance(update, Mapping) else None


def callback_id(update: object) -> str | None:
    """The id of a tap, to be answered at once."""
    query = update.get("callback_query") if isinstance(update, Mapping) else None
    found = query.get("id") if isinstance(query, Mapping) else None
    return found if isinstance(found, str) else None


def is_round_tap(update: object) -> bool:
    """Whether it is a tap on a round's card, whose answer must wait until it is counted."""
    query = update.get("callback_query") if isinstance(update, Mapping) else None
    data = query.get("data") if isinstance(query, Mapping) else None
    return isinstance(data, str) and read_round_tap(data) is not None


def damage_of(update: object) -> str | None:
    """The kind of an update that no Telegram we know makes, to be set aside; `None` for a sound one."""
    if not isinstance(update, Mapping) or update_number(update) is None:
        return "unnumbered"
    kind = next((str(key) for key in update if key != "update_id"), "empty")
    if kind not in ALLOWED:
        return kind if _KIND.fullmatch(kind) else "unknown"
    body = update[kind]
    place = body.get("message") if kind == "callback_query" and isinstance(body, Mapping) else body
    chat = place.get("chat") if isinstance(place, Mapping) else None
    return None if isinstance(chat, Mapping) and _whole(chat.get("id")) is not None else kind


def damaged(update: object, kind: str, account: str, now: int) -> list[Arrival]:
    """Of a damaged update only its number and kind are kept, for the operator; nothing of one without a number.

    `now`: epoch µs.
    """
    number, nowhere = update_number(update), Address(NAME, account, "", "")
    event = DamagedReceived(kind=kind)
    return [] if number is None else [Arrival(source=f"u{number}", address=nowhere, event=event, at=now)]


def _found(update: Mapping[str, Any], account: str, now: int) -> Found:
    for kind in ("message", "edited_message"):
        if isinstance(message := update.get(kind), Mapping):
            return _message(message, account, now, edited=kind == "edited_message")
    if isinstance(query := update.get("callback_query"), Mapping):
        return _tap(query, account, now)
    if isinstance(change := update.get("my_chat_member"), Mapping):
        return _reach(change, account, now)
    return []


def _message(message: Mapping[str, Any], account: str, now: int, *, edited: bool) -> Found:
    person, at = message.get("from"), _at(message, now)
    address = _in_topic(_address(message.get("chat"), person, account), message)
    if address is None:
        return []
    if (moved := _whole(message.get("migrate_to_chat_id"))) is not None:
        return [(address, RoomMoved(new_room=str(moved)), at)]
    governs = _is_group_itself(message)
    if isinstance(person, Mapping) and person.get("is_bot") is True and not governs:
        return []
    language, forwarded = _language(person), "forward_origin" in message
    if isinstance(typed := message.get("text"), str):
        said = TextReceived(text=clean(typed), edited=edited, forwarded=forwarded, language=language, governs=governs)
        return [(address, said, at)]
    events: list[Event] = []
    if isinstance(caption := message.get("caption"), str):
        events.append(TextReceived(text=clean(caption), edited=True, caption=True, language=language))
    what = next((what for key, what in _MEDIA.items() if key in message), None)
    if what is not None and not edited and address.private:
        events.append(MediaReceived(what=what, language=language))
    return [(address, event, at) for event in events]


def _tap(query: Mapping[str, Any], account: str, now: int) -> Found:
    message, data, person = query.get("message"), query.get("data"), query.get("from")
    if not isinstance(message, Mapping) or not isinstance(data, str):
        return []
    address = _address(message.get("chat"), person, account)
    if address is None:
        return []
    number = _whole(message.get("message_id"))
    shown = None if number is None else str(number)
    tap = ButtonTapped(data=clean(data)[:LONGEST_DATA], message=shown, language=_language(person))
    name = query.get("id")
    if isinstance(name, str) and read_round_tap(tap.data) is not None:
        tap = replace(tap, query=name[:LONGEST_DATA])
    return [(address, tap, now)]


def _reach(change: Mapping[str, Any], account: str, now: int) -> Found:
    address = _address(change.get("chat"), change.get("from"), account)
    member = change.get("new_chat_member")
    status = member.get("status") if isinstance(member, Mapping) else None
    if address is None or not isinstance(status, str):
        return []
    if not address.private:
        became = _group_change(_status(change.get("old_chat_member")), status)
        event = (
            None
            if became is None
            else GroupChanged(what=became, language=_language(change.get("from")), admin=status == _ADMIN)
        )
        return [] if event is None else [(address, event, _at(change, now))]
    if status not in _BLOCKED | _BACK:
        return []
    return [(address, ReachChanged(reachable=status in _BACK), _at(change, now))]


def _group_change(before: str | None, after: str) -> GroupChange | None:
    """The bot's own standing in a group: nothing for what makes no difference to a card."""
    if after in _BLOCKED:
        return GroupChange.LEFT
    if after not in _IN:
        return None
    if before in _IN:
        may_more = after == _ADMIN != before or (before == _MUTED and after != _MUTED)
        if before == _ADMIN != after:
            return GroupChange.DEMOTED
        return GroupChange.PROMOTED if may_more else None
    return GroupChange.ENTERED


def _status(member: object) -> str | None:
    found = member.get("status") if isinstance(member, Mapping) else None
    return found if isinstance(found, str) else None


def _is_group_itself(message: Mapping[str, Any]) -> bool:
    """An admin who writes anonymously: the sender is the group, and only admins can."""
    sender, chat = message.get("sender_chat"), message.get("chat")
    if not isinstance(sender, Mapping) or not isinstance(chat, Mapping) or chat.get("type") == "private":
        return False
    return _whole(sender.get("id")) is not None and sender.get("id") == chat.get("id")


def _in_topic(address: Address | None, message: Mapping[str, Any]) -> Address | None:
    """In a group with topics the answer belongs into the same one."""
    topic = _whole(message.get("message_thread_id"))
    if address is None or address.private or topic is None or message.get("is_topic_message") is not True:
        return address
    return replace(address, room=f"{address.room}/{topic}")


def _address(chat: object, person: object, account: str) -> Address | None:
    room = _whole(chat.get("id")) if isinstance(chat, Mapping) else None
    who = _whole(person.get("id")) if isinstance(person, Mapping) else room
    if room is None or who is None or not isinstance(chat, Mapping):
        return None
    return Address(NAME, account, str(who), str(room), private=chat.get("type") == "private")


def _language(person: object) -> str | None:
    code = person.get("language_code") if isinstance(person, Mapping) else None
    return code if isinstance(code, str) and _LANGUAGE.fullmatch(code) else None


def _at(thing: Mapping[str, Any], now: int) -> int:
    date = _whole(thing.get("edit_date")) or _whole(thing.get("date")) or 0
    return date * SECOND if 0 < date < 1 << 33 else now


def _whole(value: object) -> int | None:
    """JSON's whole numbers within 63 bits: anything else is no id and no date."""
    return value if type(value) is int and abs(value) < 1 << 63 else None
