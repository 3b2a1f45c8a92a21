"""What a tap on a card is answered with: the truth, in the language of whoever tapped; the group reads none of it."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import update

from bot.dialogue.events import Address, Arrival, ButtonTapped, Tapped
from bot.dialogue.moment import micros
from bot.dialogue.rounds import TapAnswer, answered, tap_data
from bot.library.catalog import LANGUAGES
from bot.store.schema import outbox
from bot.store.store import Store
from tests.dialogue.room import the_kit
from tests.runtime.places import Places, place, trained
from tests.runtime.test_round_keeper import ROUND, WEDNESDAY, group, keeper_at
from tests.store.given import ACCOUNT, DAY, HOUR, SECOND

TODAY = date(2026, 11, 25)
ANNA = place("telegram", "anna")


async def begun(store: Store, *, begins: str = ROUND.begins, language: str = "de", weeks: int = 2) -> Places:
    """A round in a group, and in a Matrix room; its own language is the one given."""
    places = Places(store, now=WEDNESDAY)
    async with store.rounds(places.now) as desk:
        await desk.start(replace(ROUND, begins=begins, language=language, weeks=weeks), 5)
        await desk.bring("ROOM", group(100))
        await desk.bring("ROOM", in_room("@kim:x"))
    return places


def in_room(who: str) -> Address:
    return Address("matrix", ACCOUNT, who, "!room:x", private=False)


async def taps(
    places: Places, where: Address, what: Tapped = Tapped.MOVED, day: date = TODAY, *, language: str | None = "de"
) -> list[str]:
    """The words beside the button; only Telegram has a place for them."""
    places.now += SECOND
    query = f"q{places.now}" if where.channel == "telegram" else ""
    tap = ButtonTapped(data=tap_data(ROUND.id, day, what), language=language, query=query, home=where.private)
    there = replace(where, private=False)
    before = len(places.answers)
    arrival = Arrival(source=f"t{places.now}", address=there, event=tap, at=places.now)
    await places.store.receive([arrival], now=places.now)
    await places.works()
    return [answer.words for answer in places.answers[before:]]


def said(answer: TapAnswer, language: str = "de") -> list[str]:
    return [answered(answer, the_kit().catalogs[language])]


def guest(name: str = "guest") -> Address:
    return replace(group(100), person=name)


async def test_each_tap_hears_what_became_of_it(store: Store) -> None:
    places = await begun(store)
    moved, undo, leave = Tapped.MOVED, Tapped.UNDO, Tapped.LEAVE
    for what, answer in (
        (undo, TapAnswer.NOTHING), (moved, TapAnswer.FIRST), (moved, TapAnswer.AGAIN), (undo, TapAnswer.UNDONE),
        (undo, TapAnswer.NOTHING), (moved, TapAnswer.COUNTED), (leave, TapAnswer.LEFT), (moved, TapAnswer.AGAIN),
    ):  # fmt: skip
        assert await taps(places, guest(), what) == said(answer), (what, answer)
    assert await taps(places, guest("other"), day=date(2026, 11, 24)) == said(TapAnswer.EARLY)
    places.now = micros(datetime(2026, 11, 26, 1, 30, tzinfo=UTC))  # half past two at night in Berlin
    assert await taps(places, guest("other")) == said(TapAnswer.FIRST)
    places.now += HOUR
    assert await taps(places, guest("other")) == said(TapAnswer.LATE)
    places.now += 14 * DAY
    for what in (moved, leave):
        assert await taps(places, guest(), what) == said(TapAnswer.ENDED)


async def test_a_round_that_is_over_says_so(store: Store) -> None:
    places = await begun(store)
    async with store.rounds(places.now) as desk:
        await desk.settle(ROUND.id)
    assert await taps(places, guest()) == said(TapAnswer.ENDED)


async def test_taps_that_came_together_are_answered_one_by_one(store: Store) -> None:
    places = await begun(store)
    for number, what in enumerate((Tapped.MOVED, Tapped.MOVED, Tapped.UNDO)):
        event = ButtonTapped(data=tap_data(ROUND.id, TODAY, what), language="de", query=f"q{number}")
        arrival = Arrival(source=f"t{number}", address=guest(), event=event, at=places.now)
        await store.receive([arrival], now=places.now)
    await places.works()

    told = sorted((answer.query, answer.words) for answer in places.answers)
    assert [words for _, words in told] == [
        *said(TapAnswer.FIRST),
        *said(TapAnswer.AGAIN),
        *said(TapAnswer.UNDONE),
    ]


@pytest.mark.parametrize(
    ("who", "phone", "language"),
    [
        ("anna", "de", "en"),  # what a member speaks with the coach
        ("guest", "en-GB", "en"),
        ("guest", "fr", "en"),
        ("guest", None, "de"),  # what the group speaks
    ],
)
async def test_the_answer_speaks_its_persons_language(store: Store, who: str, phone: str | None, language: str) -> None:
    places = await begun(store)
    await places.knows(ANNA, replace(trained(), language="en"))
    assert await taps(places, guest(who), language=phone) == said(TapAnswer.FIRST, language)


@pytest.mark.parametrize("channel", ["web", "matrix", "console"])
async def test_where_no_button_can_be_answered_the_private_card_does_and_a_line_the_rest(
    store: Store, channel: str
) -> None:
    """Kim speaks English in a German group, and is told everything in English; the group is told nothing."""
    places, kim = await begun(store), place(channel, "@kim:x")
    await places.knows(kim, replace(trained(), language="en"))
    stored = await store.member_by_address(kim.key)
    assert stored is not None
    async with store.rounds(places.now) as desk:
        await desk.join("CODE", kim, stored.member, name="", shares=False)
        await desk.place_privately(ROUND.id, kim)
    keeper = keeper_at(store, places)
    await keeper.tick()
    assert "Today counts for you" not in (await places.messages(kim))[-1].text

    await settle(places)
    assert await taps(places, kim) == []
    await shows(places)
    assert "Today counts for you. ✓" in (await places.messages(kim))[-1].text

    await settle(places)
    await taps(places, kim)
    assert [m.text for m in await places.messages(kim)][-1:] == said(TapAnswer.AGAIN, "en")
    await settle(places)
    await taps(places, kim, Tapped.LEAVE)
    await shows(places)
    assert (await places.messages(kim))[-1].text == "You are out, and on no list."
    assert not any("counts" in m.text or "zählt für" in m.text for m in await places.messages(in_room("")))


async def settle(places: Places) -> None:
    """Everything has left."""
    async with places.store.database.write() as connection:
        await connection.execute(update(outbox).values(settled=places.now))


async def shows(places: Places) -> None:
    places.now += 5 * SECOND
    await keeper_at(places.store, places).tick()


async def test_a_reaction_that_counted_for_nothing_is_explained_in_private(store: Store) -> None:
    places, kim = await begun(store), place("matrix", "@kim:x")
    await places.knows(kim, replace(trained(), language="en"))
    await taps(places, in_room("@kim:x"), day=date(2026, 11, 25))
    assert await places.messages(kim) == []  # the card shows it
    places.now += DAY
    await taps(places, in_room("@kim:x"), language=None)
    assert "already over" in (await places.messages(kim))[-1].text
    async with store.rounds(places.now) as desk:
        await desk.settle(ROUND.id)
    await taps(places, in_room("@kim:x"), language=None)
    assert "I counted nothing" in (await places.messages(kim))[-1].text
    assert not await places.messages(in_room(""))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_fits_beside_a_button(language: str) -> None:
    for answer in TapAnswer:
        assert 0 < len(answered(answer, the_kit().catalogs[language])) <= 200
