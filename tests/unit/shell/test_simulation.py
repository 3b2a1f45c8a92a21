"""Virtual members through the real engine and store: nothing forbidden happens, and the shape of the rules is there."""

import asyncio
import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.dialogue import facts as f
from bot.shell.checking import violations
from bot.shell.simulation import Outcome, simulate
from bot.shell.table import Row, as_json, as_table, broken, day_one_percent, rows
from bot.shell.virtual import KINDS, people
from tests.shipped import kitted

LIBRARY = kitted().kit.library
DAYS = 12


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return asyncio.run(simulate(len(KINDS), DAYS, 1, kitted()))


@pytest.fixture(scope="module")
def table(outcome: Outcome) -> dict[str, Row]:
    return {row.kind: row for row in rows(outcome, LIBRARY)}


def test_nothing_forbidden_happens(outcome: Outcome) -> None:
    assert broken(outcome, LIBRARY) == []


def test_ordinary_members_exercise_on_the_first_day(outcome: Outcome) -> None:
    assert day_one_percent(outcome) == 100


def test_everybody_lives_and_nobody_alike(table: dict[str, Row]) -> None:
    assert set(table) == {kind.name for kind in KINDS}
    assert all(row.sessions > 3 for row in table.values())
    assert table["quitter"].sessions <= 9
    assert table["stable"].sessions > table["quitter"].sessions


def test_they_live_as_members_do(outcome: Outcome, table: dict[str, Row]) -> None:
    """They check their weeks and answer small questions, or nothing would ever rise and nothing be seen of it."""
    lives = {life.person.kind.name: life for life in outcome.lives}
    facts = {name: [dated.fact for dated in life.journal] for name, life in lives.items()}

    unasked = {name for name, of in facts.items() if not any(isinstance(fact, f.WeekChecked) for fact in of)}
    assert unasked <= {"quitter", "traveller"}  # whose Sunday lies elsewhere
    told = [(name, fact) for name, of in facts.items() for fact in of if isinstance(fact, f.ProfileAnswered)]
    fears = {name: fact.value for name, fact in told if fact.field == "fear"}
    assert (fears["high fear"], fears["stable"]) == ("8", "3")
    assert f.Disposed(disposition="doctor_soft", items=("rf_walk",)) in facts["doctor soft"]
    assert "leg" in {fact.quality for fact in facts["leg pain"] if isinstance(fact, f.ExerciseDone)}
    assert len({fact.value for name, fact in told if (name, fact.field) == ("traveller", "zone")}) > 1
    numbers = Counter(dated.day for dated in lives["twice a day"].journal if isinstance(dated.fact, f.PainReported))
    assert max(numbers.values()) > 2
    assert table["gamer"].dose_up > 0
    assert table["strong reactor"].level_up == 0


def weeks_with_rises(outcome: Outcome, kind: str) -> Counter[int]:
    """How often anything rose, by week from 1."""
    lives = [life for life in outcome.lives if life.person.kind.name == kind]
    return Counter(
        (dated.day - life.journal[0].day).days // 7 + 1
        for life in lives
        for dated in life.journal
        if isinstance(dated.fact, f.Decided)
        and dated.fact.change in {"level_up", "dose_up"}
        and not dated.fact.declined
    )


@pytest.mark.slow  # the rules' own shape stands in unit/coach/test_shape.py
def test_twelve_weeks_have_the_shape_of_the_rules() -> None:
    """A member rises as often as clinical rules 5.6 tell it of one exercise, about seven times: here it is spread.

    Eight exercises take turns and one a day is asked for more, so steps come before forms (ARCHITECTURE, The shape).
    """
    stable, reactor = KINDS[:2]
    outcome = asyncio.run(simulate(6, 84, 1, kitted(), (stable, stable, reactor)))
    table = {row.kind: row for row in rows(outcome, LIBRARY)}
    calm, strong = table[stable.name], table[reactor.name]
    weeks = weeks_with_rises(outcome, stable.name)

    assert (stable.reaction, reactor.reaction) == (0.2, 1.6)
    assert 36 <= calm.sessions <= 50
    assert 5 <= calm.dose_up + calm.level_up <= 10
    assert calm.level_down <= 2.2
    assert calm.rest <= 0.8
    assert calm.level_up + calm.dose_up > calm.level_down + calm.dose_down
    assert weeks[1] == 0
    assert weeks[5] <= 1  # the easier week
    assert sum(weeks[week] for week in (2, 3, 4)) >= 4
    assert sum(weeks[week] for week in range(6, 13)) >= 4
    assert strong.level_up == 0
    assert strong.dose_up <= 1
    assert strong.level < calm.level
    assert 2 <= calm.gates["flare"] <= 20  # a flare-up ends after two calm days in a row, not sooner
    assert broken(outcome, LIBRARY) == []


def test_the_same_seed_gives_the_same_lives(outcome: Outcome) -> None:
    again = asyncio.run(simulate(2, 3, 1, kitted()))
    more = asyncio.run(simulate(2, 3, 1, kitted()))

    assert again.lives[0].journal == more.lives[0].journal
    assert [person.random.random() for person in people(3, 5)] == [person.random.random() for person in people(3, 5)]
    assert outcome.set_aside == 0


def test_the_table_reads_and_is_json(table: dict[str, Row]) -> None:
    lines = as_table(list(table.values()))

    assert len({len(line) for line in lines}) == 1
    assert json.loads(json.dumps(as_json(list(table.values()))))[0]["kind"] == "stable"


def journal(*facts: f.Fact, days: tuple[int, ...] = ()) -> list[f.Dated]:
    when = days or (1,) * len(facts)
    return [
        f.Dated(fact=fact, at=datetime(2026, 1, day, 9, tzinfo=UTC), day=date(2026, 1, day))
        for fact, day in zip(facts, when, strict=True)
    ]


START = f.Decided(exercise="bruecke", change="start", rule="R_NEW", level=1, dose_step=1, sets=2)
FIRST = date(2026, 1, 1).toordinal()
UP = replace(START, change="dose_up", rule="R_DOSE", dose_step=2, basis=FIRST)
FORM = replace(START, change="level_up", rule="R_LEVEL", level=2)
DONE = f.ExerciseDone(exercise="bruecke", level=1, dose_step=1, sets=2, done=2)
SOFT = f.Screened(list=4, answers=(("rf_inflam", "no"), ("rf_walk", "no"), ("rf_long", "no")))
FEAR = f.ProfileAnswered(field="fear", value="2")
SESSION = f.SessionStarted(gate="normal", items=(("bruecke", 1, 1),), before=3)
TOLD = replace(DONE, effort=4, more=True)
AFTER, MORNING = (f.PainReported(when=when, value=3) for when in ("after", "morning"))
LEG = replace(DONE, done=1, quality="leg", peak=4)
CLEAR = [f.Screened(list=n, answers=(("rf_legs", "no"),)) for n in (1, 2, 3)]
URGENT, BACK = f.Disposed(disposition="urgent"), f.Cleared(by="practice", disposition="urgent")
CAUTION, LOWER = f.Disposed(disposition="caution"), replace(START, change="level_down", rule="R_FLAG", level=1)


@pytest.mark.parametrize(
    ("facts", "days", "named"),
    [
        ((f.Disposed(disposition="urgent"), SESSION), (1, 1), "I1"),
        ((START, SESSION, DONE, f.PainReported(when="after", value=6), UP), (1, 1, 1, 1, 2), "I2"),
        ((START, FORM, replace(FORM, level=3)), (1, 2, 5), "I3"),
        ((START, replace(UP, dose_step=3)), (1, 2), "I4"),
        ((DONE, DONE), (1, 2), "I7"),
        ((START, UP, replace(SESSION, gate="reduced")), (1, 2, 2), "I8"),
        ((f.TagsGiven(tags=("P20",)), SESSION), (1, 1), "I9"),
        ((f.Disposed(disposition="doctor_soft"), SESSION), (1, 1), "load"),
        ((f.Disposed(disposition="caution"), replace(SESSION, items=(("curl-up", 1, 1),))), (1, 1), "I9"),
        ((replace(SESSION, gate="flare"),), (1,), "load"),
        ((START, SESSION, TOLD, AFTER, UP), (1, 1, 1, 1, 5), "I5"),
        ((START, SESSION, TOLD, MORNING, UP), (1, 1, 1, 2, 5), "I5"),
        ((START, replace(SESSION, before=None), TOLD, AFTER, MORNING, UP), (1, 1, 1, 1, 2, 5), "I5"),
        ((START, SESSION, replace(TOLD, more=None), AFTER, MORNING, UP), (1, 1, 1, 1, 2, 5), "I5"),
        ((START, SESSION, replace(TOLD, peak=6), AFTER, MORNING, UP), (1, 1, 1, 1, 2, 5), "I10"),
        ((SESSION, LEG, DONE), (1, 1, 1), "I11"),
        ((SESSION, LEG, *CLEAR[:2], SESSION), (1, 1, 1, 1, 3), "I11"),
        ((f.ProfileAnswered(field="age", value="under_18"), SESSION), (1, 1), "I12"),
        ((START, SESSION, AFTER, MORNING, UP), (1, 1, 1, 2, 5), "I14"),
        ((START, SESSION, TOLD, AFTER, MORNING, replace(UP, rule="P_FILL")), (1, 1, 1, 1, 2, 5), "I14"),
        (
            (replace(START, level=2), URGENT, BACK, CAUTION, replace(SESSION, items=(("bruecke", 2, 1),))),
            (1,) * 5,
            "I16",
        ),
        ((START, URGENT, BACK, f.Disposed(disposition="go"), SESSION), (1,) * 5, "I16"),
    ],
)
def test_each_violation_would_be_seen(facts: tuple[f.Fact, ...], days: tuple[int, ...], named: str) -> None:
    assert any(each.startswith(named) for each in violations(journal(*facts, days=days), LIBRARY))


def timed(*told: tuple[float, f.Fact]) -> list[f.Dated]:
    """Facts so many hours after the first."""
    times = ((datetime(2026, 1, 1, 6, tzinfo=UTC) + timedelta(hours=hours), fact) for hours, fact in told)
    return [f.Dated(fact=fact, at=at, day=at.date()) for at, fact in times]


TEST = f.SelfTested(test="bridge", level=1, value=10)
MANY = replace(DONE, sets=5)
HEAVY = [replace(MANY, exercise=name) for name in ("kniebeuge", "seitstuetz")]
BIG = replace(START, dose_step=3, sets=3)


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ([(0, DONE), (3, DONE)], "I7"),
        ([(16.5, DONE), (48, DONE)], "I7"),
        ([(0, TEST), (0.5, DONE)], "I7"),
        ([(0, SESSION), (24 * 20, HEAVY[0]), (24 * 21, HEAVY[1])], "I6"),
        ([(0, BIG), (1, replace(SESSION, gate="return")), (2, replace(DONE, dose_step=3, sets=3))], "volume"),
        ([(0, BIG), (1, replace(SESSION, gate="reduced")), (2, replace(DONE, dose_step=3, sets=2))], "volume"),
        ([(0, replace(SESSION, items=(("bauchatmung", 1, 1), ("offenes-buch", 1, 1))))], "minutes"),
    ],
)
def test_hours_weeks_volumes_and_minutes_would_be_seen(told: list[tuple[float, f.Fact]], named: str) -> None:
    assert any(each.startswith(named) for each in violations(timed(*told), LIBRARY))


def test_after_48_hours_nothing_is_said() -> None:
    assert not list(violations(timed((0, DONE), (48, DONE), (96, TEST)), LIBRARY))


@pytest.mark.parametrize(
    ("facts", "days"),
    [
        ((START, SESSION, TOLD, AFTER, MORNING, UP), (1, 1, 1, 1, 2, 5)),
        ((START, SESSION, LEG, *CLEAR, SESSION, DONE), (1, 1, 1, 1, 1, 1, 3, 3)),
        ((replace(START, level=3), URGENT, BACK, CAUTION, LOWER, SESSION), (1, 1, 2, 2, 2, 2)),
    ],
)
def test_a_good_journal_has_none(facts: tuple[f.Fact, ...], days: tuple[int, ...]) -> None:
    assert not list(violations(journal(SOFT, FEAR, *facts, days=(1, 1, *days)), LIBRARY))
