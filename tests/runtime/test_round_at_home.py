"""A round lived in the web chat or the terminal: the card stands in one place, is tapped there, and ends with pictures.

The channels are the real ones; between them and the store stand the real intake, worker, keeper and deliveries.
"""

import asyncio
import io
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot.channels.channel import Channel
from bot.channels.console import ConsoleChannel
from bot.channels.web.channel import WebChannel, WebSettings
from bot.channels.web.file import WebFile
from bot.channels.web.origins import Origins
from bot.channels.web.session import SqliteKeys
from bot.channels.web.transcript import Line, SqliteTranscript
from bot.dialogue.events import Address, ButtonTapped, TextReceived
from bot.runtime.delivering import deliver
from bot.runtime.intake import StoreIntake
from bot.store.store import Store
from tests.dialogue.room import the_detector
from tests.runtime.places import Places, trained
from tests.runtime.test_round_keeper import ROUND, WEDNESDAY, keeper_at
from tests.store.given import DAY, SECOND
from tests.website import EMERGENCY, DrawnPictures

OWN = {"de": "Heute zählt für dich. ✓", "en": "Today counts for you. ✓"}


@dataclass
class Home:
    """The coach with one channel, and one person there."""

    places: Places
    channel: Channel
    where: Address
    received: asyncio.Event = field(default_factory=asyncio.Event)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        intake = StoreIntake(
            store=self.places.store,
            channel=self.channel,
            detector=the_detector(),
            static_help=EMERGENCY.__getitem__,
            now=lambda: self.places.now,
            on_received=self.received.set,
        )
        receiving = asyncio.create_task(self.channel.receive(intake))
        await asyncio.sleep(0)
        try:
            yield
        finally:
            receiving.cancel()
            await asyncio.gather(receiving, return_exceptions=True)

    async def goes_on(self, seconds: int = 5) -> None:
        """Time passes, and the coach does and sends what there is."""
        self.places.now += seconds * SECOND
        await self.places.works()
        await keeper_at(self.places.store, self.places).tick()
        store, now = self.places.store, self.places.now
        while rows := await store.settle_and_claim([], self.where.channel, self.where.account, now, 1):
            await store.settle([(await deliver(self.channel, row, lambda: now)).settlement for row in rows], now)


@pytest.fixture
async def places(migrated_sqlite: Path, tmp_path: Path) -> AsyncIterator[Places]:
    """A running round."""
    shutil.copyfile(migrated_sqlite, tmp_path / "r.db")
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'r.db'}")
    await store.node("home", WEDNESDAY)
    places = Places(store, now=WEDNESDAY)
    async with store.rounds(places.now) as desk:
        await desk.start(replace(ROUND, goal=4), 5)
    yield places
    await store.aclose()


@pytest.fixture
async def file(tmp_path: Path) -> AsyncIterator[WebFile]:
    file = await WebFile.open(tmp_path / "web.db")
    yield file
    await file.aclose()


@pytest.mark.parametrize("known", [False, True])
async def test_in_the_web_chat(places: Places, file: WebFile, *, known: bool) -> None:
    """A guest, or a member who speaks English with the coach in a German round."""
    transcript = await SqliteTranscript.open(file, lambda: places.now)
    settings = WebSettings(origins=Origins.loopback(1), emergency_text=EMERGENCY.__getitem__)
    channel = WebChannel(
        transcript=transcript, keys=await SqliteKeys.open(file), pictures=DrawnPictures(), settings=settings
    )
    where = Address("web", "local", "kim", "kim")
    home, language = Home(places, channel, where), "en" if known else "de"
    moved, undo = ("I moved today", "Take back") if known else ("Heute bewegt", "Zurücknehmen")

    async def lines() -> list[Line]:
        return await transcript.load("kim")

    async def taps(wanted: str) -> None:
        shown = [(line, button) for line in reversed(await lines()) for row in line.buttons for button in row]
        line, button = next(each for each in shown if wanted in {each[1].label, each[1].data.rpartition(".")[2]})
        tap = ButtonTapped(data=button.data, message=line.remote, language=language)
        await channel.take(where, f"s{places.now}", tap)
        await home.goes_on()

    async def card() -> Line:
        (found,) = [line for line in await lines() if any(b.label == moved for row in line.buttons for b in row)]
        return found

    async with home.open():
        if known:
            await places.knows(where, replace(trained(), language="en"))
        await channel.take(where, "start", TextReceived(text="/start g_CODE", language=language))
        await home.goes_on()
        if known:
            await taps("no")
            await taps("none")
        else:
            await taps("Mitmachen, bin 18+")
        first = await card()
        assert OWN[language] not in first.text
        await taps(moved)
        assert OWN[language] in (await card()).text
        await taps(undo)
        assert OWN[language] not in (await card()).text
        await taps(moved)
        assert (await card()).remote == first.remote  # edited where it stands
        await four_others_move(places)
        await home.goes_on(16 * 60)
        assert ("Moved today: 5" if known else "Heute bewegt: 5") in (await card()).text
        for _ in range(2):
            await home.goes_on(7 * 24 * 3600)
        texts = [(line.text.split("\n")[0], line.picture) for line in await lines()]
        post = "Week 1 is done" if known else "Woche 1 ist geschafft"
        over = "is over, goal reached" if known else "ist zu Ende, Ziel erreicht"
        for words in (post, over):
            (picture,) = [picture for text, picture in texts if words in text]
            assert picture is not None
            assert picture.figure == "chart-round"
        assert not any(b.label == moved for line in await lines() for row in line.buttons for b in row)
    await channel.aclose()


async def four_others_move(places: Places) -> None:
    async with places.store.rounds(places.now) as desk:
        await desk.bring("ROOM", Address("telegram", "1", "admin", "-100", private=False))
    for number in range(4):
        from_group = Address("telegram", "1", f"p{number}", "-100", private=False)
        await places.moves(from_group, ROUND.id, ROUND.begins)


async def test_in_the_terminal(places: Places) -> None:
    """What stands on the buttons is typed."""
    source, keyboard = os.pipe()
    out = io.StringIO()
    channel = ConsoleChannel(
        run="run1", language="de", emergency_text=EMERGENCY.__getitem__, source=source, out=out, colour=False
    )
    home = Home(places, channel, channel.address)

    async def types(words: str) -> str:
        before = len(out.getvalue())
        home.received.clear()
        await asyncio.to_thread(os.write, keyboard, f"{words}\n".encode())
        await home.received.wait()
        await home.goes_on()
        return out.getvalue()[before:]

    async with home.open():
        assert "[Mitmachen, bin 18+]" in await types("/start g_CODE")
        assert "[Heute bewegt]  [Zurücknehmen]  [Aussteigen]" in await types("Mitmachen, bin 18+")
        assert OWN["de"] in await types("heute bewegt")
        assert "Nochmal tippen ändert nichts" in await types("Heute bewegt")
        assert OWN["de"] not in await types("Zurücknehmen")
        assert OWN["de"] in await types("Heute bewegt")
        await four_others_move(places)
        before = len(out.getvalue())
        for _ in range(2):
            await home.goes_on(7 * 24 * 3600)
        shown = out.getvalue()[before:]
        for words in ("Woche 1 ist geschafft", "ist zu Ende, Ziel erreicht"):
            assert "[Bild: Bild: Gemeinsam bewegt." in shown[shown.index(words) :]
        os.close(keyboard)
    assert places.now > WEDNESDAY + 14 * DAY
    os.close(source)
