"""What becomes of raw events: total functions, and nothing of ours comes back to us."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.channels.matrix.position import Gap, Invitation, Position, Unread, load
from bot.channels.matrix.rooms import InvitePolicy, joined_at, reach, successor_of
from bot.channels.matrix.updates import Origin, age_of, arrivals_of, reaction_of, redacted_by
from bot.dialogue.events import MediaReceived, ReachChanged, TextReceived, Unreadable

COACH, ADA, ROOM = "@coach:example.org", "@ada:example.org", "!r:example.org"
NOW = 1_772_438_400_000_000
HERE = Origin(COACH, ROOM, True, NOW)


def message(**content: Any) -> dict[str, Any]:
    return {
        "type": "m.room.message",
        "event_id": "$1",
        "sender": ADA,
        "origin_server_ts": NOW // 1000 - 5000,
        "content": {"msgtype": "m.text", "body": "hallo", **content},
    }


def member(who: str, now: str, before: str | None = None) -> dict[str, Any]:
    unsigned = {} if before is None else {"prev_content": {"membership": before}}
    content = {"membership": now}
    return {"type": "m.room.member", "event_id": "$m", "state_key": who, "content": content, "unsigned": unsigned}


def test_what_was_removed_is_named_in_old_rooms_and_in_new_ones() -> None:
    removed = {"type": "m.room.redaction", "event_id": "$r", "sender": ADA}

    assert redacted_by({**removed, "redacts": "$1", "content": {}}) == "$1"
    assert redacted_by({**removed, "content": {"redacts": "$1"}}) == "$1"
    assert redacted_by({**removed, "content": {"redacts": 1}}) is None
    assert redacted_by({**message(), "redacts": "$1"}) is None
    assert age_of(message(), NOW) == 5_000_000


def test_words_are_taken_with_the_servers_time() -> None:
    (arrival,) = arrivals_of(message(), HERE)

    assert arrival.event == TextReceived(text="hallo")
    assert (arrival.source, arrival.at) == ("$1", NOW - 5_000_000)
    assert (arrival.address.person, arrival.address.room) == (ADA, ROOM)


def test_edits_are_no_answers_and_quotes_are_left_out() -> None:
    edited = message(**{"m.relates_to": {"rel_type": "m.replace"}, "m.new_content": {"msgtype": "m.text", "body": "4"}})
    reply = message(body="> <@coach> Wie stark?\n> 0 bis 10\n\n4", **{"m.relates_to": {"m.in_reply_to": {}}})

    assert [arrival.event for arrival in arrivals_of(edited, HERE)] == [TextReceived(text="4", edited=True)]
    assert [arrival.event for arrival in arrivals_of(reply, HERE)] == [TextReceived(text="4")]


def test_media_is_named_and_its_caption_is_looked_at() -> None:
    events = [a.event for a in arrivals_of(message(msgtype="m.image", body="Taubheit", filename="a.png"), HERE)]

    assert events == [MediaReceived(what=Unreadable.PHOTO), TextReceived(text="Taubheit", edited=True, caption=True)]


@pytest.mark.parametrize("kind", ["m.notice"])
def test_other_bots_and_ourselves_say_nothing(kind: str) -> None:
    assert arrivals_of(message(msgtype=kind), HERE) == []
    assert arrivals_of({**message(), "sender": COACH}, HERE) == []


def test_what_is_older_than_our_joining_is_left_out() -> None:
    events: list[Any] = [message(), member(COACH, "join", "invite"), message()]

    assert joined_at(events, COACH) == 2
    assert joined_at([message(), member(COACH, "join", "join")], COACH) == 0  # a new name


@pytest.mark.parametrize(
    ("event", "others", "reached"),
    [
        (member("@carol:x", "invite"), [ADA, "@carol:x"], [(ADA, False)]),
        (member("@carol:x", "leave", "join"), [ADA], [(ADA, True)]),
        (member(ADA, "leave", "join"), [], [(ADA, False)]),
        (member(ADA, "join", "join"), [ADA], []),
        (member(COACH, "join"), [ADA], []),
    ],
)
def test_who_is_there_decides_who_is_reached(
    event: dict[str, Any], others: list[str], reached: list[tuple[str, bool]]
) -> None:
    found = reach(event, HERE, others)

    assert [(a.address.person, a.event.reachable) for a in found if isinstance(a.event, ReachChanged)] == reached


def test_a_room_that_ends_names_its_successor() -> None:
    tombstone = {"type": "m.room.tombstone", "state_key": "", "sender": ADA, "content": {"replacement_room": "!n:x"}}

    assert successor_of(tombstone) == ("!n:x", ADA)
    assert successor_of(message()) is None


@pytest.mark.parametrize(
    ("policy", "guest", "admitted"),
    [
        ("everyone", ADA, True),
        ("example.org", ADA, True),
        ("example.com,@ada:example.org", ADA, True),
        ("example.com", ADA, False),
        ("org", ADA, False),
    ],
)
def test_the_policy_names_servers_and_people(policy: str, guest: str, admitted: bool) -> None:  # noqa: FBT001 - a table
    assert InvitePolicy.parse(policy).admits(guest) is admitted


def test_the_position_survives_as_it_was() -> None:
    position = Position(
        token="s1",
        unread=(Unread(ROOM, "$1", 1_700_000_000, told=True),),
        invitations={ROOM: Invitation(ROOM, ADA, NOW)},
        gaps=(Gap(ROOM, "s2", "s1", NOW),),
        crowded={ROOM: "$2"},
        told={ROOM: 1_700_000_000},
    )

    assert load(position.dump()) == position
    assert load(None) == Position()


def test_an_older_position_is_read() -> None:
    saved = json.dumps({"token": "s1", "unread": [[ROOM, "$1"]], "invitations": [[ROOM, ADA, NOW]]})

    assert load(saved) == Position(
        token="s1", unread=(Unread(ROOM, "$1"),), invitations={ROOM: Invitation(ROOM, ADA, NOW)}
    )


@given(
    st.text()
    | st.recursive(st.none() | st.integers(), lambda v: st.lists(v) | st.dictionaries(st.text(), v)).map(json.dumps)
)
def test_a_damaged_position_begins_anew(saved: str) -> None:
    assert load(saved) == Position()


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=20)
    | st.sampled_from([ADA, COACH, "m.replace", "leave"]),
    lambda values: (
        st.lists(values, max_size=3)
        | st.dictionaries(
            st.sampled_from(["body", "msgtype", "m.relates_to", "rel_type", "membership", "event_id", "key", "info"])
            | st.text(max_size=5),
            values,
            max_size=4,
        )
    ),
    max_leaves=12,
)
kinds = st.sampled_from(["m.room.message", "m.reaction", "m.room.member", "m.room.tombstone", "m.sticker", "x"])
raw = st.fixed_dictionaries(
    {},
    optional={
        "type": kinds | json_values,
        "sender": json_values,
        "event_id": st.just("$1") | json_values,
        "state_key": json_values,
        "origin_server_ts": json_values,
        "content": json_values,
        "unsigned": json_values,
    },
)


@given(raw | json_values)
@example(message(msgtype=["m.text"]))
@example({**member(ADA, "join"), "content": {"membership": []}})
def test_nothing_that_comes_raises(event: Any) -> None:
    for arrival in arrivals_of(event, HERE):
        assert arrival.address.person not in {"", COACH}
        assert arrival.at <= NOW
    reaction_of(event)
    reach(event, HERE, [ADA])
    successor_of(event)
    joined_at([event], COACH)
