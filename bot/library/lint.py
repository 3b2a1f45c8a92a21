"""What is wrong with the catalogs: keys, slots, plural forms, how each text reads. Pure; exceptions have reasons."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from string import Formatter

from bot.library.errors import Problem
from bot.library.kinds import BUTTON_SIGNS
from bot.library.lint_rules import FILE, LintRules
from bot.library.po_file import PoFile, PoText
from bot.library.wording import Finding, plain, wording

WORDS = "words/"
_NAME = re.compile(r"[a-z_]+")
_EXERCISE_NAME = re.compile(r"exercise/[^/]+/(?:level-\d/)?name")


@dataclass(frozen=True, slots=True)
class Slots:
    """What the code fills in: `must` be used, `may` be used."""

    must: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What is asked of the catalogs. `complete`: these are all keys, so any other one is an extra.

    `slots` where they are known; `buttons` are keys shown on buttons; `plurals` are chosen by a count.
    """

    keys: frozenset[str] = frozenset()
    complete: bool = False
    slots: Mapping[str, Slots] = field(default_factory=dict)
    buttons: frozenset[str] = frozenset()
    plurals: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Placed:
    file: str
    key: str
    line: int | None
    finding: Finding


def lint(files: Sequence[PoFile], needs: Needs, rules: LintRules) -> tuple[Problem, ...]:
    """All problems, those with an allowance left out; an allowance for nothing is a problem too."""
    found = [*_all(files, needs, rules)]
    used: set[int] = set()
    problems = []
    for each in found:
        covering = [
            index
            for index, allowance in enumerate(rules.allow)
            if allowance.covers(each.key, each.finding.rule, each.finding.what)
        ]
        used.update(covering)
        if not covering:
            problems.append(Problem(each.file, each.key, each.finding.reason, each.line))
    problems += [
        Problem(FILE, f"allow.{index}", f"nothing in {allowance.key} needs this exception")
        for index, allowance in enumerate(rules.allow)
        if index not in used and (needs.complete or allowance.rule != "slots")
    ]
    return tuple(problems)


def _all(files: Sequence[PoFile], needs: Needs, rules: LintRules) -> Iterator[_Placed]:
    filled = {file.language: {text.key: text for text in file.texts if text.is_filled} for file in files}
    everything = frozenset().union(needs.keys, *(texts.keys() for texts in filled.values()))
    for file in files:
        texts = filled[file.language]
        yield from _headers(file)
        yield from _twice(file)
        for key in sorted(everything - texts.keys()):
            yield _Placed(file.file, key, None, Finding("missing", "is missing, empty or fuzzy"))
        for key, text in texts.items():
            yield from (_Placed(text.file, key, text.line, finding) for finding in _text(text, file, needs, rules))
    yield from _across(files, filled)
    yield from _ambiguous(filled)
    yield from _same_names(filled)


def _twice(file: PoFile) -> Iterator[_Placed]:
    for key in file.twice:
        *others, last = (text for text in file.texts if text.key == key)
        also = "".join(f", also in {other.file}:{other.line}" for other in others)
        yield _Placed(last.file, key, last.line, Finding("twice", f"stands twice{also}"))


def _headers(file: PoFile) -> Iterator[_Placed]:
    for name, header in file.headers:
        for part in (f"Language: {file.language}\\n", "charset=UTF-8", "Plural-Forms: nplurals=2; plural=(n != 1);"):
            if part not in header:
                yield _Placed(name, "", None, Finding("header", f"the header lacks {part!r}"))


def _text(text: PoText, file: PoFile, needs: Needs, rules: LintRules) -> Iterator[Finding]:
    if needs.complete and text.key not in needs.keys and not _is_word_of(text.key, needs.keys):
        yield Finding("extra", "nothing asks for this text")
    yield from _plural(text, needs)
    for form in text.forms:
        yield from _slots(text, form, needs)
        yield from wording(text, form, file.language, rules)
    if text.key in needs.buttons and any(len(plain(form)) > BUTTON_SIGNS for form in text.forms):
        yield Finding("length", f"stands on a button: at most {BUTTON_SIGNS} signs")


def _is_word_of(key: str, keys: frozenset[str]) -> bool:
    return key.startswith(WORDS) and key.removeprefix(WORDS) in keys


def _plural(text: PoText, needs: Needs) -> Iterator[Finding]:
    forms = 2 if text.plural else 1
    if len(text.forms) != forms:
        yield Finding("plural", f"has {len(text.forms)} forms, expected {forms}")
    if text.plural != (text.key in needs.plurals) and (needs.complete or text.key in needs.plurals):
        yield Finding("plural", "is chosen by no count" if text.plural else "is chosen by a count: needs two forms")


def _slots(text: PoText, form: str, needs: Needs) -> Iterator[Finding]:
    used = slots_of(form)
    if used is None:
        yield Finding("slots", "a brace is not closed, or a slot is no plain name")
        return
    known = needs.slots.get(text.key)
    if known is None:
        return
    for name in sorted(used - known.must - known.may):
        yield Finding("slots", f"nothing fills {{{name}}}", name)
    left_out = known.must - used - ({"count"} if text.plural and form == text.forms[0] else set())
    for name in sorted(left_out):
        yield Finding("slots", f"leaves out {{{name}}}", name)


def slots_of(form: str) -> frozenset[str] | None:
    """The names in braces; None when the text cannot be filled."""
    try:
        parts = [(name, spec, conversion) for _, name, spec, conversion in Formatter().parse(form) if name is not None]
    except ValueError:
        return None
    if any(spec or conversion or not _NAME.fullmatch(name) for name, spec, conversion in parts):
        return None
    return frozenset(name for name, _, _ in parts)


def _across(files: Sequence[PoFile], filled: Mapping[str, Mapping[str, PoText]]) -> Iterator[_Placed]:
    """The languages agree: same slots, same kind, same number of forms."""
    first, *others = files
    for other in others:
        for key, text in filled[other.language].items():
            model = filled[first.language].get(key)
            if model is None or key.startswith(WORDS):
                continue
            if _union(text) != _union(model):
                yield _Placed(text.file, key, text.line, Finding("slots", f"has other slots than {first.language}"))
            if (text.kind, text.plural) != (model.kind, model.plural):
                yield _Placed(text.file, key, text.line, Finding("kind", f"is another kind than in {first.language}"))


def _union(text: PoText) -> frozenset[str]:
    return frozenset().union(*(slots_of(form) or frozenset() for form in text.forms))


def _ambiguous(filled: Mapping[str, Mapping[str, PoText]]) -> Iterator[_Placed]:
    """One typed word never means two buttons of the same question, in whatever language it is typed."""
    meant: dict[tuple[str, str], str] = {}
    for texts in filled.values():
        for key, text in texts.items():
            button = key.removeprefix(WORDS)
            if text.kind not in {"button", "words"} or "/" not in button:
                continue
            question = button.rpartition("/")[0]
            for word in {part.strip().casefold() for form in text.forms for part in form.split("|")}:
                other = meant.setdefault((question, word), button)
                if other != button and question != "link":
                    yield _Placed(text.file, key, text.line, Finding("ambiguous", f"{word!r} also means {other}"))


def _same_names(filled: Mapping[str, Mapping[str, PoText]]) -> Iterator[_Placed]:
    """Two exercises or forms of one name: mostly a copied file whose texts were not all written anew."""
    for texts in filled.values():
        called: dict[str, str] = {}
        for key, text in texts.items():
            if _EXERCISE_NAME.fullmatch(key):
                other = called.setdefault(text.forms[0].casefold(), key)
                if other != key:
                    yield _Placed(text.file, key, text.line, Finding("ambiguous", f"{other} has the same name"))
