"""`rules explain`: a member's day from the journal, with the inputs, the rule and the sources of every decision."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.dialogue.journal import dump_fact, load_fact
from bot.settings import Settings
from bot.shell.explain import Entry, explain_day, read_day
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
    room.taps("6")
    room.taps("enough")
    room.taps("5")
    return room


def entries(room: Room, day: str) -> list[Entry]:
    kept = [dated for dated in room.facts if dated.day.isoformat() == day]
    return [Entry(day, load_fact(dated.fact.kind, dump_fact(dated.fact))) for dated in kept]


def test_a_decision_is_explained_with_inputs_rule_and_sources() -> None:
    room = lived()

    lines = explain_day(entries(room, "2026-11-24"), room.kit, "en")

    text = "\n".join(lines)
    assert "session · gate normal" in text
    assert "R_HOLD" in text or "R_NEW" in text
    assert "    inputs: " in text
    assert "    source: " in text
    assert "session_day 2026-11-23" in text
    assert "rules version" in text


def test_the_screening_is_explained_by_its_items() -> None:
    room = Room()
    room.says("/start")
    room.taps("yes")
    room.taps("some")
    room.taps("Taub im Schritt, Po")
    room.taps("Fertig")

    text = "\n".join(explain_day(entries(room, "2026-11-23"), room.kit, "de"))

    assert "screening · emergency" in text
    assert "rf_saddle: NVL" in text


def test_a_day_without_anything_says_so() -> None:
    assert explain_day([], Room().kit, "de") == ["nothing was decided on this day"]


@pytest.mark.parametrize("member", [1])
async def test_a_member_nobody_knows_is_none(tmp_path: Path, member: int) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'coach.db'}"
    store = await Store.open(url)
    await store.migrate()
    await store.aclose()

    settings = Settings(database_url=SecretStr(url), _env_file=None)
    assert await read_day(settings, member, "2026-11-24") is None
