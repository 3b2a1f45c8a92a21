"""Several places of one person, on both engines: codes, both confirmations, what comes along, taking one away."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from bot.dialogue.messages import Priority
from bot.store.linking import CODE_LIVES, TRIES_IN_ALL
from bot.store.schema import member
from bot.store.store import Store
from tests.runtime.places import MATRIX, TELEGRAM, WEB, Places, place, trained
from tests.store.given import NOW, SECOND


async def test_a_place_without_answers_becomes_a_second_address_once_both_agree(store: Store) -> None:
    places = Places(store)
    await places.knows(TELEGRAM, trained())
    code = await places.code(TELEGRAM)
    (asked,) = await places.says(WEB, f"/start l_{code[:5].lower()}-{code[5:]}")
    assert "Telegram" in asked
    assert "Web-Chat: Es liest" in asked
    assert await places.persons() == 2

    assert "am anderen Ort" in (await places.taps(WEB, "yes"))[-1]
    assert "Web-Chat" in (await places.messages(TELEGRAM))[-1].text
    assert await places.persons() == 2
    await places.taps(TELEGRAM, "yes")

    assert await places.persons() == 1
    assert "Verbunden mit Web-Chat" in (await places.messages(TELEGRAM))[-1].text
    assert "Verbunden mit Telegram" in (await places.messages(WEB))[-1].text
    person = await places.member(WEB)
    assert person is not None
    assert person.known.sessions == trained().known.sessions
    counts = await store.counts()
    assert [counts[name] for name in ("address", "link", "inbox waiting")] == [2, 0, 0]


async def test_answers_go_where_one_writes_prompts_to_one_place_emergencies_everywhere(store: Store) -> None:
    places = Places(store)
    await places.knows(TELEGRAM, trained())
    await places.link(TELEGRAM, WEB)
    told = {where: len(await places.messages(where)) for where in (TELEGRAM, WEB)}

    await places.says(WEB, "/hilfe")
    assert len(await places.messages(TELEGRAM)) == told[TELEGRAM]
    assert (await store.addresses((await store.member_by_address(WEB.key)).member))[0].preferred  # type: ignore[union-attr]  # there is
    await places.taps(WEB, "/link here")
    stored = await store.member_by_address(WEB.key)
    assert stored is not None
    assert [each.address for each in await store.addresses(stored.member) if each.preferred] == [WEB]

    await places.says(TELEGRAM, "Ich spüre meinen Po nicht mehr und kann nicht pinkeln.")
    for where in (TELEGRAM, WEB):
        last = (await places.messages(where))[-1]
        assert "112" in last.text
        assert last.priority is Priority.EMERGENCY


async def test_whoever_writes_where_nothing_could_be_sent_gets_emergencies_there_again(store: Store) -> None:
    """As in a room that was left for a new one, or into which the coach was asked back."""
    places = Places(store)
    await places.knows(TELEGRAM, trained())
    await places.link(TELEGRAM, MATRIX)
    for back in (False, True):
        await places.loses(MATRIX)
        if back:
            await places.says(MATRIX, "/hilfe")
        before = len(await places.messages(MATRIX))
        await places.says(TELEGRAM, "/notfall" if back else "Ich spüre meinen Po nicht mehr und kann nicht pinkeln.")
        told = [message.priority for message in (await places.messages(MATRIX))[before:]]
        assert (Priority.EMERGENCY in told) is back


async def test_a_question_begun_in_one_place_goes_on_in_the_other_and_says_nothing_back(store: Store) -> None:
    places = Places(store)
    await places.knows(MATRIX, trained())
    await places.link(MATRIX, TELEGRAM)
    (question,) = await places.says(TELEGRAM, "/schmerz")

    asked_again = await places.says(MATRIX, "wie bitte?")
    assert any(question in text for text in asked_again)
    await places.says(MATRIX, "7")

    person = await places.member(TELEGRAM)
    assert person is not None
    assert [(pain.when, pain.value) for pain in person.known.pains][-1] == ("now", 7)
    closed = (await places.messages(TELEGRAM))[-1]
    assert closed.only_edit
    assert closed.buttons == ()
    assert closed.text == "Weiter geht es an deinem anderen Ort."
    assert not any("7" in message.text for message in await places.messages(TELEGRAM))


async def test_a_flag_raised_before_onboarding_comes_along_and_locks(store: Store) -> None:
    places = Places(store)
    await places.knows(TELEGRAM, trained())
    for said in ("hallo", "yes"):
        await (places.says(WEB, said) if said == "hallo" else places.taps(WEB, said))
    await places.says(WEB, "Nein, nichts davon")
    code = await places.code(TELEGRAM)
    await places.says(WEB, f"/verbinden {code}")
    await places.taps(WEB, "yes")
    await places.says(WEB, "Ich spüre meinen Po nicht mehr und kann nicht pinkeln.")
    await places.taps(WEB, "coming")
    await places.taps(TELEGRAM, "yes")

    person = await places.member(TELEGRAM)
    assert person is not None
    assert await places.persons() == 1
    assert person.known.lock is not None
    assert person.known.lock.disposition == "emergency"
    assert (await store.counts())["appointment waiting"] >= 1  # the question in half an hour
    assert any("112" in message.text for message in (await places.messages(TELEGRAM))[-3:])


async def test_unlinking_works_on_each_side_and_tells_the_other(store: Store) -> None:
    places = Places(store)
    await places.knows(TELEGRAM, trained())
    await places.link(TELEGRAM, WEB)
    await places.link(TELEGRAM, MATRIX)
    assert "Verbunden ist schon: Web-Chat, Matrix" in (await places.says(TELEGRAM, "/verbinden"))[0]
    await places.says(MATRIX, "/trennen hier")
    assert "Dieser Ort ist getrennt" in (await places.messages(MATRIX))[-1].text
    for where in (TELEGRAM, WEB):
        assert "Der andere Ort ist getrennt" in (await places.messages(where))[-1].text

    await places.says(WEB, "/trennen")
    await places.taps(WEB, "/unlink there")
    assert "Dieser Ort ist getrennt" in (await places.messages(TELEGRAM))[-1].text
    stored = await store.member_by_address(WEB.key)
    assert stored is not None
    assert [(a.address, a.preferred) for a in await store.addresses(stored.member)] == [(WEB, True)]
    assert await store.member_by_address(TELEGRAM.key) is None
    assert "Ich kenne nur diesen Ort" in (await places.says(WEB, "/trennen"))[0]


async def test_a_code_works_once_for_ten_minutes_and_never_for_oneself(store: Store) -> None:
    places = Places(store)
    await places.knows(TELEGRAM, trained())
    code = await places.code(TELEGRAM)
    assert any("von dir selbst" in said for said in await places.says(TELEGRAM, f"/verbinden {code}"))
    await places.says(WEB, f"/verbinden {code}")
    assert "passt nicht" in (await places.says(place("web", "bela"), f"/verbinden {code}"))[0]
    await places.taps(WEB, "no")
    assert "passt nicht" in (await places.says(WEB, f"/verbinden {code}"))[0]

    late = await places.code(TELEGRAM)
    places.now += CODE_LIVES
    assert "passt nicht" in (await places.says(MATRIX, f"/verbinden {late}"))[0]
    assert code.encode() not in await _everything(store)


async def test_guesses_help_nobody(store: Store) -> None:
    places = Places(store)
    await places.knows(TELEGRAM, trained())
    code = await places.code(TELEGRAM)
    async with store.turns(places.now, members=0) as batch:
        allowed = [await batch.places.may_try(place("web", f"thief{n % 50}").key) for n in range(400)]

    assert sum(allowed) == TRIES_IN_ALL
    assert sum(allowed[:250]) == TRIES_IN_ALL
    assert "zu viele Versuche" in (await places.says(WEB, f"/verbinden {code}"))[0]
    places.now += 600 * SECOND
    async with store.turns(places.now, members=0) as batch:
        assert [await batch.places.may_try(WEB.key) for _ in range(6)] == [True] * 5 + [False]


async def _everything(store: Store) -> bytes:
    """Whatever the tables that stay hold of codes."""
    async with store.database.read() as connection:
        rows = await connection.exec_driver_sql("SELECT code_hash, address_key, other_key FROM link")
        return repr(rows.all()).encode()


@pytest.mark.parametrize("stays", ["given", "made"])
async def test_of_two_histories_one_is_chosen_and_the_other_goes_by_a_typed_word(store: Store, stays: str) -> None:
    places = Places(store)
    here = trained()
    there = replace(here, known=replace(here.known, sessions=(), tags=("KN",), disposition="doctor_soft"))
    await places.knows(TELEGRAM, here)
    await places.knows(WEB, there)
    await places.says(WEB, f"/verbinden {await places.code(TELEGRAM)}")
    await places.taps(WEB, "here" if stays == "given" else "there")
    if stays == "made":
        await places.says(WEB, "löschen")
    await places.taps(TELEGRAM, "yes")
    if stays == "given":
        assert await places.persons() == 2
        await places.says(TELEGRAM, "ERASE")

    assert await places.persons() == 1
    person = await places.member(TELEGRAM)
    assert person is not None
    assert person.known.sessions == (here.known.sessions if stays == "made" else ())
    assert (person.known.tags, person.known.disposition) == (("KN",), "doctor_soft")
    assert person.known.consents == here.known.consents
    assert places.forgotten == ([WEB] if stays == "made" else [TELEGRAM])


async def test_a_history_does_not_go_before_its_file_has_left(store: Store) -> None:
    places = Places(store)
    await places.knows(TELEGRAM, trained())
    await places.knows(WEB, trained())
    await places.says(WEB, f"/verbinden {await places.code(TELEGRAM)}")
    await places.taps(WEB, "there")
    await places.taps(WEB, "/export")
    await places.says(WEB, "löschen")
    await places.taps(TELEGRAM, "yes")  # nobody has sent anything yet

    assert await places.persons() == 2
    assert places.forgotten == []
    assert "nichts geworden" in (await places.messages(WEB))[-1].text


async def test_what_cannot_be_read_is_never_linked_and_never_lost(store: Store) -> None:
    places = Places(store)
    await places.knows(TELEGRAM, trained())
    await places.says(WEB, f"/verbinden {await places.code(TELEGRAM)}")
    await places.taps(WEB, "yes")
    stored = await store.member_by_address(WEB.key)
    assert stored is not None
    async with store.database.write() as connection:
        await connection.execute(update(member).where(member.c.id == stored.member).values(document=b"damaged"))
    await places.taps(TELEGRAM, "yes")

    assert await places.persons() == 2
    assert "nichts geworden" in (await places.messages(TELEGRAM))[-1].text


async def test_the_side_with_the_history_stays_whoever_made_the_code(store: Store) -> None:
    places = Places(store)
    await places.knows(TELEGRAM, trained())
    for said in ("hallo", "Ja, einverstanden"):
        await places.says(WEB, said)
    await places.link(WEB, TELEGRAM)

    assert await places.persons() == 1
    person = await places.member(WEB)
    assert person is not None
    assert person.known.sessions == trained().known.sessions
    stored = await store.member_by_address(WEB.key)
    assert stored is not None
    assert [each.address for each in await store.addresses(stored.member) if each.preferred] == [TELEGRAM]


async def test_while_another_worker_holds_one_side_nobody_waits_and_it_is_done_later(postgres_url: str) -> None:
    store = await Store.open(postgres_url)
    await store.node("test", NOW)
    places = Places(store)
    await places.knows(TELEGRAM, trained())
    await places.says(WEB, f"/verbinden {await places.code(TELEGRAM)}")
    await places.taps(WEB, "yes")
    other = await store.member_by_address(WEB.key)
    assert other is not None
    async with store.turns(places.now, members=0) as batch:
        assert set(await batch.hold([other.member])) == {other.member}
        await places.arrives(TELEGRAM, "Ja, verbinden")
        for _ in range(3):
            await places.worker().work_once()
        assert await places.persons() == 2
    await places.works()

    assert await places.persons() == 1
    await store.aclose()


async def test_erasing_goes_for_all_places_and_says_so_in_each(store: Store) -> None:
    places = Places(store)
    await places.knows(TELEGRAM, trained())
    await places.link(TELEGRAM, WEB)
    await places.says(WEB, "/loeschen")
    await places.taps(WEB, "yes")

    assert (await store.counts())["address"] == 0
    told = [(await places.messages(where))[-1].text for where in (TELEGRAM, WEB)]
    assert told[0] == told[1]
    assert places.forgotten == [TELEGRAM, WEB]
