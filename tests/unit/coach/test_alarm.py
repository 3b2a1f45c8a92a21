"""The free-text alarm: textbook phrases are never missed, near misses stay quiet, noise and length change nothing."""

from collections import Counter
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from bot.coach.alarm import MODEL, SILENT, Alarm, AlarmCategory, AlarmDetector, AlarmLevel, Certainty
from bot.coach.alarm_text import KEPT_EACH_SIDE, fold, read
from bot.coach.alarm_words import is_one_edit_away
from tests.alarm.known import DETECTOR, KNOWN, RULES

CASES = yaml.safe_load((Path(__file__).parent / "alarm_cases.yaml").read_text(encoding="utf-8"))
PHRASES = KNOWN.phrases


def flat(*parts: str) -> list[tuple[AlarmLevel, AlarmCategory, str]]:
    return [
        (AlarmLevel(key.split()[0]), AlarmCategory(key.split()[1]), text)
        for part in parts
        for key, texts in CASES[part].items()
        for text in texts
    ]


TEXTBOOK = flat("textbook")
ALARMS = flat("textbook", "alarms", "alarms_second", "alarms_third", "alarms_fourth")
QUIET = [(why, text) for why, texts in CASES["quiet"].items() for text in texts]
EVERY_TEXT = [text for _, _, text in ALARMS] + [text for _, text in QUIET]


@pytest.mark.parametrize(("level", "category", "text"), TEXTBOOK)
def test_a_textbook_phrase_is_never_missed(level: AlarmLevel, category: AlarmCategory, text: str) -> None:
    found = DETECTOR.check(text)

    assert (found.level, found.category) == (level, category)


def test_the_right_level_is_found_for_95_of_100_messages() -> None:
    confusion = Counter((level.value, DETECTOR.check(text).level.value) for level, _, text in ALARMS)
    right = sum(count for (wanted, found), count in confusion.items() if wanted == found)
    print("wanted, found:", dict(sorted(confusion.items())))  # noqa: T201 - the score is read in the test's output

    assert right / len(ALARMS) >= 0.95


def test_at_most_10_of_100_near_misses_are_taken_for_an_alarm() -> None:
    false = [(why, text) for why, text in QUIET if DETECTOR.check(text).level is not AlarmLevel.NONE]
    print(f"false alarms: {len(false)} of {len(QUIET)}", false)  # noqa: T201 - as above

    assert len(false) / len(QUIET) <= 0.10


def test_the_cases_cover_every_category_and_enough_near_misses() -> None:
    assert {category for _, category, _ in ALARMS} == set(AlarmCategory) - {AlarmCategory.NONE}
    assert len(EVERY_TEXT) >= 350
    assert len(QUIET) / len(EVERY_TEXT) >= 0.4


@pytest.mark.parametrize(
    ("text", "level", "certainty"),
    [
        ("kein Gefühl im Schritt", "emergency", "sure"),
        ("Ich habe kein Taubheitsgefühl im Schritt", "none", "sure"),
        ("Ich habe seit Jahren Rückenschmerzen und jetzt ist mein Schritt taub", "emergency", "sure"),
        ("Der Schmerz ist weg, aber mein Fuß hängt seit heute", "emergency", "sure"),
        ("Meine Schwester will sich umbringen", "crisis", "sure"),
        ("ich halte es nicht mehr aus", "crisis", "ask"),
        ("Ich bring mich um, war nur Spaß", "crisis", "ask"),
        ("ich will nicht mehr leben und habe 30 Tabletten genommen", "emergency", "sure"),
        ("bin gestern gestürzt", "urgent", "ask"),
        ("mein Mann schlägt mich", "urgent", "sure"),
        ("Mein Vater hatte einen Herzinfarkt", "none", "sure"),
        ("Mein Vater hat gerade einen Herzinfarkt", "emergency", "sure"),
        ("TAUUUB IM SCHRITT!!!", "emergency", "sure"),
        ("Brustschmrezen", "emergency", "sure"),
        ("inkontinnent", "emergency", "sure"),
        ("kein gefuehl im intimbereich", "emergency", "sure"),
        ("kein gefuhl im intimbereich", "emergency", "sure"),
        ("\u202etaub\u202c im \u200bSch\u200dritt", "emergency", "sure"),
        ("taub 😖 im 😖 Schritt", "emergency", "sure"),
        ("I can’t feel my groin", "emergency", "sure"),
        ("I'm numb between my legs", "emergency", "sure"),
    ],
)
def test_the_contract_by_example(text: str, level: str, certainty: str) -> None:
    found = DETECTOR.check(text)

    assert (found.level.value, found.certainty.value) == (level, certainty)


@pytest.mark.parametrize("text", ["", " ", "7", "?", "\n", "\u200b\u200b\u200b", "👍", "........", "ja"])
def test_empty_and_tiny_texts_are_silent(text: str) -> None:
    assert DETECTOR.check(text) == SILENT


@pytest.mark.parametrize(
    "form",
    ["{}", "{} von 10", "{} out of 10", "so eine {}", "about a {}", "{} würd ich sagen", "I'd say {}", "{} Minuten",
     "{} minutes", "{} Tage", "{} days", "seit {} Wochen", "for {} weeks"],
)  # fmt: skip
def test_a_number_below_ten_for_an_answer_is_silent(form: str) -> None:
    loud = [text for number in range(10) if DETECTOR.check(text := form.format(number)) != SILENT]

    assert loud == []


@pytest.mark.parametrize("number", ["0", "7", "10", "7,5"])
@pytest.mark.parametrize("words", ["{} von 10", "{} out of 10", "so {} von 10", "{}/10"])
def test_a_number_out_of_ten_is_an_answer(number: str, words: str) -> None:
    assert DETECTOR.check(words.format(number)) == SILENT


def test_names_days_and_polite_words_are_silent() -> None:
    words = "Anna Katharina Gregor Nigel Beatrice Montag Do tuesday ja nein danke thanks weiter next Pause ok hallo"

    assert [word for word in words.split() if DETECTOR.check(word) != SILENT] == []


def test_both_ends_of_a_long_text_are_read() -> None:
    filler = "heute war ein ruhiger tag und ich war spazieren. " * 200
    alarm = "Ich bin im Schritt taub."

    assert DETECTOR.check(alarm + filler).level is AlarmLevel.EMERGENCY
    assert DETECTOR.check(filler + alarm).level is AlarmLevel.EMERGENCY
    assert DETECTOR.check(filler).level is AlarmLevel.NONE


def test_the_two_ends_of_a_long_text_are_not_read_as_one_sentence() -> None:
    text = "x " * (KEPT_EACH_SIDE // 2 - 3) + "taub " + "y " * KEPT_EACH_SIDE
    text += "im schritt" + " z" * (KEPT_EACH_SIDE // 2 - 6)

    assert RULES.check(text) == SILENT


def test_only_sure_emergencies_and_crises_are_answered_without_asking() -> None:
    assert DETECTOR.is_sure_emergency("I can't pee")
    assert DETECTOR.is_sure_emergency("I want to kill myself")
    assert not DETECTOR.is_sure_emergency("mir ist alles egal")
    assert not DETECTOR.is_sure_emergency("Ich habe Fieber")
    assert not DETECTOR.is_sure_emergency("Guten Morgen")


SPOKEN = st.one_of(
    st.text(max_size=120),
    st.sampled_from(EVERY_TEXT),
    st.lists(st.sampled_from(EVERY_TEXT), min_size=2, max_size=4).map("\n".join),
    st.lists(st.sampled_from(sorted({w for t in EVERY_TEXT for w in t.split()})), max_size=14).map(" ".join),
)


@given(SPOKEN)
def test_any_text_gets_a_whole_answer(text: str) -> None:
    found = DETECTOR.check(text)

    assert isinstance(found, Alarm)
    assert (found.level is AlarmLevel.NONE) == (found.category is AlarmCategory.NONE) == (found.rule == "")
    assert found.rule in {"", MODEL, *(rule.id for rule in PHRASES.rules)}
    assert found.certainty in Certainty


def test_what_was_read_before_changes_nothing() -> None:
    backwards = AlarmDetector(*KNOWN)
    answers = {text: backwards.check(text) for text in reversed(EVERY_TEXT)}

    assert answers == {text: DETECTOR.check(text) for text in EVERY_TEXT}


@given(st.sampled_from(EVERY_TEXT), st.data())
def test_case_and_invisible_characters_change_nothing(text: str, data: st.DataObject) -> None:
    noise = st.sampled_from(["", "", "", "\u200b", "\u200d", "\u2060", "\ufeff", "\u202e", "\u00ad", "\u0301"])
    noisy = "".join(character + data.draw(noise) for character in text)

    assert DETECTOR.check(noisy.upper()) == DETECTOR.check(noisy) == DETECTOR.check(text)


@given(st.text())
@example("\U0001e2f0")  # a digit that has no compatibility form
def test_a_text_is_read_as_plain_letters_and_digits(text: str) -> None:
    words = read(text).words

    assert all(word.isascii() and word == word.lower() for word in words)
    assert fold("Füße") == fold("Fuesse") == fold("FUSSE") == fold("fu\u0308ße")


def one_edits(word: str, letters: str) -> set[str]:
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    return {
        *(a + b[1:] for a, b in cuts if b),
        *(a + c + b for a, b in cuts for c in letters),
        *(a + c + b[1:] for a, b in cuts if b for c in letters),
        *(a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1),
    }


@given(st.text("abc", min_size=1, max_size=6), st.text("abc", min_size=1, max_size=7))
def test_one_edit_is_exactly_one_edit(stem: str, word: str) -> None:
    assert is_one_edit_away(word, stem, open_end=False) == (word == stem or word in one_edits(stem, "abc"))
