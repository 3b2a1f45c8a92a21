"""What leaves for Matrix: once, encrypted, signed by a device that other people's clients can trust."""

import asyncio
import base64
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from Crypto.Signature import eddsa
from nio import DownloadError

from bot.channels.channel import EditGoneError, PaperFile, RetryLaterError, TokenRefusedError
from bot.channels.matrix import uploads
from bot.channels.matrix.account import KeyRing, close_account, open_account
from bot.channels.matrix.channel import MatrixChannel
from bot.channels.matrix.checkup import CheckupError, look_at
from bot.channels.matrix.signing import canonical
from bot.channels.matrix.wire import Wire
from bot.dialogue.messages import Form, Picture
from tests.channel.matrix.member import MatrixMember
from tests.channel.matrix.parts import Seat, delivery, in_a_room
from tests.channel.telegram_parts import BLUR, mp4, png
from tests.servers.proxy import proxy_to
from tests.servers.synapse import Synapse


async def test_a_message_sent_again_is_shown_once_also_after_a_restart_of_coach_and_server(
    seat: Seat, ada: MatrixMember, synapse: Synapse
) -> None:
    await in_a_room(seat, ada)
    async with seat.taken() as coach:
        first = await coach.channel.send(delivery(seat, ada, "**Guten** Morgen", number=7))
    synapse.stop()
    await synapse.start()
    async with seat.taken() as coach:
        again = await coach.channel.send(delivery(seat, ada, "**Guten** Morgen", number=7))
        await coach.channel.send(delivery(seat, ada, "Ende", number=8))
        await ada.sees("Ende")

    assert again == first
    (shown,) = ada.showing("Guten Morgen")
    assert shown.content["formatted_body"] == "<strong>Guten</strong> Morgen"
    assert shown.content["msgtype"] == "m.text"
    assert await ada.kinds_on_the_server() == {"m.room.encrypted"}


async def test_a_question_becomes_its_answer(seat: Seat, ada: MatrixMember) -> None:
    await in_a_room(seat, ada)
    async with seat.taken() as coach:
        asked = await coach.channel.send(delivery(seat, ada, "Wie?", buttons=[("Gut", "a"), ("Schlecht", "b")]))
        shown = await ada.sees("2. Schlecht")
        edit = delivery(seat, ada, "Wie: gut ✓", number=2, edits=asked.remote)
        assert await coach.channel.send(edit) == asked
        await ada.until(lambda _: shown.edits == 1, "the edit")
        assert shown.body == "Wie: gut ✓"

        with pytest.raises(EditGoneError):  # another question is a new message: an edit rings nowhere
            await coach.channel.send(delivery(seat, ada, "Und?", number=3, buttons=[("Ja", "c")], edits=asked.remote))


async def test_pictures_are_encrypted_files_uploaded_once(seat: Seat, ada: MatrixMember) -> None:
    seat.pictures.files = {"bruecke": png(80), "bruecke/clip": mp4(), "chart": png(90)}
    await in_a_room(seat, ada)
    async with seat.taken() as coach:
        for number in (1, 2):
            still = Picture(figure="bruecke", alt="Brücke")
            await coach.channel.send(delivery(seat, ada, f"Bild {number}", number=number, picture=still))
        own = Picture(figure="chart", own="[1]")
        await coach.channel.send(delivery(seat, ada, "Deine Kurve", number=3, picture=own))
        film = Picture(figure="bruecke", form=Form.CLIP, alt="Brücke als Film")
        await coach.channel.send(delivery(seat, ada, "Der Film", number=4, picture=film))
        await ada.sees("Der Film")

        (shown,) = [each.content for each in ada.coachs if each.content["msgtype"] == "m.video"]
        assert (shown["body"], shown["info"]["mimetype"]) == ("Brücke als Film", "video/mp4")
        assert await ada.downloads(shown) == seat.pictures.files["bruecke/clip"]
        assert await ada.downloads({"file": shown["info"]["thumbnail_file"]}) == seat.pictures.files["bruecke"]
        assert shown["info"]["xyz.amorgan.blurhash"] == BLUR
        first, second, chart = [each.content for each in ada.coachs if each.content["msgtype"] == "m.image"]
        assert first["file"]["url"] == second["file"]["url"]
        assert (first["body"], first["info"]["w"], first["info"]["mimetype"]) == ("Brücke", 64, "image/png")
        assert first["info"]["xyz.amorgan.blurhash"] == first["info"]["thumbnail_info"]["xyz.amorgan.blurhash"] == BLUR
        assert await ada.downloads(first) == seat.pictures.files["bruecke"]
        assert await ada.downloads(chart) == seat.pictures.files["chart"]
        assert chart["info"]["thumbnail_file"] == chart["file"]
        assert chart["info"]["thumbnail_info"]["size"] == chart["info"]["size"] == len(seat.pictures.files["chart"])
        assert chart["info"]["xyz.amorgan.blurhash"] == BLUR
        assert "chart" not in str(seat.media.known)


async def test_after_thirty_days_a_library_picture_is_uploaded_anew(seat: Seat, ada: MatrixMember) -> None:
    seat.pictures.files = {"bruecke": png(80)}
    await in_a_room(seat, ada)
    async with seat.taken() as coach:
        for number, day in ((1, 0), (2, 29), (3, 31)):
            coach.channel._sending.uploads.clock = partial(float, 1_800_000_000 + day * 24 * 3600)
            still = Picture(figure="bruecke", alt="Brücke")
            await coach.channel.send(delivery(seat, ada, f"Bild {number}", number=number, picture=still))
        await ada.sees("Bild 3")
    first, second, third = [each.content["file"]["url"] for each in ada.coachs if "file" in each.content]
    assert first == second != third


async def test_an_erasure_takes_pictures_and_files_of_one_person_back(
    synapse: Synapse, ada: MatrixMember, tmp_path: Path
) -> None:
    seat = Seat(synapse, await synapse.person("coach", admin=True), tmp_path)  # it may delete what lies there
    seat.pictures.files = {"bruecke": png(80), "chart": png(90), "welcome": png(70)}
    await in_a_room(seat, ada)

    async def paper() -> PaperFile:
        return PaperFile(name="rueckgrat.json", data=b"{}", mime="application/json")

    async def report() -> PaperFile:
        return PaperFile(name="bericht.pdf", data=b"%PDF-1.7", mime="application/pdf")

    async with seat.taken() as coach:
        shown = [Picture(figure="bruecke", alt="Brücke"), Picture(figure="chart", own="[1]")]
        for number, picture in enumerate(shown, 1):
            await coach.channel.send(delivery(seat, ada, f"Bild {number}", number=number, picture=picture))
        for number, (words, made) in enumerate((("Dein Bericht", report), ("Deine Daten", paper)), 3):
            await coach.channel.send(replace(delivery(seat, ada, words, number=number), paper=made))
        await ada.sees("Deine Daten")
    async with seat.taken() as coach:  # nothing is remembered for it: it finds them after a restart too
        await coach.channel._sending.ready.wait()
        (alone,) = coach.channel.rooms_alone()
        assert (alone.person, alone.room) == (ada.account.user, ada.room)
        coach.channel.forget(alone)
        assert coach.channel._erasing._task is not None
        await coach.channel._erasing._task
        assert coach.channel.rooms_alone() == []
    await ada.until(lambda member: len(member.redacted) == 3, "three redactions")
    gone = {each.content.get("filename") for each in ada.coachs if each.event in ada.redacted}
    assert gone == {"picture.png", "bericht.pdf", "rueckgrat.json"}
    assert await ada.contents_on_the_server(ada.redacted) == [{}, {}, {}]
    for each in (each for each in ada.coachs if "file" in each.content):
        answer = await ada.client.download(each.content["file"]["url"])
        assert isinstance(answer, DownloadError) is (each.event in ada.redacted)
    (bericht,) = [each.content for each in ada.coachs if each.content.get("filename") == "bericht.pdf"]
    cover = {"file": bericht["info"]["thumbnail_file"]}
    assert await ada.downloads(cover) == seat.pictures.files["welcome"]  # it is the library's: others are shown it too


async def test_a_token_with_its_device_logs_in_and_only_that(seat: Seat, ada: MatrixMember) -> None:
    account = seat.account
    access = replace(seat.access, password=None, token=account.token, device=account.device)
    client = await open_account(access)
    assert (client.user_id, client.device_id) == (account.user, account.device)
    await close_account(client)
    assert "cross-signed" in await look_at(access)
    with pytest.raises(TokenRefusedError, match="another user or device"):
        await open_account(replace(access, store=seat.folder / "other", device="ELSEWHERE"))
    with pytest.raises(TokenRefusedError, match="does not hold the keys"):
        await open_account(replace(access, store=seat.folder / "another"))
    await Wire(ada.client).get("account/whoami")
    with pytest.raises(TokenRefusedError, match="no longer accepts"):
        await open_account(replace(access, token="syt_wrong"))
    with pytest.raises(CheckupError, match="does not answer"):
        await look_at(replace(access, homeserver="http://127.0.0.1:9"))


async def test_a_file_is_encrypted_and_goes_once(seat: Seat, ada: MatrixMember) -> None:
    await in_a_room(seat, ada)

    async def paper() -> PaperFile:
        return PaperFile(name="rueckgrat-2026-11-29.json", data=b'{"journal": []}', mime="application/json")

    async with seat.taken() as coach:
        whole = replace(delivery(seat, ada, "Deine Daten"), paper=paper)
        for _ in range(2):  # as after a crash between sending and the receipt
            await coach.channel.send(whole)
        await ada.sees("Deine Daten")
        (file,) = [each.content for each in ada.coachs if each.content["msgtype"] == "m.file"]
        assert (file["filename"], file["body"]) == ("rueckgrat-2026-11-29.json", "Deine Daten")
        assert "url" not in file
        assert await ada.downloads(file) == b'{"journal": []}'


async def test_a_report_is_a_file_with_a_picture_of_the_library_as_its_thumbnail(seat: Seat, ada: MatrixMember) -> None:
    seat.pictures.files = {"welcome": png(80)}
    await in_a_room(seat, ada)

    async def paper() -> PaperFile:
        return PaperFile(name="rueckgrat-bericht.pdf", data=b"%PDF-1.7", mime="application/pdf")

    async with seat.taken() as coach:
        for number in (1, 2):
            await coach.channel.send(replace(delivery(seat, ada, f"Dein Bericht {number}", number=number), paper=paper))
        await ada.sees("Dein Bericht 2")
        first, second = [each.content for each in ada.coachs if each.content["msgtype"] == "m.file"]
        assert (first["body"], first["info"]["mimetype"], first["info"]["size"]) == (
            "Dein Bericht 1", "application/pdf", 8
        )  # fmt: skip
        assert await ada.downloads(first) == b"%PDF-1.7"
        assert await ada.downloads({"file": first["info"]["thumbnail_file"]}) == seat.pictures.files["welcome"]
        assert first["info"]["thumbnail_info"]["w"] == 64
        assert first["info"]["xyz.amorgan.blurhash"] == BLUR
        assert first["info"]["thumbnail_file"]["url"] == second["info"]["thumbnail_file"]["url"]
        assert first["file"]["url"] != second["file"]["url"]


async def test_a_film_that_is_drawn_later_takes_the_place_of_its_still_and_stands_below_where_none_was(
    seat: Seat, ada: MatrixMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing = asyncio.Event()
    seat.pictures.files = {"bruecke": png(80), "bruecke/clip": mp4()}
    seat.pictures.drawing, seat.pictures.slow = drawing, frozenset({Form.CLIP})
    await in_a_room(seat, ada)
    film = Picture(figure="bruecke", form=Form.CLIP, alt="Brücke")
    async with seat.taken() as coach:
        asked = delivery(seat, ada, "So geht es. Ging es?", picture=film, buttons=[("Gut", "a")])
        sent = await coach.channel.send(asked)
        assert sent.unfinished
        await ada.sees("So geht es.")
        (still,) = [each for each in ada.coachs if each.content["msgtype"] == "m.image"]
        assert await ada.downloads(still.content) == seat.pictures.files["bruecke"]
        answered = replace(asked.message, id=3, text="Ging gut ✓", buttons=(), picture=None, only_edit=True)
        await coach.channel.send(replace(asked, message=answered, edits=sent.remote))
        assert (await ada.sees("Ging gut ✓")).edits == 1
        drawing.set()
        late = replace(asked.message, id=2, only_edit=True, silent=True)
        follows = replace(asked, message=late, edits=sent.remote)
        assert not (await coach.channel.send(follows)).unfinished
        await ada.until(lambda _: still.edits == 1, "the film in the still's place")
        assert (still.content["msgtype"], still.content["body"]) == ("m.video", "Brücke")
        assert await ada.downloads(still.content) == seat.pictures.files["bruecke/clip"]
        with pytest.raises(EditGoneError):  # once
            await coach.channel.send(follows)
        assert len([each for each in ada.coachs if each.content["msgtype"] in {"m.image", "m.video"}]) == 1

        drawing.clear()
        monkeypatch.setattr(uploads, "STILL_S", 0.1)
        seat.pictures.slow = frozenset({Form.CLIP, Form.STILL})
        bare = delivery(seat, ada, "Nur Worte", number=4, picture=replace(film, level=2))
        sent = await coach.channel.send(bare)
        assert sent.unfinished
        await ada.sees("Nur Worte")
        drawing.set()
        await coach.channel.send(
            replace(bare, message=replace(bare.message, id=5, only_edit=True, silent=True), edits=sent.remote)
        )
        await ada.until(lambda member: member.coachs[-1].content["msgtype"] == "m.video", "the film below")
        assert len(ada.showing("Nur Worte")) == 1


async def test_typing_is_renewed_while_a_picture_is_made_and_ends_with_it(seat: Seat, ada: MatrixMember) -> None:
    seat.pictures.files, drawing = {"chart": png(90)}, asyncio.Event()
    seat.pictures.drawing = drawing
    await in_a_room(seat, ada)
    async with proxy_to(seat.synapse.url) as proxy:
        seat.homeserver = proxy.url
        async with seat.taken() as coach:
            coach.channel._sending.typing_again_s = 0.2
            own = Picture(figure="chart", own="[1]")
            sending = asyncio.create_task(coach.channel.send(delivery(seat, ada, "Deine Kurve", picture=own)))
            for _ in range(3):
                notice = proxy.hangs("/typing/")
                await asyncio.wait_for(notice.happened.wait(), 60)
                proxy.goes_on(notice)
            drawing.set()
            await sending
            told = proxy.count("/typing/")
            typists = await Wire(ada.client).get("sync", {"timeout": "0"})
            await asyncio.sleep(0.5)
            assert proxy.count("/typing/") == told
            rooms = typists["rooms"]["join"][ada.room]["ephemeral"]["events"]
            assert [each["content"]["user_ids"] for each in rooms if each["type"] == "m.typing"] in ([], [[]])


async def test_a_picture_that_cannot_be_drawn_does_not_hold_up_the_words(seat: Seat, ada: MatrixMember) -> None:
    await in_a_room(seat, ada)
    async with seat.taken() as coach:
        missing = Picture(figure="nobody", form=Form.CLIP)
        await coach.channel.send(delivery(seat, ada, "Die Worte", picture=missing))
        await ada.sees("Die Worte")


async def test_a_limit_asks_the_whole_account_to_wait_and_ends_seeded_reactions_for_an_hour(
    seat: Seat, ada: MatrixMember
) -> None:
    await in_a_room(seat, ada)
    choice = [("Ja", "1.0.abcd.yes"), ("Nein", "1.0.abcd.no")]
    async with seat.taken() as coach:
        await coach.channel.send(delivery(seat, ada, "vorher", number=1))
        await seat.synapse.limit(seat.account, per_second=1, burst=1)
        with pytest.raises(RetryLaterError) as caught:
            await _send_many(seat, ada, coach.channel)
        await seat.synapse.limit(seat.account, per_second=0, burst=0)  # none any more
        await coach.channel.send(delivery(seat, ada, "Los?", number=8, buttons=choice, reactions=True))
        coach.channel._sending.clock = lambda: time.monotonic() + 3601
        await coach.channel.send(delivery(seat, ada, "Und jetzt?", number=9, buttons=choice, reactions=True))
        later = await ada.sees("Und jetzt?")
        await ada.until(lambda _: len(later.reactions) == 2, "two reactions to touch")

    assert caught.value.whole_platform
    assert caught.value.after_s > 0
    assert ada.showing("Los?")[0].reactions == []


async def test_the_device_is_cross_signed_for_everybody_to_see(seat: Seat, ada: MatrixMember) -> None:
    await in_a_room(seat, ada)
    user = seat.account.user
    seen = await Wire(ada.client).post("keys/query", {"device_keys": {user: []}})
    async with seat.taken() as coach:
        device = coach.channel.device

    master = _only(seen["master_keys"][user])
    signing = _only(seen["self_signing_keys"][user])
    _verify(seen["self_signing_keys"][user], user, master)
    _verify(seen["device_keys"][user][device], user, signing)
    assert "cross-signed" in await look_at(seat.access)


async def test_the_doctor_says_what_to_do_about_a_refused_login(seat: Seat, ada: MatrixMember) -> None:
    await in_a_room(seat, ada)
    async with seat.taken() as coach:
        await coach.channel._sending.client.logout()

    with pytest.raises(CheckupError, match="refuses the login") as found:
        await look_at(seat.access)
    assert "RUECKGRAT_MATRIX_PASSWORD" in found.value.mend


async def test_lost_keys_are_replaced_by_a_new_device_of_the_same_identity(
    seat: Seat, ada: MatrixMember, caplog: pytest.LogCaptureFixture
) -> None:
    await in_a_room(seat, ada)
    user = seat.account.user
    before = await Wire(ada.client).post("keys/query", {"device_keys": {user: []}})
    (store,) = (seat.folder / "matrix").glob("*.db")
    store.unlink()
    with pytest.raises(CheckupError):
        await look_at(seat.access)

    async with seat.taken() as coach:
        await coach.channel.send(delivery(seat, ada, "ich bin wieder da"))
        await ada.sees("ich bin wieder da")
        await ada.says("und ich lesbar")
        await seat.inbox.until(lambda inbox: "und ich lesbar" in str(inbox.events))
        device = coach.channel.device
    after = await Wire(ada.client).post("keys/query", {"device_keys": {user: []}})
    assert "the Matrix keys are lost" in caplog.text
    assert after["master_keys"] == before["master_keys"]
    _verify(after["device_keys"][user][device], user, _only(after["self_signing_keys"][user]))


async def test_what_is_kept_is_for_the_owner_only_and_the_seeds_are_encrypted(seat: Seat, ada: MatrixMember) -> None:
    await in_a_room(seat, ada)

    assert _mode(seat.folder / "matrix") == 0o700
    assert {_mode(path) for path in (seat.folder / "matrix").iterdir()} == {0o600}
    seeds = KeyRing(seat.folder / "matrix").seeds()
    assert seeds is not None
    for kept in (path.read_bytes() for path in (seat.folder / "matrix").iterdir()):
        assert not any(seed in kept or seed.hex().encode() in kept for seed in seeds.parts.values())


async def _send_many(seat: Seat, ada: MatrixMember, channel: MatrixChannel) -> None:
    for number in range(2, 8):
        await channel.send(delivery(seat, ada, f"viel {number}", number=number))


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def _only(key: dict[str, Any]) -> str:
    (value,) = key["keys"].values()
    return str(value)


def _verify(signed: dict[str, Any], user: str, by: str) -> None:
    """Raises when the signature is none."""
    bare = {name: value for name, value in signed.items() if name not in {"signatures", "unsigned"}}
    key = eddsa.import_public_key(_bytes(by))
    eddsa.new(key, "rfc8032").verify(canonical(bare), _bytes(signed["signatures"][user][f"ed25519:{by}"]))


def _bytes(unpadded: str) -> bytes:
    return base64.b64decode(unpadded + "=" * (-len(unpadded) % 4))
