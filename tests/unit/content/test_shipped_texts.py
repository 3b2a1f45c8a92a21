"""The texts that ship: complete for code and content, still short when put together, and safe where it counts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.dialogue.answers import OptionWords, parse_choice, parse_many
from bot.dialogue.flows.screening import CIRCLED
from bot.dialogue.kit import AllWords
from bot.dialogue.markup import plain, spans
from bot.library.catalog import Catalog, read_catalogs
from bot.library.check import check_content
from bot.library.kinds import CAPTION_SIGNS
from bot.library.library import Library
from bot.library.lint import Needs
from bot.library.po_file import read_po_folder
from bot.library.screening import AgeBand, Episode
from bot.library.wording import SENTENCE_WORDS, count_words, sentences
from tests.shipped import kitted
from tests.unit.content.needed_keys import CHANNELS, LABELS, LOCKS, collect

CONTENT = Path(__file__).parents[3] / "content"
LANGUAGES = ("de", "en")
HELP = {"emergency": "112", "doctor": "116117", "crisis": "0800 1110111 · 0800 1110222 · 116 123"}


@pytest.fixture(scope="module")
def library() -> Library:
    return kitted().kit.library


@pytest.fixture(scope="module")
def needs(library: Library) -> Needs:
    return collect(library)


@pytest.fixture(scope="module", params=LANGUAGES)
def catalog(request: pytest.FixtureRequest) -> Catalog:
    return read_catalogs(CONTENT / "locales")[request.param]


def test_nothing_is_wrong_with_the_shipped_content(needs: Needs) -> None:
    assert [str(problem) for problem in check_content(CONTENT, needs=needs)] == []


def test_both_catalogs_have_the_same_order() -> None:
    orders = [
        [text.key for text in read_po_folder(CONTENT / "locales" / lang / "LC_MESSAGES", lang).texts]
        for lang in LANGUAGES
    ]

    assert orders[0] == orders[1]


def _pages(library: Library) -> Iterator[tuple[int, tuple[str, ...]]]:
    for number in (1, 2, 3, 4):
        for age in AgeBand:
            for episode in Episode:
                items = library.screening.on_list(number)
                yield number, tuple(i.id for i in items if i.required and i.asked.reaches(age, episode, frozenset()))


def test_every_screening_list_can_be_read_at_once(catalog: Catalog, library: Library) -> None:
    """At most 95 words with all its lines, for whoever it is shown to."""
    for number, items in _pages(library):
        lines = [
            catalog.text("screening/numbered", {"mark": mark, "line": catalog.text(f"screening/{item}")})
            for mark, item in zip(CIRCLED, items, strict=False)
        ]
        lead = catalog.text("screening/intro" if number == 1 else "screening/again")
        slots: dict[str, str | int] = {"lead": lead, "lines": "\n".join(lines), "place": number, "of": 4}
        assert count_words(plain(catalog.text(f"screening/list-{number}", slots))) <= 95, (number, items)


def test_every_exercise_fits_below_its_picture(catalog: Catalog, library: Library) -> None:
    for exercise in library.exercises.values():
        for level in range(1, exercise.top_level + 1):
            stem = f"exercise/{exercise.id}"
            slots: dict[str, str | int] = {
                "name": catalog.text(f"{stem}/level-{level}/name"),
                "how": catalog.text(f"{stem}/level-{level}/how"),
                "cue": catalog.text(f"{stem}/cue"),
                "dose": catalog.text(f"dose/{exercise.unit.value}", {"sets": 3, "amount": 12}),
                "number": 2,
                "of": 5,
            }
            words = plain(catalog.text("session/exercise", slots))
            assert len(words) <= CAPTION_SIGNS
            assert count_words(words) <= 60, (exercise.id, level)


def test_the_end_of_the_first_day_stays_short_whatever_it_hangs_on(catalog: Catalog) -> None:
    after = [text for key in catalog.texts if key.startswith("ending/after-") for text in catalog.texts[key]]
    filled = [catalog.text("ending/tomorrow-after", {"at": "08:00", "after": each}) for each in after]

    assert len(filled) > 2
    assert max(count_words(sentence) for words in filled for sentence in sentences(words)) <= SENTENCE_WORDS


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_welcome_fits_below_its_picture(catalog: Catalog, channel: str) -> None:
    privacy = catalog.text(f"onboarding/channel-{channel}")
    words = plain(catalog.text("onboarding/welcome", {"operator": "Verein Bewegte Nachbarn e. V.", "privacy": privacy}))

    assert len(words) <= CAPTION_SIGNS
    assert "112" in words


@pytest.mark.parametrize("item", ["rf_saddle", "overdose", "cauda_equina", "unknown"])
@pytest.mark.parametrize("lock", LOCKS)
def test_the_first_line_of_a_lock_says_what_to_do(catalog: Catalog, lock: str, item: str) -> None:
    """What a lock screen shows is the first line: the number to call, or in a crisis a person first."""
    words = plain(catalog.text(f"{lock}/text", {"line": catalog.text(f"phone/{item}"), **HELP}))

    assert count_words(words) <= 95
    assert "112" in words
    if lock == "emergency":
        assert "112" in words.split("\n")[0][:40]


def test_the_emergency_card_starts_with_the_action(catalog: Catalog) -> None:
    card = catalog.text("emergency-card/text", HELP)

    assert "112" in plain(card)[:20]
    assert all(number in card for number in HELP.values())
    assert next(spans(card)).bold


def test_in_screening_and_alarm_yes_always_means_it_is_there(catalog: Catalog) -> None:
    """Polarity never flips: the same words for yes and no on every safety question."""
    asked = ("screening/single", "clarify/answer")

    assert {catalog.text(f"{labels}/yes") for labels in asked} == {catalog.text("screening/single/yes")}
    assert catalog.text("screening/answer/some").startswith(catalog.text("screening/single/yes"))
    assert catalog.text("screening/answer/none").startswith(catalog.text("screening/single/no"))


def test_a_button_named_in_a_text_exists(catalog: Catalog) -> None:
    assert catalog.text("doctor_first/reply/cleared") in catalog.text("doctor_first/text")
    assert catalog.text("button/done") in catalog.text("hint/many")


def test_a_refusal_gets_at_most_six_words_and_no_question(catalog: Catalog) -> None:
    for key in (
        "onboarding/refused",
        "session/not-today",
        "session/later",
        "erase/kept",
        "stop/nothing",
        "stop/question",
    ):
        words = catalog.text(key)
        assert count_words(words) <= 6, key
        assert "?" not in words, key


def test_a_lock_screen_learns_nothing(catalog: Catalog) -> None:
    words = catalog.text("push/discreet").casefold()

    assert not any(tell in words for tell in ("schmerz", "rücken", "übung", "pain", "back", "exercise", "health"))


@pytest.mark.parametrize("labels", sorted(LABELS))
def test_every_label_and_every_everyday_word_can_be_typed(labels: str) -> None:
    """In both languages at once, as the coach reads them."""
    words = AllWords(read_catalogs(CONTENT / "locales"))
    options = tuple(OptionWords(o.value, words.labels(f"{labels}/{o.value}")) for o in LABELS[labels])
    strayed = [(typed, o.id) for o in options for typed in o.labels if parse_choice(typed, options) != o.id]

    assert strayed == []


def test_every_tag_can_be_typed(library: Library) -> None:
    words = AllWords(read_catalogs(CONTENT / "locales"))
    options = tuple(OptionWords(t.id, words.labels(f"tag/{t.id}")) for t in library.tags.values() if t.asked)
    strayed = [(typed, o.id) for o in options for typed in o.labels if parse_many(typed, options) != frozenset({o.id})]

    assert strayed == []
