"""Raw updates into arrivals: every kind, and that nothing raises."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram.updates import arrivals_of, callback_id, damage_of
from bot.dialogue.events import (
    ButtonTapped,
    Event,
    GroupChange,
    GroupChanged,
    MediaReceived,
    ReachChanged,
    RoomMoved,
    TextReceived,
    Unreadable,
)

ADA = {"id": 1001, "is_bot": False, "first_name": "Ada", "last_name": "Lovelace", "language_code": "de-AT"}
DM = {"id": 1001, "type": "private", "first_name": "Ada"}
GROUP = {"id": -77, "type": "group", "title": "Rücken fit"}
DATE, NOW = 1_790_000_000, 5
TALK = {"message_id": 7, "date": DATE, "chat": DM, "from": ADA}


def events(**update: Any) -> list[Event]:
    return [arrival.event for arrival in arrivals_of({"update_id": 5, **update}, "42", NOW)]


def test_a_text_with_its_address_time_and_language() -> None:
    (arrival,) = arrivals_of({"update_id": 5, "message": TALK | {"text": "ha\0llo \ud83d"}}, "42", NOW)
    assert arrival.event == TextReceived(text="ha\ufffdllo \ufffd", language="de-AT")
    assert (arrival.source, arrival.at) == ("u5", DATE * 1_000_000)
    assert arrival.address.key == "telegram\n42\n1001\n1001"
    assert arrival.address.private


def test_an_edit_is_marked_and_has_the_time_of_the_edit() -> None:
    (arrival,) = arrivals_of({"update_id": 5, "edited_message": TALK | {"text": "x", "edit_date": DATE + 9}}, "42", NOW)
    assert arrival.event == TextReceived(text="x", edited=True, language="de-AT")
    assert arrival.at == (DATE + 9) * 1_000_000


def test_a_caption_is_looked_at_for_alarms_and_is_no_answer() -> None:
    photo = TALK | {"photo": [{"file_id": "x"}], "caption": "taub im Schritt"}
    found = arrivals_of({"update_id": 5, "message": photo}, "42", NOW)
    assert [arrival.source for arrival in found] == ["u5", "u5.1"]
    assert [arrival.event for arrival in found] == [
        TextReceived(text="taub im Schritt", edited=True, caption=True, language="de-AT"),
        MediaReceived(what=Unreadable.PHOTO, language="de-AT"),
    ]
    assert events(edited_message=photo) == [
        TextReceived(text="taub im Schritt", edited=True, caption=True, language="de-AT")
    ]


def test_pictures_sent_together_are_one_event_and_every_caption_is_looked_at() -> None:
    """Ten of them would get ten lines, and the open question ten times below."""
    pictures = [TALK | {"message_id": n, "photo": [{}], "media_group_id": "1234567"} for n in range(3)]
    pictures[2] |= {"caption": "taub im Schritt"}
    found = [
        each for n, one in enumerate(pictures) for each in arrivals_of({"update_id": n, "message": one}, "42", NOW)
    ]

    media = {arrival.source for arrival in found if isinstance(arrival.event, MediaReceived)}
    texts = {arrival.source for arrival in found if isinstance(arrival.event, TextReceived)}
    assert (media, texts) == ({"album 1234567"}, {"u2"})
    other = arrivals_of({"update_id": 9, "message": TALK | {"photo": [{}], "media_group_id": "x" * 99}}, "42", NOW)
    assert [arrival.source for arrival in other] == ["u9"]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("sticker", Unreadable.STICKER),
        ("voice", Unreadable.VOICE),
        ("video_note", Unreadable.VIDEO),
        ("location", Unreadable.LOCATION),
        ("contact", Unreadable.CONTACT),
        ("document", Unreadable.DOCUMENT),
        ("dice", Unreadable.OTHER),
    ],
)
def test_what_cannot_be_read(content: str, what: Unreadable) -> None:
    assert events(message=TALK | {content: {}}) == [MediaReceived(what=what, language="de-AT")]
    assert events(message=TALK | {"chat": GROUP, content: {}}) == []


def test_a_forwarded_text_says_so() -> None:
    origin = {"type": "user", "date": DATE, "sender_user": ADA}
    (event,) = events(message=TALK | {"text": "nimm das", "forward_origin": origin})

    assert event == TextReceived(text="nimm das", forwarded=True, language="de-AT")


def test_an_animation_is_a_film_though_it_looks_like_a_document_too() -> None:
    assert events(message=TALK | {"document": {}, "animation": {}}) == [
        MediaReceived(what=Unreadable.VIDEO, language="de-AT")
    ]


def test_names_and_numbers_are_not_kept() -> None:
    contact = TALK | {"contact": {"phone_number": "+49301234567", "first_name": "Grace"}}
    found = arrivals_of({"update_id": 5, "message": contact}, "42", NOW)
    assert not any(word in repr(found) for word in ("Ada", "Lovelace", "Grace", "+4930"))


def test_a_tap() -> None:
    query = {"id": "9", "from": ADA, "data": "q1:yes", "message": {"message_id": 7, "date": 0, "chat": DM}}
    (arrival,) = arrivals_of({"update_id": 5, "callback_query": query}, "42", NOW)
    assert (arrival.event, arrival.at) == (ButtonTapped(data="q1:yes", message="7", language="de-AT"), NOW)
    assert callback_id({"callback_query": query}) == "9"


def test_a_group_is_not_private_and_other_bots_are_not_heard() -> None:
    (arrival,) = arrivals_of({"update_id": 5, "message": TALK | {"chat": GROUP, "text": "/heute"}}, "42", NOW)
    assert (arrival.address.private, arrival.address.room, arrival.address.person) == (False, "-77", "1001")
    assert events(message=TALK | {"chat": GROUP, "text": "hi", "from": ADA | {"is_bot": True}}) == []
    assert events(message=TALK | {"chat": GROUP, "new_chat_members": [ADA]}) == []


def test_block_unblock_and_migration() -> None:
    def changed(status: str, chat: dict[str, Any]) -> list[Event]:
        return events(my_chat_member={"chat": chat, "from": ADA, "date": DATE, "new_chat_member": {"status": status}})

    assert changed("kicked", DM) == [ReachChanged(reachable=False)]
    assert changed("member", DM) == [ReachChanged(reachable=True)]
    assert changed("member", GROUP) == [GroupChanged(what=GroupChange.ENTERED, language="de-AT")]
    assert changed("kicked", GROUP) == [GroupChanged(what=GroupChange.LEFT, language="de-AT")]
    assert events(message=TALK | {"chat": GROUP, "migrate_to_chat_id": -1001}) == [RoomMoved(new_room="-1001")]


@pytest.mark.parametrize(
    ("update", "kind"),
    [
        ({"message": TALK}, "unnumbered"),
        ("hallo", "unnumbered"),
        ({"update_id": True, "message": TALK}, "unnumbered"),
        ({"update_id": 5}, "empty"),
        ({"update_id": 5, "telepathy": {}}, "telepathy"),
        ({"update_id": 5, "Ada wrote this": {}}, "unknown"),
        ({"update_id": 5, "message": {"text": "hallo"}}, "message"),
        ({"update_id": 5, "message": TALK}, None),
        ({"update_id": 5, "callback_query": {"message": {"chat": DM}}}, None),
    ],
)
def test_damage_is_named_by_kind_only(update: object, kind: str | None) -> None:
    assert damage_of(update) == kind


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KEYS = ("message", "edited_message", "callback_query", "my_chat_member", "chat", "from", "id", "date", "edit_date",
        "text", "caption", "data", "status", "new_chat_member", "photo",
        "migrate_to_chat_id", "type", "is_bot")  # fmt: skip
SHAPED = st.recursive(JSON, lambda inner: st.dictionaries(st.sampled_from(KEYS), inner, max_size=6), max_leaves=12)


@settings(max_examples=100)
@given(st.dictionaries(st.sampled_from(("update_id", *KEYS[:4])), SHAPED, max_size=3), st.integers() | SHAPED)
def test_nothing_raises(update: dict[str, Any], number: object) -> None:
    for seen in (update, update | {"update_id": number}, number):
        found = arrivals_of(seen, "42", NOW)
        assert len({arrival.source for arrival in found}) == len(found)
        assert not any("\n" in part for arrival in found for part in (arrival.address.person, arrival.address.room))
        damage_of(seen)
        callback_id(seen)
