"""Who the coach's account is, as its members' clients see it: after losses, refusals and from a backup."""

import asyncio
import shutil
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.channels.matrix.checkup import CheckupError, look_at
from bot.channels.matrix.wire import Wire
from bot.cli import main
from tests.channel.matrix.member import MatrixMember
from tests.channel.matrix.parts import Seat, delivery, in_a_room
from tests.channel.matrix.test_matrix_receiving import has_text
from tests.servers.proxy import proxy_to

UNWELL = {"errcode": "M_UNKNOWN", "error": "Internal server error"}
LIMITED = {"errcode": "M_LIMIT_EXCEEDED", "error": "Too many requests"}
SOON_S = 30.0


async def master(seat: Seat, ada: MatrixMember) -> Any:
    user = seat.account.user
    return (await Wire(ada.client).post("keys/query", {"device_keys": {user: []}}))["master_keys"][user]["keys"]


async def test_whoever_loses_the_whole_folder_gets_a_new_identity_that_vouches_for_its_device(
    seat: Seat, ada: MatrixMember
) -> None:
    await in_a_room(seat, ada)
    before = await master(seat, ada)
    shutil.rmtree(seat.folder / "matrix")

    async with seat.taken() as coach:
        await coach.channel.send(delivery(seat, ada, "ich bin wieder da"))
        await ada.sees("ich bin wieder da")
        assert "cross-signed" in await look_at(seat.access)
    assert await master(seat, ada) != before


async def test_an_identity_that_no_coach_has_made_is_left_to_its_owner(seat: Seat, ada: MatrixMember) -> None:
    await in_a_room(seat, ada)
    async with seat.taken() as coach:  # as an account looks that was verified in an ordinary client
        wire = Wire(coach.channel._client)
        await wire.put(f"user/{seat.account.user}/account_data/de.rueckgrat.identity", {})
    before = await master(seat, ada)
    shutil.rmtree(seat.folder / "matrix")

    async with seat.taken():
        with pytest.raises(CheckupError, match="cross-signing keys are missing") as found:
            await look_at(seat.access)
    assert "rueckgrat matrix import" in found.value.mend
    assert await master(seat, ada) == before


async def test_a_signature_that_was_refused_once_is_given_again(seat: Seat) -> None:
    async with proxy_to(seat.synapse.url) as proxy:
        seat.homeserver = proxy.url
        proxy.fails(r"POST .*keys/signatures/upload", status=502, body=UNWELL)
        async with seat.taken(), asyncio.timeout(SOON_S):
            with pytest.raises(CheckupError, match="not cross-signed"):
                await look_at(seat.access)
            while True:
                await asyncio.sleep(0.2)
                with suppress(CheckupError):
                    assert "cross-signed" in await look_at(seat.access)
                    break


async def test_the_doctor_tells_what_it_has_seen_and_what_it_has_not(seat: Seat, ada: MatrixMember) -> None:
    never = seat.access
    assert "not checked" in await look_at(never)
    given = replace(never, password=None, token=seat.account.token, device=seat.account.device)
    assert "the token is accepted" in await look_at(given)
    with pytest.raises(CheckupError, match="refuses the login"):
        await look_at(replace(given, token="syt_wrong"))
    with pytest.raises(CheckupError, match="another user or device"):
        await look_at(replace(given, device="OTHER"))

    await in_a_room(seat, ada)
    async with proxy_to(seat.synapse.url) as proxy:
        for status, body in ((429, LIMITED), (502, UNWELL)):
            proxy.fails("whoami", status=status, body=body)
            with pytest.raises(CheckupError, match="no answer now") as found:
                await look_at(replace(seat.access, homeserver=proxy.url))
            assert "anew" not in found.value.mend
    kept = shutil.copytree(seat.folder / "matrix", seat.folder / "yesterday")
    async with seat.taken():
        await ada.says("heute")
        await seat.inbox.until(has_text("heute"))
    today = shutil.copytree(seat.folder / "matrix", seat.folder / "today")
    shutil.rmtree(seat.folder / "matrix")
    shutil.copytree(kept, seat.folder / "matrix")
    with pytest.raises(CheckupError, match="older keys"):
        await look_at(seat.access)
    shutil.rmtree(seat.folder / "matrix")
    shutil.copytree(today, seat.folder / "matrix")
    (seat.folder / "matrix" / "cross-signing").unlink()
    with pytest.raises(CheckupError, match="cross-signing keys are missing"):
        await look_at(seat.access)


async def test_exported_seeds_make_a_new_folder_the_same_identity(
    seat: Seat, ada: MatrixMember, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    account = {"HOMESERVER": seat.synapse.url, "USER": seat.account.user, "PASSWORD": seat.account.password}
    set_ = {f"MATRIX_{name}": value for name, value in (account | {"STORE": str(seat.access.store)}).items()}
    for name, value in (set_ | {"OPERATOR_NAME": "Praxis Probe", "OPERATOR_CONTACT": "probe@example.org"}).items():
        monkeypatch.setenv(f"RUECKGRAT_{name}", value)
    secret, wrong, out = tmp_path / "secret", tmp_path / "wrong", tmp_path / "seeds.json"
    secret.write_text("Zwölf Kirschkernkissen\n")
    wrong.write_text("Elf Kirschkernkissen\n")
    await in_a_room(seat, ada)
    before = await master(seat, ada)
    export = ["matrix", "export", str(out), "--passphrase-file"]
    assert await asyncio.to_thread(main, [*export, str(secret)]) == 0
    assert out.stat().st_mode & 0o777 == 0o600
    assert await asyncio.to_thread(main, [*export, str(secret)]) == 1  # nothing is overwritten

    shutil.rmtree(seat.folder / "matrix")
    bring_back = ["matrix", "import", str(out), "--passphrase-file"]
    assert await asyncio.to_thread(main, [*bring_back, str(wrong)]) == 1
    assert "does not fit" in capsys.readouterr().err
    assert await asyncio.to_thread(main, [*bring_back, str(secret)]) == 0
    async with seat.taken():
        assert "cross-signed" in await look_at(seat.access)
    assert await master(seat, ada) == before
