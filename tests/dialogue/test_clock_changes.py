"""Eight o'clock stays eight o'clock when clocks are changed; a missing hour moves forward, a double one counts once."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.dialogue.events import Due
from bot.dialogue.flows.session import PROMPT
from bot.dialogue.moment import micros, resolve
from tests.dialogue.room import Room

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("zone", "day", "at", "utc"),
    [
        ("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30"),  # twice: the first one
        ("Europe/Berlin", "2026-10-25", "08:00", "2026-10-25T07:00"),
        ("Europe/Berlin", "2027-03-28", "02:30", "2027-03-28T01:30"),  # never: 03:30
        ("Europe/Berlin", "2027-03-28", "08:00", "2027-03-28T06:00"),
        ("America/New_York", "2026-11-01", "01:30", "2026-11-01T05:30"),
        ("America/New_York", "2026-11-01", "08:00", "2026-11-01T13:00"),
        ("America/New_York", "2027-03-14", "02:30", "2027-03-14T07:30"),
        ("America/New_York", "2027-03-14", "08:00", "2027-03-14T12:00"),
        ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:45"),  # half an hour: never, 02:45
        ("Australia/Lord_Howe", "2026-10-04", "08:00", "2026-10-03T21:00"),
        ("Australia/Lord_Howe", "2027-04-04", "01:45", "2027-04-03T14:45"),  # twice: the first one
        ("Australia/Lord_Howe", "2027-04-04", "08:00", "2027-04-03T21:30"),
    ],
)
def test_a_wall_time_is_one_moment(zone: str, day: str, at: str, utc: str) -> None:
    found = resolve(date.fromisoformat(day), time.fromisoformat(at), ZoneInfo(zone))

    assert found == datetime.fromisoformat(utc).replace(tzinfo=UTC)


def at_home(noon: datetime, typed: str) -> Room:
    """A first day at noon, with this time for the prompt."""
    room = Room(now=noon)
    room.onboards()
    room.taps("go")
    room.trains()
    room.taps("2")
    room.says(typed)
    for token in ("right", "none"):
        room.taps(token)
    return room


@pytest.mark.parametrize("first", [datetime(2026, 10, 23, 10, tzinfo=UTC), datetime(2027, 3, 26, 11, tzinfo=UTC)])
@pytest.mark.parametrize(("typed", "odd"), [("8:00", ""), ("2:30", "2027-03-28")])
def test_the_prompt_comes_once_a_day_at_its_wall_time(first: datetime, typed: str, odd: str) -> None:
    """Over both changes of the clocks, also at a time that comes twice or not at all."""
    room = at_home(first, typed)
    wanted = time.fromisoformat(typed.zfill(5))

    came: list[datetime] = []
    for _ in range(4):
        booked = min(a.due for (kind, _), a in room.appointments.items() if kind == PROMPT)
        room.until_due(PROMPT)
        came.append(booked.astimezone(BERLIN))
        room.says("/heute")  # whoever answers is written to the next day too

    assert [each.date() for each in came] == [first.date() + timedelta(days=n) for n in range(1, 5)]
    for each in came:
        expected = time(3, 30) if each.date().isoformat() == odd else wanted
        assert (each.time(), each.fold) == (expected, 0)


@pytest.mark.parametrize(
    ("typed", "hour", "speaks"), [("8:00", 8, True), ("8:00", 22, False), ("8:00", 6, False), ("22:00", 22, True)]
)
def test_nothing_is_said_in_quiet_hours_but_in_the_hour_that_was_chosen(typed: str, hour: int, speaks: bool) -> None:  # noqa: FBT001  a parameter of the table
    room = at_home(datetime(2026, 11, 23, 11, tzinfo=UTC), typed)
    room.now = datetime(2026, 11, 24, hour, 5, tzinfo=BERLIN).astimezone(UTC)

    room.happens(Due(kind=PROMPT, local_date="2026-11-24", due_at=micros(room.now)))

    assert bool(room.texts) is speaks
