"""`rueckgrat doctor` tells the operator what members said does not work, as choices, without whose they are."""

from pathlib import Path

from pydantic import SecretStr

from bot.channels.wall_clock import now_us
from bot.dialogue.facts import ProblemTold
from bot.dialogue.journal import dump_fact
from bot.runtime.doctor import examine
from bot.settings import Settings, read_settings
from bot.store.rows import Fact
from bot.store.store import Store
from tests.store.given import DAY, answered, turn, wrote


def _settings(path: Path) -> Settings:
    given = read_settings({}, operator_name="Praxis Probe", operator_contact="probe@example.org")
    return given.model_copy(update={"database_url": SecretStr(f"sqlite+aiosqlite:///{path}")})


async def _seen(path: Path) -> str:
    (found,) = [finding for finding in await examine(_settings(path)) if finding.what == "problems told in 30 days"]
    assert found.ok
    return found.seen


async def test_the_doctor_counts_what_was_told_of_late(tmp_path: Path) -> None:
    path = tmp_path / "r.db"
    store = await Store.open(f"sqlite+aiosqlite:///{path}")
    await store.migrate()
    assert await _seen(path) == "none"

    now = now_us()
    await store.node("test", now)
    await store.receive([wrote("anna", "/problem", "1")], now=now)
    said = [("picture", 0), ("picture", 2 * DAY), ("often", 0), ("broken", 31 * DAY)]
    facts = [
        Fact(id=number, kind="problem", at=now - ago, local_date="2026-03-02", body=dump_fact(ProblemTold(what=what)))
        for number, (what, ago) in enumerate(said, start=1)
    ]
    await turn(store, now, facts=tuple(facts))
    await store.aclose()

    assert await _seen(path) == "picture 2 ×, often 1 ×"


async def test_the_doctor_lists_what_was_set_aside_without_a_word_of_it(tmp_path: Path) -> None:
    path = tmp_path / "r.db"
    store = await Store.open(f"sqlite+aiosqlite:///{path}")
    await store.migrate()
    now = now_us()
    await store.node("test", now)
    await store.receive([wrote("anna", "Zwetschgendatschi", "1")], now=now)
    async with store.turns(now) as batch:
        (claim,) = batch.claims
        await batch.set_aside(claim.events[0].id, "DocumentError")
        await batch.save([answered(claim, done=())])
    await store.aclose()

    findings = await examine(_settings(path))

    (line,) = [str(finding) for finding in findings if finding.what == "set aside"]
    assert line.startswith("BAD ")
    assert f"member {claim.member}" in line
    assert "DocumentError" in line
    assert not [finding for finding in findings if "Zwetschgen" in str(finding)]
