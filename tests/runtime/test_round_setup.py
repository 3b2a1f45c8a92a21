"""Setting up, changing and going on with a round, from the words in private to the tables and back."""

from dataclasses import replace

import pytest

from bot.dialogue.events import Address, Arrival, TextReceived
from bot.dialogue.member import Status
from bot.dialogue.messages import Message
from bot.runtime.wishes import GRANTED_FOR_US
from bot.store.round_hosts import SeenRound
from bot.store.round_rooms import person_of, place_of
from bot.store.round_ticks import Tick
from bot.store.store import Store
from tests.runtime.places import Places, place, trained
from tests.runtime.test_round_answers import settle
from tests.runtime.test_round_keeper import keeper_at
from tests.runtime.test_round_leaks import ROUND, WEDNESDAY
from tests.store.given import ACCOUNT, DAY, member_of

LENA, MO = place("telegram", "lena"), place("telegram", "mo")
GROUP = replace(MO, room="-100", private=False)
STARTS = ("2026-11-25", "none", "start")


@pytest.fixture
def places(store: Store) -> Places:
    return Places(store, now=WEDNESDAY)


async def rounds_of(places: Places, who: str) -> list[SeenRound]:
    async with places.store.rounds(places.now) as desk:
        known = await places.store.member_by_address(place("telegram", who).key)
        return await desk.seen(4711 if known is None else known.member, [f"telegram\n{ACCOUNT}\n{who}"])


async def taps(places: Places, *tokens: str) -> list[str]:
    said: list[str] = []
    for token in tokens:
        said = await places.taps(LENA, token)
    return said


async def test_somebody_without_a_profile_starts_a_round_under_a_name_of_their_own(places: Places) -> None:
    assert "ab 18" in (await places.says(LENA, "/gruppe"))[-1]
    await taps(places, "yes")
    assert "20" in (await places.says(LENA, "<b>!</b>"))[-1]  # how a name may look, and the question again
    await places.says(LENA, "treppen-Runde 3")
    await places.says(LENA, "3")
    await places.says(LENA, "60 Tage")
    summary = (await taps(places, *STARTS[:2]))[-1]
    assert "Treppen-Runde 3" in summary
    assert "3 Wochen, ab 25. Nov." in summary
    assert "60 bewegte Tage" in summary
    assert "Joker" in summary
    assert await rounds_of(places, "lena") == []  # nobody hears of it before that was seen

    made = (await taps(places, "start"))[-1]

    (mine,) = await rounds_of(places, "lena")
    assert (mine.round.name, mine.round.weeks, mine.round.goal) == ("Treppen-Runde 3", 3, 60)
    assert (mine.starts, mine.takes_part, mine.shares, mine.shown) == (True, True, False, False)
    assert f"/start g_{mine.round.code}" in made
    member = await places.member(LENA)
    assert member is not None
    assert not member.known.consents


async def test_whoever_is_under_18_starts_nothing_and_nothing_is_kept(places: Places) -> None:
    await places.says(LENA, "/gruppe")
    assert "nichts von dir gespeichert" in (await taps(places, "no"))[-1]

    assert await places.member(LENA) is None


async def test_a_no_to_an_invitation_joins_nobody_and_keeps_nothing(places: Places) -> None:
    async with places.store.rounds(places.now) as desk:
        await desk.start(ROUND, 5)
    invitation = (await places.says(LENA, "/start g_CODE"))[-1]
    assert "ab 18" in invitation
    await places.says(LENA, "/runde")  # how it works, and the invitation stands below
    await places.taps(LENA, "Nein oder unter 18")

    assert await places.member(LENA) is None
    assert await rounds_of(places, "lena") == []


async def brings(places: Places, who: Address, group: str, code: str = "r_ROOM") -> None:
    """Somebody types the code in a group, where everybody can read it."""
    event = TextReceived(text=f"/start {code}", language="de")
    where = replace(who, room=group, private=False)
    await places.store.receive([Arrival(source=f"{who.person}{group}", address=where, event=event, at=places.now)],
                               now=places.now)  # fmt: skip
    await places.works()


async def heard_of_a_group(places: Places) -> int:
    return sum("in einer weiteren Gruppe" in message.text for message in await places.messages(LENA))


async def test_a_guest_who_writes_stop_is_shown_the_way_out_and_asked_nothing_about_health(places: Places) -> None:
    async with places.store.rounds(places.now) as desk:
        await desk.start(ROUND, 5)
        await desk.join("CODE", LENA, 0, name="", shares=False)
    assert "Was möchtest du" in (await places.says(LENA, "Stopp"))[-1]
    assert "auf keiner Liste" in (await taps(places, "leave"))[-1]
    assert await rounds_of(places, "lena") == []
    assert "Darf ich mir" in (await places.says(LENA, "/stopp"))[-1]  # nothing of a round is left to say


async def test_a_code_read_off_a_poster_may_be_typed_small(places: Places) -> None:
    await places.knows(LENA, trained())
    async with places.store.rounds(places.now) as desk:
        await desk.start(ROUND, 5)
    await places.says(LENA, "/start G_code")
    assert "Du bist dabei" in (await taps(places, "no", "none"))[-1]
    assert "Eine Bewegungsrunde lädt dich ein" in (await places.says(MO, "/start g_code"))[-1]
    await brings(places, MO, "-100", "r_room")
    async with places.store.rounds(places.now) as desk:
        assert {room.room for room in await desk.due(5)} == {"lena", "-100"}


@pytest.mark.parametrize("host", ["member", "guest"])
async def test_a_starter_hears_of_every_group_that_somebody_else_brings_their_round_to(
    places: Places, host: str
) -> None:
    """A guest's document is gone after a day: the line stands at their private card."""
    lena = 0
    if host == "member":
        await places.knows(LENA, trained())
        lena = await member_of(places.store, "lena")
    async with places.store.rounds(places.now) as desk:
        await desk.start(replace(ROUND, starter=lena or 4711), 5, person_of(LENA) if host == "guest" else "")
        await desk.join("CODE", LENA, lena, name="", shares=False)
        await desk.place_privately(ROUND.id, LENA)
    await brings(places, LENA, "-100")  # she knows
    assert await heard_of_a_group(places) == 0
    await brings(places, MO, "-200")
    assert await heard_of_a_group(places) == 1
    await brings(places, place("telegram", "kim"), "-200")  # it stands there
    assert await heard_of_a_group(places) == 1
    await brings(places, MO, "-300")
    assert await heard_of_a_group(places) == 2


async def test_a_starter_in_grief_or_behind_a_lock_hears_of_no_group(places: Places) -> None:
    await begun(places)
    await places.says(LENA, "Ich will nicht mehr leben")
    await brings(places, MO, "-200")
    assert await heard_of_a_group(places) == 0


async def begun(places: Places, *, weeks: int = 2) -> None:
    """Lena has started two rounds; the first one's group has an admin, Mo, who is a member."""
    for who in (LENA, MO):
        await places.knows(who, trained())
    lena = await member_of(places.store, "lena")
    async with places.store.rounds(places.now) as desk:
        assert await desk.start(replace(ROUND, starter=lena, weeks=weeks), 5)
        second = replace(ROUND, starter=lena, id=78, code="C2", room_code="R2", name="Treppen", weeks=4)
        assert await desk.start(second, 5)
        for code in ("CODE", "C2"):
            await desk.join(code, LENA, lena, name="Lena", shares=True)
        assert await desk.bring("ROOM", GROUP)


async def test_a_starter_of_several_rounds_chooses_one_and_changes_it(places: Places) -> None:
    await begun(places)
    await places.says(LENA, "/gruppe")
    await places.taps(LENA, "Treppen")
    assert "8 Wochen" in (await taps(places, "change", "weeks", "8", "84"))[-1]
    await taps(places, "more", "name")
    await places.says(LENA, "Stufen")
    await taps(places, "keep")

    found = {each.round.id: each.round for each in await rounds_of(places, "lena")}
    assert (found[78].name, found[78].weeks, found[78].goal) == ("Stufen", 8, 84)
    assert (found[77].name, found[77].goal) == ("team", 20)


async def test_name_and_days_can_be_chosen_anew(places: Places) -> None:
    await begun(places)
    await places.says(LENA, "/gruppe")
    await places.taps(LENA, "Gemeinsam bewegt")
    assert (await taps(places, "mine", "no", "none"))[-1] == "Gemerkt. Das gilt ab sofort."

    found = {each.round.id: (each.shares, each.shown) for each in await rounds_of(places, "lena")}
    assert found == {77: (False, False), 78: (True, True)}


async def governs(places: Places, *, admin: bool = True) -> None:
    said = TextReceived(text="/gruppe", governs=admin)
    arrival = Arrival(source=f"g{places.now}", address=GROUP, event=said, at=places.now)
    await places.store.receive([arrival], now=places.now)
    await places.works()


async def test_an_admin_changes_the_round_of_the_group_in_private(places: Places) -> None:
    await begun(places)
    await governs(places)
    for token in ("change", "goal"):
        await places.taps(MO, token)
    await places.says(MO, "99")
    await places.taps(MO, "keep")
    assert {each.round.id: each.round.goal for each in await rounds_of(places, "lena")} == {77: 99, 78: 20}

    await governs(places)
    places.now += GRANTED_FOR_US
    await places.taps(MO, "end")
    assert "Das geht gerade nicht" in (await places.taps(MO, "yes"))[-1]  # leave lasts an hour
    assert len(await rounds_of(places, "lena")) == 2


async def test_whoever_is_no_admin_is_offered_no_change(places: Places) -> None:
    await begun(places)
    before = len(await places.messages(MO))
    await governs(places, admin=False)
    assert len(await places.messages(MO)) == before


@pytest.mark.parametrize("quiet", [True, False])
async def test_at_the_end_its_starter_goes_on_with_one_tap(places: Places, *, quiet: bool) -> None:
    await begun(places, weeks=1)
    lena = await member_of(places.store, "lena")
    if quiet:
        await places.knows(LENA, replace(trained(), status=Status.LEFT))
    async with places.store.rounds(places.now) as desk:
        await desk.tick_member(lena, ROUND.begins, ROUND.id)
    places.now += 8 * DAY
    async with places.store.rounds(places.now) as desk:
        await desk.settle(ROUND.id, ROUND.name)
    await places.works()
    offered = [b.data for m in await places.messages(LENA) for row in m.buttons for b in row if "again" in b.data]
    assert offered == ([] if quiet else [f"/group again {ROUND.id}"])
    if quiet:
        return

    assert "geht ab 4. Dez. weiter" in (await places.taps(LENA, offered[0]))[-1]

    async with places.store.rounds(places.now) as desk:
        found = await desk.find_code(ROUND.code)
        assert found is not None
        assert found.id != ROUND.id
        assert await desk.is_host(found.id, lena, [person_of(LENA)])
    await places.taps(LENA, offered[0])  # twice is once
    assert len(await rounds_of(places, "lena")) == 2


@pytest.mark.parametrize("meets", [True, False])
async def test_a_guest_who_started_it_goes_on_with_one_tap_though_the_chat_is_forgotten(
    places: Places, *, meets: bool
) -> None:
    """Nothing is known of Lena any more but that the round is hers; `meets`: she reads its posts in a group."""
    store, host, at = places.store, person_of(LENA), "2026-11-25"
    async with store.rounds(places.now) as desk:
        assert await desk.start(replace(ROUND, starter=4711), 5, host)
        await desk.bring("ROOM", GROUP)
        for who in (LENA, MO):
            await desk.join("CODE", who, 0, name="", shares=False)
            await desk.place_privately(ROUND.id, who)
        place_ = place_of(GROUP) if meets else ""
        await desk.tick([Tick(round=ROUND.id, person=person_of(who), day=at, place=place_) for who in (LENA, MO)])
    keeper = keeper_at(store, places)
    await keeper.tick()
    await settle(places)
    places.now += 8 * DAY
    await keeper.tick()

    def offers(messages: list[Message]) -> list[str]:
        return [b.data for m in messages for row in m.buttons for b in row if "again" in b.data]

    assert offers(await places.messages(LENA)) == [f"/group again {ROUND.id}"]
    assert offers(await places.messages(MO)) == []
    assert await places.member(LENA) is None
    assert "geht ab 4. Dez. weiter" in (await places.taps(LENA, "Weiter geht's"))[-1]
    async with store.rounds(places.now) as desk:
        found = await desk.find_code(ROUND.code)
        assert found is not None
        assert found.id != ROUND.id
        assert await desk.is_host(found.id, 4711, [host])


async def test_nobody_brings_a_starter_to_more_than_five_rounds(places: Places) -> None:
    """Whoever asks for the round to go on: an admin has rounds of their own, or none."""
    others = [replace(ROUND, id=n, code=f"C{n}", room_code=f"R{n}", starter=4711) for n in range(1, 6)]
    host = person_of(LENA)
    async with places.store.rounds(places.now) as desk:
        assert await desk.start(replace(ROUND, starter=4711), 5, host)
        await desk.settle(ROUND.id, ROUND.name)
        assert all([await desk.start(each, 5, host) for each in others])
        over = await desk.find_over(ROUND.id)
        assert over is not None

        assert await desk.go_on(over, "2026-12-04", 5) is None
        await desk.end(others[0].id, 4711)
        assert await desk.go_on(over, "2026-12-04", 5) is not None


async def test_a_round_that_was_ended_early_asks_its_guest_for_no_other(places: Places) -> None:
    async with places.store.rounds(places.now) as desk:
        assert await desk.start(replace(ROUND, starter=4711), 5, person_of(LENA))
        await desk.place_privately(ROUND.id, LENA)
    keeper = keeper_at(places.store, places)
    await keeper.tick()
    await settle(places)
    async with places.store.rounds(places.now) as desk:
        await desk.end(ROUND.id, 4711)
    places.now += DAY
    await keeper.tick()
    assert "ist zu Ende" in (await places.messages(LENA))[-1].text
    assert (await places.messages(LENA))[-1].buttons == ()


async def test_a_starter_who_leaves_is_asked_once_and_hands_the_round_over(places: Places) -> None:
    await begun(places)
    await places.says(LENA, "/gruppe")
    await places.taps(LENA, "Gemeinsam bewegt")
    assert "gibst du die Runde ab" in (await taps(places, "leave"))[-1]
    await taps(places, "yes")

    assert [each.round.id for each in await rounds_of(places, "lena")] == [78]
    async with places.store.rounds(places.now) as desk:
        assert (await desk.find([77]))[77].starter == 0


async def begins(places: Places) -> list[str]:
    return [each.round.begins for each in await rounds_of(places, "lena")]


async def test_a_set_up_that_lay_open_for_days_begins_no_round_in_the_past(places: Places) -> None:
    await places.knows(LENA, trained())
    await places.says(LENA, "/gruppe")
    await places.says(LENA, "Treppen")
    await places.taps(LENA, "1")
    await places.says(LENA, "20")
    await taps(places, "2026-11-25", "no", "none")
    places.now += 10 * DAY

    await taps(places, "start")

    assert await begins(places) == ["2026-12-05"]


async def test_a_change_that_lay_open_for_days_moves_no_round_into_the_past(places: Places) -> None:
    await places.knows(LENA, trained())
    lena = await member_of(places.store, "lena")
    async with places.store.rounds(places.now) as desk:
        assert await desk.start(replace(ROUND, starter=lena, begins="2026-12-10"), 5)
        await desk.join("CODE", LENA, lena, name="", shares=False)
    await places.says(LENA, "/gruppe")
    await taps(places, "change", "begin", "2026-11-26")
    places.now += 12 * DAY

    await taps(places, "keep")

    assert await begins(places) == ["2026-12-07"]


async def test_an_offer_to_go_on_that_lay_open_for_days_begins_no_round_in_the_past(places: Places) -> None:
    await places.knows(LENA, trained())
    lena = await member_of(places.store, "lena")
    async with places.store.rounds(places.now) as desk:
        assert await desk.start(replace(ROUND, starter=lena), 5)
        await desk.join("CODE", LENA, lena, name="", shares=False)
    places.now += 8 * DAY
    async with places.store.rounds(places.now) as desk:
        await desk.settle(ROUND.id, ROUND.name)
    await places.says(LENA, "/gruppe")
    places.now += 5 * DAY

    await taps(places, "again")

    assert "2026-12-08" in await begins(places)
