"""The gate before a session: the first rule that fits, day by day."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from bot.coach.course import with_day
from bot.coach.flare import with_flares
from bot.coach.gate import Gate, open_gate
from bot.coach.records import DayRecord, ExerciseRecord, History, Mode, Quality, SessionRecord
from bot.library.library import Library

BRIDGE = ExerciseRecord(exercise="bruecke", load=3, done=1, effort=5, more=True)


def session(
    before: float | None = 3, after: float | None = 3, quality: Quality | None = None, effort: float = 5
) -> SessionRecord:
    return SessionRecord(before=before, after=after, quality=quality, exercises=(replace(BRIDGE, effort=effort),))


def gates(library: Library, days: Iterable[DayRecord], average: float | None = 3) -> list[Gate]:
    history, result = History(average=average), []
    for day in days:
        result.append(open_gate(history, day, library.thresholds))
        history = with_day(history, day, result[-1], library)
    return result


def modes(library: Library, days: Iterable[DayRecord], average: float | None = 3) -> list[str]:
    return [gate.mode.value for gate in gates(library, days, average)]


@pytest.mark.parametrize(
    ("pain", "average", "mode"),
    [
        (3, 3, "normal"),
        (4, 3, "normal"),
        (5, 3, "flare"),
        (6, 3, "screen"),
        (8, 6, "screen"),
        (8, 7, "screen"),
        (7, 6, "reduced"),
        (7, 7, "normal"),
        (7, None, "reduced"),
        (8, None, "screen"),
        (None, None, "normal"),
    ],
)
def test_pain_before(library: Library, pain: float | None, average: float | None, mode: str) -> None:
    assert modes(library, [DayRecord(day=1, before=pain)], average) == [mode]


@pytest.mark.parametrize(("morning", "mode"), [(4, "normal"), (5, "flare"), (6, "screen")])
def test_the_morning_counts_too(library: Library, morning: float, mode: str) -> None:
    assert modes(library, [DayRecord(day=1, morning=morning, before=3)]) == [mode]


def test_the_member_may_call_it_a_flare_up(library: Library) -> None:
    (gate,) = gates(library, [DayRecord(day=1, before=1, flare_said=True)])

    assert (gate.mode, gate.max_load, gate.walk_percent, gate.allows_micro) == (Mode.FLARE, 1, 50, True)
    assert gate.reason == "reason/R_FLARE"
    assert gate.sources


def test_lists_answered_clear_lead_into_the_flare_up(library: Library) -> None:
    assert modes(library, [DayRecord(day=1, before=8, screened_clear=True)]) == ["flare"]


def test_a_flare_up_ends_with_the_second_calm_day_and_is_followed_by_a_return(library: Library) -> None:
    days = [DayRecord(day=1, before=5), DayRecord(day=2, before=4), DayRecord(day=3), DayRecord(day=4, morning=3)]
    later = [DayRecord(day=n, session=session()) for n in (5, 6, 7, 8, 9)]

    found = gates(library, [*days, *later, DayRecord(day=13, before=3)])

    assert [gate.mode for gate in found[:4]] == [Mode.FLARE, Mode.FLARE, Mode.FLARE, Mode.RETURN]
    assert [gate.volume_percent for gate in found[3:9]] == [70, 70, 80, 90, 100, 100]
    assert found[-1].mode is Mode.RAMP


@pytest.mark.parametrize("between", [DayRecord(day=2, before=5), DayRecord(day=2, before=3, flare_said=True)])
def test_one_calm_day_is_not_enough(library: Library, between: DayRecord) -> None:
    days = [DayRecord(day=1, before=5), between, DayRecord(day=3, before=3)]

    assert modes(library, days)[-1] == "flare"


def test_a_flare_up_whose_days_are_unknown_goes_on_after_one_calm_day(library: Library) -> None:
    history = History(days=(DayRecord(day=1, flaring=True),), average=3)

    assert open_gate(history, DayRecord(day=2, before=3), library.thresholds).mode is Mode.FLARE


def test_a_flare_up_of_more_than_72_hours_asks_the_lists_again(library: Library) -> None:
    assert modes(library, [DayRecord(day=n, before=5) for n in range(1, 8)]) == [
        "flare",
        "flare",
        "flare",
        "screen",
        "flare",
        "flare",
        "screen",
    ]


def test_a_flare_up_of_more_than_a_week_advises_to_talk_to_a_practice(library: Library) -> None:
    found = gates(library, [DayRecord(day=n, before=5) for n in range(1, 10)])

    assert [n for n, gate in enumerate(found, 1) if "flare-lasts" in gate.advice] == [9]


def test_two_flare_ups_within_two_weeks_ask_the_lists(library: Library) -> None:
    calm = [DayRecord(day=n, before=3) for n in range(2, 8)]

    assert modes(library, [DayRecord(day=1, before=5), *calm, DayRecord(day=8, before=5)])[-1] == "screen"
    assert modes(library, [DayRecord(day=1, before=5), *calm, DayRecord(day=15, before=5)])[-1] == "flare"


def test_much_usual_pain_does_not_ask_the_lists_every_day(library: Library) -> None:
    assert modes(library, [DayRecord(day=n, before=8) for n in range(1, 6)], 8) == [
        "screen",
        "normal",
        "normal",
        "screen",
        "normal",
    ]


def test_much_usual_pain_keeps_loads_low_and_after_two_weeks_advises_help(library: Library) -> None:
    found = gates(library, [DayRecord(day=n, before=7) for n in range(1, 16)], 7)

    assert {gate.max_load for gate in found} == {2}
    assert found[-1].advice == ("usual-pain-high",)


@pytest.mark.parametrize(
    ("day", "cause"), [(session(quality=Quality.RADIATING), "leg"), (session(before=6, after=8), "peak")]
)
def test_new_leg_pain_and_a_high_peak_ask_the_lists_before_the_next_session(
    library: Library, day: SessionRecord, cause: str
) -> None:
    first = DayRecord(day=1, session=day, screened_clear=True)

    found = gates(library, [replace(first, screened_clear=False), DayRecord(day=2)], 6)

    assert (found[1].mode, found[1].cause, found[1].reason) == (Mode.SCREEN, cause, f"reason/R_SCREEN/{cause}")
    assert gates(library, [first, DayRecord(day=2)], 6)[1].mode is Mode.NORMAL


def test_lists_that_were_not_answered_stay_in_the_way(library: Library) -> None:
    asked = DayRecord(day=1, mode=Mode.SCREEN)
    history = History(days=(asked, DayRecord(day=2)), average=3)

    gate = open_gate(history, DayRecord(day=3, before=3), library.thresholds)

    assert (gate.mode, gate.cause) == (Mode.SCREEN, "unanswered")


def test_two_amber_sessions_in_a_row_make_the_next_one_smaller(library: Library) -> None:
    amber, green = session(effort=7), session()
    ends = DayRecord(day=3)

    assert modes(library, [DayRecord(day=1, session=amber), DayRecord(day=2, session=amber), ends])[-1] == "reduced"
    assert modes(library, [DayRecord(day=1, session=amber), DayRecord(day=2, session=green), ends])[-1] == "normal"


@pytest.mark.parametrize(("sleep", "pain", "mode"), [(3, 5, "reduced"), (4, 5, "normal"), (3, 4, "normal")])
def test_bad_sleep_with_pain_makes_it_smaller(library: Library, sleep: float, pain: float, mode: str) -> None:
    assert modes(library, [DayRecord(day=1, before=pain, sleep=sleep)], 5) == [mode]


def test_a_lock_stands_until_it_is_cleared(library: Library) -> None:
    days = [
        DayRecord(day=1, stopped=True),
        DayRecord(day=2, before=1),
        DayRecord(day=3, stopped=True, cleared=True),
        DayRecord(day=4, cleared=True),
        DayRecord(day=5),
    ]

    found = gates(library, days)

    assert [gate.mode for gate in found] == [Mode.STOP, Mode.STOP, Mode.STOP, Mode.NORMAL, Mode.NORMAL]
    assert (found[0].max_load, found[0].allows_micro) == (-1, False)


@pytest.mark.parametrize(
    ("gap", "expected"),
    [
        (3, ["normal"]),
        (4, ["ramp", "normal"]),
        (7, ["ramp", "normal"]),
        (8, ["ramp", "ramp", "normal"]),
        (13, ["ramp", "ramp", "normal"]),
        (14, ["screen", "ramp", "normal"]),
        (27, ["screen", "ramp", "normal"]),
        (40, ["screen", "ramp", "normal"]),
    ],
)
def test_coming_back_after_a_pause(library: Library, gap: int, expected: list[str]) -> None:
    back = [DayRecord(day=1 + gap + n, session=session()) for n in range(len(expected))]

    assert modes(library, [DayRecord(day=1, session=session()), *back])[1:] == expected


def test_lists_answered_during_a_pause_are_not_asked_again(library: Library) -> None:
    first = DayRecord(day=1, session=session())
    days = [first, DayRecord(day=20, screened_clear=True), DayRecord(day=21)]

    assert modes(library, days)[-1] == "ramp"


def test_a_short_pause_takes_one_set_once(library: Library) -> None:
    found = gates(library, [DayRecord(day=1, session=session()), DayRecord(day=6)])

    assert (found[1].mode, found[1].sets_less, found[1].volume_percent) == (Mode.RAMP, 1, 100)
    assert ("gap", 5) in found[1].inputs


def test_days_count_as_usual_until_numbers_say_what_is_usual(library: Library) -> None:
    """Told as 2, but every morning is a 5: it may not stay a flare-up for ever. Three of them are the usual.

    A calm day behind a flare-up counts as usual again, or who is worse for long would never leave it.
    """
    days = tuple(DayRecord(day=day, morning=5) for day in range(1, 5))
    jump = (*days, DayRecord(day=5, morning=8), DayRecord(day=6, morning=7), DayRecord(day=7, morning=5))

    assert not any(record.flaring for record in with_flares(days, library.thresholds))
    assert [record.flaring for record in with_flares(jump, library.thresholds)][-3:] == [True, True, False]
