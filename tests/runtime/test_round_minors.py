"""Whoever says to be under 18 is in no round, and no card takes them in again; whoever is of age after all is."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from bot.dialogue.events import Arrival, ButtonTapped, Tapped
from bot.dialogue.rounds import TapAnswer, invite_data
from bot.store.round_minors import BARRED_FOR
from bot.store.store import Store
from tests.runtime.places import Places, place
from tests.runtime.test_round_answers import ANNA, begun, guest, said, taps
from tests.runtime.test_round_keeper import ROUND
from tests.store.given import SECOND

# The healthy way to the first offer.
ONBOARDED = ("yes", "none", "none", "18_44", "chronic", "none", "none", "=", "3")


async def under_18(places: Places) -> None:
    await taps(places, guest("anna"))
    assert await people(places) == 1
    await places.says(ANNA, "/start")
    for token in (*ONBOARDED[:3], "under_18"):
        await places.taps(ANNA, token)


async def no_to_an_invitation(places: Places) -> None:
    await places.says(ANNA, "/start g_CODE")
    await places.taps(ANNA, "Nein oder unter 18")
    assert "zwei Tage" in (await places.messages(ANNA))[-1].text


async def no_to_a_round_of_ones_own(places: Places) -> None:
    await places.says(ANNA, "/gruppe")
    await places.taps(ANNA, "Nein oder unter 18")


async def people(places: Places) -> int:
    async with places.store.rounds(places.now) as desk:
        return (await desk.tally(ROUND.id)).people


@pytest.mark.parametrize("refuses", [under_18, no_to_an_invitation, no_to_a_round_of_ones_own])
async def test_whoever_says_to_be_under_18_is_not_taken_in_by_the_next_tap(
    store: Store, refuses: Callable[[Places], Awaitable[None]]
) -> None:
    places = await begun(store)
    await refuses(places)
    assert await people(places) == 0

    for what in (Tapped.MOVED, Tapped.JOIN):
        assert await taps(places, guest("anna"), what) == said(TapAnswer.ADULTS)
    assert await taps(places, guest("anna"), Tapped.UNDO) == said(TapAnswer.NOTHING)
    assert await people(places) == 0
    assert await taps(places, guest("other")) == said(TapAnswer.FIRST)
    places.now += BARRED_FOR + SECOND
    assert await taps(places, guest("anna"), Tapped.JOIN) == said(TapAnswer.JOINED)


async def test_on_a_private_card_the_no_is_said_again(store: Store) -> None:
    places, kim = await begun(store), place("matrix", "@kim:x")
    await places.says(kim, "/start g_CODE")
    await places.taps(kim, "Nein oder unter 18")
    places.now += 120 * SECOND  # a room hears one line a minute
    await taps(places, kim, Tapped.JOIN)
    assert (await places.messages(kim))[-1].text == said(TapAnswer.ADULTS)[0]
    assert await people(places) == 0


async def of_age_by_code(places: Places) -> None:
    """As the intake hands the button on: it is the round's affair, not the private room's."""
    await places.says(ANNA, "/start g_CODE")
    event = ButtonTapped(data=invite_data("CODE"), language="de", home=True)
    heard = Arrival(source="of-age", address=replace(ANNA, private=False), event=event, at=places.now)
    await places.store.receive([heard], now=places.now)
    await places.works()
    assert await people(places) == 1


async def of_age_by_profile(places: Places) -> None:
    await places.says(ANNA, "/start")
    for token in ONBOARDED:
        await places.taps(ANNA, token)


@pytest.mark.parametrize("says", [of_age_by_code, of_age_by_profile])
async def test_whoever_is_of_age_after_all_takes_part(store: Store, says: Callable[[Places], Awaitable[None]]) -> None:
    places = await begun(store)
    await no_to_an_invitation(places)
    await says(places)
    assert await taps(places, guest("anna")) in (said(TapAnswer.FIRST), said(TapAnswer.COUNTED))
    assert await people(places) == 1


async def test_a_no_to_what_the_coach_remembers_says_nothing_of_age(store: Store) -> None:
    places = await begun(store)
    await places.says(ANNA, "/start")
    await places.taps(ANNA, "Nein, danke")
    assert await places.member(ANNA) is None
    assert await taps(places, guest("anna")) == said(TapAnswer.FIRST)
