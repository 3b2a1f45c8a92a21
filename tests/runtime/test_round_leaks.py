"""Whatever a member lives through in private, the group and the others read the same; and what they read is sums."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.dialogue.events import Address, Arrival, ButtonTapped
from bot.dialogue.messages import Kind, Message
from bot.dialogue.moment import micros
from bot.dialogue.rounds import tap_data
from bot.dialogue.wire import decode_message
from bot.library.catalog import LANGUAGES
from bot.runtime.metrics import Metrics
from bot.runtime.rounds import RoundKeeper
from bot.store.round_rooms import StoredRound
from bot.store.rows import Settlement
from bot.store.schema import outbox
from bot.store.store import Store
from tests.dialogue.room import the_kit
from tests.group_words import wrong_lines
from tests.runtime.places import Places, place, trained
from tests.store.given import ACCOUNT, DAY, HOUR, SECOND, member_of

WEDNESDAY = micros(datetime(2026, 11, 25, 11, tzinfo=UTC))
ANNA, BELA = place("telegram", "anna"), place("telegram", "bela")
ELSEWHERE = (place("web", "carla"), place("console", "dora"), place("matrix", "@emil:x"))  # each with a card at home
OTHERS = {each.person for each in (BELA, *ELSEWHERE)}
NAMES = ["Anna", "Bela", *(each.person.title() for each in ELSEWHERE)]
GROUP = "-100"
ROUND = StoredRound(
    id=77, starter=0, code="CODE", room_code="ROOM", name="team", language="de", zone="Europe/Berlin",
    begins="2026-11-25", weeks=1, goal=20,
)  # fmt: skip


@dataclass
class Week:
    """A round of one week. `read`: what the group and the others were shown, in order; `annas`: what Anna was."""

    places: Places
    keeper: RoundKeeper
    read: list[str] = field(default_factory=list)
    annas: list[Message] = field(default_factory=list)
    early: int = 0  # so many of Anna's were her round's within the first two days
    _taps: int = 0

    @property
    def cards_of_anna(self) -> list[Message]:
        return [message for message in self.annas if message.kind is Kind.CHALLENGE]

    async def begins(
        self,
        *,
        shares: bool = False,
        round_: StoredRound = ROUND,
        grouped: bool = True,
        others: tuple[Address, ...] = (),
    ) -> None:
        members = (ANNA, BELA, *others)
        for who in members:
            await self.places.knows(who, trained())
        async with self.places.store.rounds(self.places.now) as desk:
            await desk.start(round_, 5)
            if grouped:
                await desk.bring("ROOM", self._in_group("guest0"))
            for who in members:
                stored = await self.places.store.member_by_address(who.key)
                assert stored is not None
                await desk.join("CODE", who, stored.member, name=who.person.title(), shares=shares)
                await desk.place_privately(ROUND.id, who)
        await self.shown()

    async def others_tap(self, *too: Address) -> None:
        """Four guests and Bela, on the group's card of today."""
        day = datetime.fromtimestamp(self.places.now / SECOND, UTC).date()
        for who in ("guest0", "guest1", "guest2", "guest3", BELA.person, *(each.person for each in too)):
            await self._tap(who, day)
        await self.places.works()
        self.places.now += 10 * SECOND
        await self.shown()

    async def _tap(self, who: str, day: date) -> None:
        self._taps += 1
        tap = ButtonTapped(data=tap_data(ROUND.id, day))
        arrival = Arrival(source=f"t{self._taps}", address=self._in_group(who), event=tap, at=self.places.now)
        await self.places.store.receive([arrival], now=self.places.now)

    async def shown(self) -> None:
        """What is to be shown now is shown."""
        await self.keeper.tick()
        async with self.places.store.database.read() as connection:
            rows = (await connection.execute(select(outbox).where(outbox.c.settled == 0).order_by(outbox.c.id))).all()
        for row in rows:
            where, message = row.address_key.split("\n"), decode_message(row.body)
            if where[2] == ANNA.person:
                self.annas.append(message)
            elif where[3] == GROUP or (where[2] in OTHERS and message.kind is Kind.CHALLENGE):
                told = message.text if where[3] == GROUP else _of_others(message.text)
                self.read += [told, *(button.label for row in message.buttons for button in row)]
                self.read += [] if message.picture is None else [message.picture.own]
        sent = [Settlement.sent(row.id, str(row.id)) for row in rows]
        await self.places.store.settle(sent, self.places.now)

    def _in_group(self, who: str) -> Address:
        return Address("telegram", ACCOUNT, who, GROUP, private=False)


def _of_others(text: str) -> str:
    """Without what a private card says to its own person alone; a group's never does (`group_words`)."""
    own = {the_kit().catalogs[language].text("round/card-own") for language in LANGUAGES}
    return "\n".join(line for line in text.split("\n") if line not in own)


def a_week(store: Store) -> Week:
    places = Places(store, now=WEDNESDAY)
    keeper = RoundKeeper(store=store, kit=the_kit(), now=lambda: places.now, metrics=Metrics(), on_written=lambda: None)
    return Week(places, keeper)


async def begun(store: Store, *story: str, shares: bool = False) -> Week:
    """The first day, on which Anna says these things."""
    week = a_week(store)
    places = week.places
    await week.begins(shares=shares)
    for said in story:
        await places.says(ANNA, said)
    return week


async def lived(store: Store, *story: str, round_: StoredRound = ROUND) -> Week:
    """All move on three days, on the group's card; Anna says these things on the second, before she moves."""
    week = a_week(store)
    places = week.places
    await week.begins(round_=round_, others=ELSEWHERE)
    places.now = WEDNESDAY + HOUR
    await week.others_tap(ANNA)
    places.now = WEDNESDAY + DAY
    await week.shown()
    for said in story:
        await places.says(ANNA, said)
    places.now = WEDNESDAY + DAY + HOUR
    await week.others_tap()
    await week.others_tap(ANNA)  # the same people, so that hers is the only tap that can move a number
    places.now += DAY
    await week.shown()
    await week.others_tap(ANNA)
    week.early = len(week.cards_of_anna)
    for _ in range(7):
        places.now += DAY
        await week.shown()
    return week


CRISIS, EMERGENCY, FLARE = "Ich will nicht mehr leben", "Ich spüre zwischen den Beinen nichts mehr", "/schub"
QUIET = ()
STORIES = [
    ("Schmerz 4", "/uebungen", "/einstellungen", "abmelden"),
    ("/heute", "Los geht's", "3", "Ging gut", "Zu leicht", "2"),
    ("/heute", "Los geht's", "4", "Tat weh", "Sticht", "5", "/pause"),
]


async def test_whatever_a_member_says_and_does_in_private_the_others_read_the_same(tmp_path: Path) -> None:
    told: list[list[str]] = []
    for number, story in enumerate([QUIET, *STORIES]):
        store = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/story{number}.db")
        try:
            await store.migrate()
            await store.node("story", WEDNESDAY)
            told.append((await lived(store, *story)).read)
            kinds = {fact.kind for fact in await store.journal(await member_of(store, ANNA.person))}
            assert kinds >= ({"pain", "exercise"} if "Ging gut" in story else set())  # it did happen
        finally:
            await store.aclose()
    assert wrong_lines([text for text in told[0] if not text.startswith("{")], NAMES) == []
    assert len(told[0]) > 20
    for story, read in zip(STORIES, told[1:], strict=True):
        assert read == told[0], story


_QUIET: dict[str, Week] = {}  # by language; lived once, for tests that only compare with it


async def _quiet(round_: StoredRound, folder: Path) -> Week:
    if round_.language not in _QUIET:
        other = await Store.open(f"sqlite+aiosqlite:///{folder}/quiet.db")
        try:
            await other.migrate()
            await other.node("quiet", WEDNESDAY)
            _QUIET[round_.language] = await lived(other, *QUIET, round_=round_)
        finally:
            await other.aclose()
    return _QUIET[round_.language]


# Words know nothing of databases: each trouble in each language, and on each database in one.
@pytest.mark.parametrize(
    ("url", "language"),
    [*(("sqlite", language) for language in LANGUAGES), ("postgres", LANGUAGES[0])],
    indirect=["url"],
)
@pytest.mark.parametrize("trouble", [CRISIS, EMERGENCY, FLARE])
async def test_nobody_reads_from_a_sum_who_may_not_train(
    store: Store, tmp_path: Path, trouble: str, language: str
) -> None:
    """Not before the week's turn and not after: the same cards, posts and pictures as if nothing had happened."""
    round_ = replace(ROUND, weeks=2, language=language)
    quiet = await _quiet(round_, tmp_path)
    week = await lived(store, trouble, round_=round_)

    assert week.read == quiet.read
    assert len(week.read) > 20
    assert wrong_lines([text for text in week.read if not text.startswith("{")], NAMES) == []
    assert week.early < quiet.early  # and what they are going through is left in peace
    assert trouble == FLARE or len(week.cards_of_anna) == week.early


async def test_the_days_of_whoever_may_not_train_are_made_up_for_at_the_weeks_turn(store: Store) -> None:
    week = await lived(store, EMERGENCY, round_=replace(ROUND, weeks=2))

    sums = [int(text.split("Gemeinsam: ")[1].split(" ")[0]) for text in week.read if "Gemeinsam:" in text]
    assert sums == sorted(sums)  # no number falls
    # Six people on three days; then the two quietest days count as the average of the other five, 18 // 5 = 3 each.
    assert (sums[0], sorted(set(sums))[-2:]) == (6, [18, 24])


DONE = ("/heute", "Los geht's", "3", "Ging gut", "Zu leicht", "2")


@pytest.mark.parametrize(("story", "counted"), [(DONE, {ROUND.begins: 1}), (DONE[:4], {})])
@pytest.mark.parametrize("shares", [True, False])
async def test_finished_exercises_count_by_themselves_where_a_member_wants_that(
    store: Store, story: tuple[str, ...], counted: dict[str, int], *, shares: bool
) -> None:
    week = await begun(store, *story, shares=shares)

    async with store.rounds(week.places.now) as desk:
        assert (await desk.tally(ROUND.id)).active == (counted if shares else {})


@pytest.mark.parametrize(("grouped", "meets"), [(False, False), (True, False), (True, True)])
async def test_whoever_reads_along_in_no_group_gets_the_weeks_post_in_private(
    store: Store, *, grouped: bool, meets: bool
) -> None:
    """Friends without a group, and the friend on the other platform whom no group's post reaches."""
    week = a_week(store)
    await week.begins(round_=replace(ROUND, weeks=2), grouped=grouped)
    week.places.now += HOUR
    await week.others_tap(*([ANNA] if meets else []))
    week.places.now += 7 * DAY
    await week.shown()
    over = [message for message in week.cards_of_anna if "Woche 1 ist geschafft" in message.text]
    week.places.now += 7 * DAY
    await week.shown()
    closing = [message for message in week.cards_of_anna if "ist zu Ende" in message.text]

    assert [message.picture is not None for message in (*over, *closing)] == ([] if meets else [True, True])
    assert all("Noch eine Runde?" in message.text for message in closing)
    assert week.cards_of_anna[-1].buttons == ()
    assert sum(message.pin for message in week.cards_of_anna) == (1 if meets else 2)


async def test_whoever_wants_nothing_more_gets_no_week_and_no_closing_in_private(store: Store) -> None:
    """They take part all the same, and the group reads nothing of it."""
    week = a_week(store)
    await week.begins(round_=replace(ROUND, weeks=2), grouped=False)
    await week.places.says(ANNA, "abmelden")
    before = len(week.cards_of_anna)
    for _ in range(16):
        week.places.now += DAY
        await week.shown()

    assert len(week.cards_of_anna) == before
    assert any("ist zu Ende" in text for text in week.read)  # Bela's


async def test_after_an_outage_of_weeks_only_the_last_weeks_post_comes(store: Store) -> None:
    week = a_week(store)
    await week.begins(round_=replace(ROUND, weeks=4))
    week.places.now += HOUR
    await week.others_tap()
    read = len(week.read)
    week.places.now += 15 * DAY
    await week.shown()

    assert [text for text in week.read[read:] if "geschafft" in text and not text.startswith("{")] == [
        "Woche 2 ist geschafft. Gemeinsam sind es 7 Tage, unser Ziel: 20."
    ]
    assert any("Woche 3 von 4" in text for text in week.read[read:])


async def test_a_cards_week_turns_with_its_post(store: Store) -> None:
    week = a_week(store)
    await week.begins(round_=replace(ROUND, weeks=2))
    week.places.now = WEDNESDAY + 6 * DAY + 16 * HOUR  # four in the morning in Berlin: the day has turned
    await week.shown()
    assert "Woche 1 von 2" in [text for text in week.read if "Woche" in text][-1]
    week.places.now += 5 * HOUR + SECOND
    await week.shown()
    assert "Woche 2 von 2" in [text for text in week.read if "Woche" in text][-1]
