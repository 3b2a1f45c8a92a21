"""The lint finds each kind of mistake, names its place, and takes exceptions only with a use."""

from collections.abc import Iterable

import pytest

from bot.library.errors import ContentError
from bot.library.lint import Needs, Slots, lint, slots_of
from bot.library.lint_rules import Allowance, Forbidden, LintRules
from bot.library.po_file import PoFile, parse_po
from tests.unit.content.made_up import HEADER, catalog, entry, pair

RULES = LintRules(
    forbidden=(
        Forbidden(why="no pressure", de=("du solltest", "heil*"), en=("you should",)),
        Forbidden(why="never little", de=("nur",), en=("only",), kinds=("flare",)),
    )
)
LONG = "Wort " * 16


def reasons(files: Iterable[PoFile], needs: Needs | None = None, rules: LintRules = RULES) -> list[str]:
    return [str(problem) for problem in lint(tuple(files), needs or Needs(), rules)]


def test_a_clean_pair_has_no_problem() -> None:
    assert reasons(pair(entry("a/hello", "**Hallo**, {name}. *Alles gut?*"))) == []


@pytest.mark.parametrize(
    ("german", "reason"),
    [
        (entry("a", "Hallo {name"), "a brace is not closed"),
        (entry("a", "Hallo {0}"), "no plain name"),
        (entry("a", "Hallo {name:>9}"), "no plain name"),
        (entry("a", "**Hallo"), "not closed"),
        (entry("a", "**Hal*lo** du*"), "not closed"),
        (entry("a", "Ein Wort mehr als auf einen Knopf", "button"), "33 signs long, at most 20"),
        (entry("a", "x" * 12, "title · max 10"), "12 signs long, at most 10"),
        (entry("a", "**Ja**", "button"), "no markup here"),
        (entry("a", f"{'x' * 20}. " * 55, "caption"), "at most 1024"),
        (entry("a", "Ein Satz. " * 31), "has 62 words, at most 60"),
        (entry("a", "Ein Satz. " * 48, "alarm"), "has 96 words, at most 95"),
        (entry("a", LONG), "a sentence has 16 words"),
        (entry("a", "Gut gemacht!"), "no exclamation marks"),
        (entry("a", "Gut 🙂🙂"), "has 2 emoji, at most 1"),
        (entry("a", "Gut 🙂", "alarm"), "has 1 emoji, at most 0"),
        (entry("a", "Gut 🙂", "flare"), "has 1 emoji, at most 0"),
        (entry("a", "Geht es? Oder nicht?"), "more than one question"),
        (entry("a", "Du  Solltest ruhen."), "'du solltest': no pressure"),
        (entry("a", "Das heilt."), "'heil*': no pressure"),
        (entry("a", "Heute nur Sanftes.", "flare"), "'nur': never little"),
        (entry("a", "Donaudampfschifffahrtsgesellschaft"), "34 letters, at most 25"),
        (entry("a", "Halt-den-Rücken-immer-gerade-Übung"), "34 letters, at most 25"),
        (entry("a", "Vor-Donaudampfschifffahrtsgesellschaft"), "38 letters, at most 25"),
        (entry("a", "Hallo", "poem · somewhere"), "the comment must begin with"),
        (entry("a", "Hallo", ""), "the comment must begin with"),
    ],
)
def test_how_a_text_reads(german: str, reason: str) -> None:
    problems = lint(pair(german, entry("a", "Hello", german.splitlines()[0].removeprefix("#. "))), Needs(), RULES)
    found = [problem for problem in problems if problem.file == "de.po"]

    assert [reason in problem.reason for problem in found] == [True]
    assert (found[0].field, found[0].line is not None) == ("a", True)


@pytest.mark.parametrize(
    "text",
    [
        "Ein kleines Licht. Heute nur Sanftes, ohne Solltest.",
        "0 = nichts, 1 bis 3 = trifft zu, ? = nicht sicher. Geht das?",
        "① Knie ✓",
        "Ein Stern \\\\* bleibt ein Stern.",
        "Bewegungs- und Gesundheits-Wochenplaner, 🙂.",
    ],
)
def test_what_only_looks_like_a_mistake(text: str) -> None:
    assert reasons(pair(entry("a", text))) == []


def test_a_text_in_one_language_only() -> None:
    files = catalog("de", entry("a", "Ja"), entry("b", "Zwei")), catalog("en", entry("a", "Yes"))

    assert reasons(files) == ["en.po: b: is missing, empty or fuzzy"]


@pytest.mark.parametrize("english", [entry("a", ""), "#, fuzzy\n" + entry("a", "Yes")])
def test_empty_and_fuzzy_count_as_missing(english: str) -> None:
    assert "en.po: a: is missing, empty or fuzzy" in reasons(pair(entry("a", "Ja"), english))


def test_missing_and_extra_keys_against_what_the_code_asks_for() -> None:
    needs = Needs(keys=frozenset({"a", "b"}), complete=True)
    files = pair("\n".join((entry("a", "Ja"), entry("c", "Übrig"), entry("words/a", "jo|jep", "words"))))

    found = reasons(files, needs)

    assert {line.split(": ", 1)[1] for line in found} == {
        "b: is missing, empty or fuzzy",
        "c: nothing asks for this text",
    }


def test_everyday_words_for_a_text_nobody_asks_for_are_extra_too() -> None:
    needs = Needs(keys=frozenset({"a"}), complete=True)

    assert "nothing asks for this text" in str(
        reasons(pair(entry("a", "Ja") + "\n" + entry("words/b", "jo", "words")), needs)
    )


def test_a_key_that_stands_twice() -> None:
    assert "de.po:8: a: stands twice" in reasons(pair(entry("a", "Ja") + "\n" + entry("a", "Jo"), entry("a", "Yes")))


def test_slots_differ_between_languages() -> None:
    assert reasons(pair(entry("a", "Um {at}."), entry("a", "At {time}."))) == ["en.po:8: a: has other slots than de"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [("Um {time}.", "nothing fills {time}"), ("Bald.", "leaves out {at}"), ("Um {at}, {also}.", None)],
)
def test_slots_against_what_the_code_fills(text: str, reason: str | None) -> None:
    needs = Needs(slots={"a": Slots(must=frozenset({"at"}), may=frozenset({"also"}))})

    found = reasons(pair(entry("a", text)), needs)

    assert any(reason in line for line in found) if reason else found == []


def test_plural_forms() -> None:
    needs = Needs(
        keys=frozenset({"a", "b"}),
        complete=True,
        slots={"a": Slots(must=frozenset({"count"}))},
        plurals=frozenset({"a"}),
    )
    right = entry("a", ("Eine Übung", "{count} Übungen"), "part")

    assert reasons(pair(right + "\n" + entry("b", "Ja")), needs) == []
    assert "is chosen by a count" in str(
        reasons(pair(entry("a", "{count} Übungen", "part") + "\n" + entry("b", "Ja")), needs)
    )
    assert "is chosen by no count" in str(reasons(pair(right + "\n" + entry("b", ("Ja", "Jas"))), needs))
    assert "leaves out {count}" in str(
        reasons(pair(entry("a", ("Eine", "Viele"), "part") + "\n" + entry("b", "Ja")), needs)
    )


def test_a_text_on_a_button_is_short_whatever_its_comment_says() -> None:
    needs = Needs(buttons=frozenset({"a"}))

    assert "stands on a button" in str(reasons(pair(entry("a", "Ein sehr langer Knopf, wirklich")), needs))


def test_one_word_never_means_two_buttons_not_even_across_languages() -> None:
    german = "\n".join(
        (entry("q/a", "Gut", "button"), entry("q/b", "Schlecht", "button"), entry("words/q/b", "fine", "words"))
    )
    english = "\n".join(
        (entry("q/a", "Fine", "button"), entry("q/b", "Bad", "button"), entry("words/q/b", "awful", "words"))
    )

    assert any("'fine' also means" in line for line in reasons(pair(german, english)))


def test_the_kinds_of_a_text_agree() -> None:
    assert "is another kind than in de" in str(reasons(pair(entry("a", "Ja", "button"), entry("a", "Yes", "part"))))


@pytest.mark.parametrize("part", ["Language: ", "charset=UTF-8", "nplurals=2"])
def test_an_incomplete_header(part: str) -> None:
    header = "\n".join(line for line in HEADER.split("\n") if part not in line)

    assert "the header lacks" in str(
        reasons((catalog("de", entry("a", "Ja"), header=header), catalog("en", entry("a", "Yes"))))
    )


def test_an_exception_needs_a_use() -> None:
    allowed = Allowance(key="a/*", rule="sentence", reason="the law wants this sentence whole")
    rules = RULES.model_copy(update={"allow": (allowed,)})

    assert reasons(pair(entry("a/b", LONG)), rules=rules) == []
    assert reasons(pair(entry("a/b", "Kurz.")), rules=rules) == [
        "lint.yaml: allow.0: nothing in a/* needs this exception"
    ]
    assert len(reasons(pair(entry("b", LONG)), rules=rules)) == 3


def test_long_words_can_be_listed() -> None:
    rules = RULES.model_copy(update={"long_words": {"de": ("Donaudampfschifffahrtsgesellschaft",)}})
    files = pair(entry("a", "Donaudampfschifffahrtsgesellschaft"), entry("a", "Company"))

    assert reasons(files, rules=rules) == []


def test_a_file_that_is_no_catalog_is_refused_by_name() -> None:
    with pytest.raises(ContentError, match=r"de\.po:2: a quotation mark"):
        parse_po(b'msgid "a"\nmsgstr "b\n', "de", "de.po")
    with pytest.raises(ContentError, match=r"de\.po:2: something stands behind"):
        parse_po(b'msgid "a"\nmsgstr "b" c"\n', "de", "de.po")
    with pytest.raises(ContentError, match=r"de\.po: is no catalog"):
        parse_po(b"so much nonsense\n", "de", "de.po")
    with pytest.raises(ContentError, match="UTF-8"):
        parse_po(b"\xff\xfe", "de", "de.po")


def test_slots_of_a_text() -> None:
    assert slots_of("{a} und {b_c}, {{keins}}") == frozenset({"a", "b_c"})
