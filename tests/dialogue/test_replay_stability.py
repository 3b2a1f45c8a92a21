"""The same answers give the same questions, whatever happens to document, wording and clock between two turns."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from bot.dialogue.conversation import follow
from bot.dialogue.events import ButtonTapped
from bot.dialogue.kit import AllWords, Kit
from bot.dialogue.member import Known, Pain, Placed
from bot.library.catalog import Catalog
from tests.dialogue.room import Room, the_kit


def reworded(kit: Kit, random: Random) -> Kit:
    """All wording changed, as between two releases of the catalogs."""
    mark = str(random.random())
    catalogs = {
        language: Catalog(language, {key: tuple(f"{form} {mark}" for form in forms) for key, forms in c.texts.items()})
        for language, c in kit.catalogs.items()
    }
    return replace(kit, catalogs=catalogs, words=AllWords(catalogs))


def another_life(known: Known, random: Random) -> Known:
    """What is known of the member, changed behind the flow's back; consent, lock and revision stay."""
    pains = tuple(Pain(day="2026-11-01", when="before", value=random.randrange(11)) for _ in range(random.randrange(4)))
    placed = (Placed(exercise="bruecke", level=random.randrange(1, 4), dose_step=1, sets=2, since="2026-11-01"),)
    return replace(known, pains=(*known.pains, *pains), programme=placed, age=random.choice(["65_plus", None]))


def questions_asked(seed: int, *, perturbed: bool) -> list[tuple[str, str]]:
    chooser, disturber = Random(seed), Random(seed + 1)
    room = Room()
    room.says("/start")
    asked: list[tuple[str, str]] = []
    for _ in range(25):
        state = room.member.open
        if state is None:
            break
        waiting = follow(state).waiting
        assert waiting is not None
        asked.append((waiting.question.id, waiting.question.fingerprint))
        tokens = [option.token for row in waiting.question.rows() for option in row]
        token = chooser.choice(tokens) if chooser.random() < 0.25 else tokens[0]
        data = room.button(token)
        if perturbed:
            room.kit = reworded(the_kit(), disturber)
            room.member = replace(room.member, known=another_life(room.member.known, disturber))
        room.now += timedelta(seconds=60 + (disturber.randrange(600) if perturbed else 0))
        if state.flow not in {"onboarding", "screening", "correction"}:
            break
        room.happens(ButtonTapped(data=data))
    return asked


@pytest.mark.parametrize("seed", range(60))
def test_a_flow_depends_on_its_start_and_answers_only(seed: int) -> None:
    assert questions_asked(seed, perturbed=True) == questions_asked(seed, perturbed=False)


@pytest.mark.parametrize("seed", range(40))
def test_a_session_under_way_is_not_changed_by_what_is_learned_meanwhile(seed: int) -> None:
    random = Random(seed)
    room = Room()
    room.onboards()
    room.taps("go")
    calm, disturbed = room.member.open, replace(room.member, known=another_life(room.member.known, random)).open

    assert calm is not None
    assert disturbed is not None
    assert follow(calm) == follow(disturbed)
