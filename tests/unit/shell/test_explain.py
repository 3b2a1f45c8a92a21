"""`rules explain`: a member's day from the journal, with the inputs, the rule and the sources of every decision."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.dialogue.facts import Dated, ExerciseDone, PracticeSaid, SessionStarted
from bot.dialogue.journal import dump_fact, load_fact
from bot.settings import Settings
from bot.shell.explain import explain_day, read_days
from bot.shell.seen import seen_by_gate
from bot.store.store import Store
from tests.dialogue.room import Room


def lived() -> Room:
    room = Room()
    room.first_day()
    room.until_due("prompt")
    room.taps("3")
    room.taps("go")
    room.taps("hurt")
    room.taps("stabbing")
    room.taps("5")
    room.taps("enough")
    room.taps("5")
    return room


def kept(room: Room) -> list[Dated]:
    """As the journal gives them back."""
    return [Dated(load_fact(d.fact.kind, dump_fact(d.fact)), d.at, d.day) for d in room.facts]


def test_a_decision_is_explained_with_inputs_rule_and_sources() -> None:
    room = lived()

    lines = explain_day(kept(room), "2026-11-24", room.kit, "en")

    text = "\n".join(lines)
    assert "session · gate normal" in text
    assert "R_HOLD" in text or "R_NEW" in text
    assert "    inputs: " in text
    assert "    source: " in text
    assert "session_day 2026-11-23" in text
    assert "rules version" in text


def test_a_gate_is_explained_with_all_that_it_saw() -> None:
    room = lived()

    lines = explain_day(kept(room), "2026-11-24", room.kit, "en")

    text = "\n".join(lines)
    for seen in (
        "    rule R_NORMAL: ",
        "    it allows: load up to 1, 100 % of the volume",
        "    pain before 3, usual 3; this morning 3, usual 3; sleep –; speed normal",
        "    session before: 2026-11-23, green: pain 3 to 2, next morning 3; beckenkippen green, good, effort 5",
        "    done of what was planned in 14 days: ",
        "    calm for 72 hours: yes",
        "    forms raised in 7 days: 0 of 2",
        "    answered clear last: list 1 2026-11-23, list 2 2026-11-23, list 3 2026-11-23",
    ):
        assert seen in text, seen


def test_a_heavy_exercise_is_explained_with_the_hours_it_rests() -> None:
    room = lived()
    did = [d for d in kept(room) if d.day.isoformat() == "2026-11-24"]
    started = next(d for d in did if isinstance(d.fact, SessionStarted))
    heavy = ExerciseDone(exercise="bruecke", level=1, dose_step=1, sets=2, done=2)
    earlier = [d for d in kept(room) if d.at < started.at]
    before = [*earlier, Dated(heavy, started.at - timedelta(hours=10), started.at.date() - timedelta(days=1))]

    text = "\n".join(seen_by_gate(before, started, room.kit, "en"))

    assert "48 hours: bruecke last 2026-11-23" in text
    assert "waits" in text


def test_another_gate_than_todays_rules_would_open_is_said() -> None:
    room = lived()
    facts = kept(room)
    last = max(n for n, d in enumerate(facts) if isinstance(d.fact, SessionStarted))
    facts[last] = replace(facts[last], fact=SessionStarted(gate="flare", items=()))

    lines = explain_day(facts, "2026-11-24", room.kit, "de")

    assert any("today's rules would open it as normal" in line for line in lines)


def test_what_the_practice_said_is_told() -> None:
    room = lived()
    said = PracticeSaid(said="okay", by="clinic", seen="today", found="known")
    lines = explain_day([Dated(said, room.now, room.now.date())], room.now.date().isoformat(), room.kit, "de")

    assert lines == ["practice said · okay · by clinic · seen today · found known"]


def test_the_screening_is_explained_by_its_items() -> None:
    room = Room()
    room.says("/start")
    room.taps("yes")
    room.taps("some")
    room.taps("Taub im Schritt, Po")
    room.taps("Fertig")

    text = "\n".join(explain_day(kept(room), "2026-11-23", room.kit, "de"))

    assert "screening · emergency" in text
    assert 'rf_saddle yes: "Seit Kurzem taub' in text  # the answer, in the words of the question
    assert "leads to emergency · NVL" in text


def test_a_day_without_anything_says_so() -> None:
    assert explain_day([], "2026-11-24", Room().kit, "de") == ["nothing was decided on this day"]


@pytest.mark.parametrize("member", [1])
async def test_a_member_nobody_knows_is_none(tmp_path: Path, member: int) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'coach.db'}"
    store = await Store.open(url)
    await store.migrate()
    await store.aclose()

    settings = Settings(database_url=SecretStr(url), _env_file=None)
    assert await read_days(settings, member, "2026-11-24") is None
