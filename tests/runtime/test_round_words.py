"""What people are told about their own taps, and in which language: *counted* only where it was counted."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest

from bot.dialogue.events import Address, Arrival, ButtonTapped, Tapped, TextReceived
from bot.dialogue.moment import micros
from bot.dialogue.rounds import invite_data, tap_data
from bot.runtime.metrics import Metrics
from bot.runtime.rounds import RoundKeeper
from bot.store.store import Store
from tests.dialogue.room import the_kit
from tests.runtime.places import Places, place, trained
from tests.runtime.test_round_leaks import ROUND, WEDNESDAY
from tests.store.given import DAY, HOUR, SECOND, member_of

ANNA, BELA = place("telegram", "anna"), place("telegram", "bela")
BERLIN = "Europe/Berlin"
COUNTED, NOT_IN = "Zählt. Jede Bewegung ist eine.", "Gezählt habe ich nichts."


@dataclass
class Company:
    """Anna, who takes part in a round of two weeks that Bela started."""

    places: Places

    async def begins(
        self, *, zone: str = BERLIN, begins: str = ROUND.begins, language: str = "de", others: str = "de"
    ) -> None:
        """`others`: what the round speaks."""
        places = self.places
        await places.knows(ANNA, replace(trained(), zone=zone, language=language))
        await places.knows(BELA, trained())
        starter = await member_of(places.store, BELA.person)
        async with places.store.rounds(places.now) as desk:
            await desk.start(replace(ROUND, weeks=2, begins=begins, starter=starter, language=others), 5)
        await places.says(ANNA, "/start g_CODE")
        await places.taps(ANNA, "no")
        await places.taps(ANNA, "none")

    async def offered(self) -> list[str]:
        """What /gruppe offers Anna."""
        await self.places.says(ANNA, "/gruppe")
        last = (await self.places.messages(ANNA))[-1]
        return [button.label for row in last.buttons for button in row]

    async def taps_the_card(self, what: Tapped, day: date) -> None:
        tap = ButtonTapped(data=tap_data(ROUND.id, day, what))
        where = replace(ANNA, private=False)
        arrival = Arrival(source=f"card {what}", address=where, event=tap, at=self.places.now)
        await self.places.store.receive([arrival], now=self.places.now)
        await self.places.works()

    async def shows(self) -> None:
        """The cards are written."""
        places = self.places
        places.now += 10 * SECOND
        keeper = RoundKeeper(
            store=places.store, kit=the_kit(), now=lambda: places.now, metrics=Metrics(), on_written=lambda: None
        )
        await keeper.tick()

    async def counted(self) -> dict[str, int]:
        async with self.places.store.rounds(self.places.now) as desk:
            return (await desk.tally(ROUND.id)).active


@pytest.fixture
def company(store: Store) -> Company:
    return Company(Places(store, now=WEDNESDAY))


async def test_a_movement_that_counted_is_said_to_count(company: Company) -> None:
    await company.begins()
    assert "Heute bewegt" in await company.offered()

    assert (await company.places.taps(ANNA, "moved"))[-1] == COUNTED
    assert await company.counted() == {"2026-11-25": 1}


async def test_all_in_a_round_share_its_day_wherever_they_are(company: Company) -> None:
    await company.begins(zone="America/New_York", begins="2026-11-23")
    company.places.now = micros(datetime(2026, 11, 26, 3, tzinfo=UTC))  # ten in the evening there; Thursday in Berlin
    await company.offered()

    assert (await company.places.taps(ANNA, "moved"))[-1] == COUNTED
    assert await company.counted() == {"2026-11-26": 1}


async def test_before_a_round_begins_nothing_is_offered_to_count(company: Company) -> None:
    await company.begins(begins="2026-11-30")
    assert "Heute bewegt" not in await company.offered()

    company.places.now += 5 * DAY
    await company.places.taps(ANNA, "nothing")
    assert "Heute bewegt" in await company.offered()


@pytest.mark.parametrize("asked", [True, False])
async def test_a_round_that_was_ended_counts_nothing_and_is_offered_no_more(company: Company, *, asked: bool) -> None:
    await company.begins()
    if asked:
        await company.offered()
    bela = await member_of(company.places.store, BELA.person)
    async with company.places.store.rounds(company.places.now) as desk:
        await desk.end(ROUND.id, bela)
    if asked:
        assert NOT_IN in (await company.places.taps(ANNA, "moved"))[-1]
    assert "Heute bewegt" not in await company.offered()
    assert await company.counted() == {}


@pytest.mark.parametrize("asked", [True, False])
async def test_a_round_that_was_left_on_its_card_is_offered_no_more(company: Company, *, asked: bool) -> None:
    await company.begins()
    if asked:
        await company.offered()
    before = len(await company.places.messages(ANNA))
    await company.taps_the_card(Tapped.LEAVE, date(2026, 11, 25))
    assert len(await company.places.messages(ANNA)) == before  # the card itself says it
    if asked:
        assert NOT_IN in (await company.places.taps(ANNA, "moved"))[-1]
    assert "Heute bewegt" not in await company.offered()
    assert await company.counted() == {}


async def test_where_a_day_was_counted_a_card_in_ones_own_language_says_so(company: Company) -> None:
    """Not only where somebody joined: at every place they count at."""
    places, elsewhere = company.places, place("matrix", "@anna:x")
    await company.begins(others="en")
    await places.says(elsewhere, "hallo")
    await places.link(ANNA, elsewhere)
    assert "Läuft bis" in (await places.says(elsewhere, "/gruppe"))[-1]  # answered where it was asked
    assert COUNTED in (await places.taps(elsewhere, "moved"))[-1]
    await places.taps(elsewhere, "/link here")
    await places.says(elsewhere, "/gruppe")
    await places.taps(elsewhere, "moved")
    await company.shows()

    cards = [each.text for each in await places.messages(elsewhere) if " 1 von 2" in each.text]
    assert [the_kit().catalogs["de"].text("round/card-own") in card for card in cards] == [True]


async def test_a_question_from_yesterday_counts_for_no_day(company: Company) -> None:
    await company.begins()
    await company.offered()
    company.places.now += 16 * HOUR  # four in the morning in Berlin

    assert "schon vorbei" in (await company.places.taps(ANNA, "moved"))[-1]
    assert await company.counted() == {}


@pytest.mark.parametrize(("language", "words"), [("en", "week 1 of 2"), ("de", "Woche 1 von 2")])
async def test_a_private_card_speaks_its_persons_language(company: Company, language: str, words: str) -> None:
    """A member's as they chose it, a guest's as the platform tells it; the round was started in German."""
    await company.begins(language=language)
    guest = place("telegram", "guest")
    joins = ButtonTapped(data=invite_data("CODE"), language=f"{language}-XX", home=True)
    arrival = Arrival(source="guest", address=replace(guest, private=False), event=joins, at=company.places.now)
    await company.places.store.receive([arrival], now=company.places.now)
    await company.places.works()
    await company.shows()

    for who in (ANNA, guest):
        assert words in (await company.places.messages(who))[-1].text


@pytest.mark.parametrize(
    ("who", "told", "words"),
    [
        ("stranger", None, "Woche 1 von 2"),  # the round's
        ("stranger", "en", "week 1 of 2"),  # a company's second group speaks English
        ("bela", "en", "Woche 1 von 2"),  # what a member speaks with the coach goes before what the telephone speaks
    ],
)
async def test_a_group_speaks_the_language_of_whoever_brings_the_round(
    company: Company, who: str, told: str | None, words: str
) -> None:
    await company.begins()
    group = Address("telegram", ANNA.account, who, "-5", private=False)
    brings = TextReceived(text="/start r_ROOM", language=told)
    arrival = Arrival(source="brings", address=group, event=brings, at=company.places.now)
    await company.places.store.receive([arrival], now=company.places.now)
    await company.places.works()
    await company.shows()

    (card,) = await company.places.messages(replace(group, person=""))
    assert words in card.text
