"""I18: whoever words the texts anew, a translator or a machine, alters no number, no flag and no choice."""

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue.events import ButtonTapped
from bot.dialogue.facts import Fact
from bot.dialogue.kit import AllWords, Kit
from bot.library.catalog import Catalog
from tests.dialogue.room import Room, the_kit

SLOTLESS = str.maketrans({"{": "(", "}": ")"})
WORDINGS: dict[str, Callable[[str], str]] = {
    "empty": lambda _: "",
    "loud": str.upper,
    "backwards": lambda form: form[::-1],
    "other numbers": lambda form: f"9 {form} 112",
    "a plain yes": lambda _: "Ja",
    "go on": lambda _: "Alles gut, 10 Kniebeugen.",
}
TAPS = st.lists(st.integers(0, 30), min_size=12, max_size=40)


def reworded(how: Callable[[str], str]) -> Kit:
    kit = the_kit()
    catalogs = {
        language: Catalog(
            language, {key: tuple(how(form.translate(SLOTLESS)) for form in forms) for key, forms in c.texts.items()}
        )
        for language, c in kit.catalogs.items()
    }
    return replace(kit, catalogs=catalogs, words=AllWords(catalogs))


def life(kit: Kit, taps: list[int], *, healthy: bool) -> tuple[list[Fact], list[list[str]], str | None]:
    """What was written down, what could be tapped, and what stands in the end, for the same taps.

    `healthy`: the taps begin at the first offer instead of the welcome.
    """
    room = Room(kit=kit)
    if healthy:
        room.onboards()
    else:
        room.says("/start", after_s=60)
    offered: list[list[str]] = []
    for tap in taps:
        data = [b.data for row in room.visible[room.order[-1]].buttons for b in row if b.data.count(".") == 3]
        offered.append(data)
        if not data:
            break
        room.passes(seconds=90)
        room.happens(ButtonTapped(data=data[tap % len(data)]))
    return [dated.fact for dated in room.facts], offered, room.member.known.disposition


@given(TAPS, st.sampled_from(sorted(WORDINGS)), st.booleans())
@settings(max_examples=25, deadline=None)
def test_i18_the_same_taps_lead_to_the_same_facts_and_choices_however_it_is_worded(
    taps: list[int],
    how: str,
    healthy: bool,  # noqa: FBT001  hypothesis gives it by position
) -> None:
    assert life(reworded(WORDINGS[how]), taps, healthy=healthy) == life(the_kit(), taps, healthy=healthy)


def test_i18_holds_of_a_way_that_leads_somewhere() -> None:
    facts, offered, disposition = life(the_kit(), [0] * 40, healthy=True)

    assert len(facts) > 10
    assert len(offered) > 5
    assert disposition is not None
