"""What is said to have been read was read: a V wants a source that somebody opened, a paper a place to open it."""

import re
from collections.abc import Iterable, Iterator, Mapping

from bot.library.references import Source
from bot.library.selftest import SelfTest
from bot.library.thresholds import Thresholds
from bot.library.yaml12 import FieldPath

READ = "V"
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def unplaced(sources: Mapping[str, Source]) -> Iterator[tuple[str, FieldPath, str]]:
    """Papers and guidelines that nobody could look up."""
    for key, source in sources.items():
        if source.doi is None and source.link is None and _YEAR.search(source.citation):
            yield "sources.yaml", ("sources", key), "needs its doi or a link"


def unread(
    sources: Mapping[str, Source], thresholds: Thresholds | None, tests: Iterable[SelfTest]
) -> Iterator[tuple[str, FieldPath, str]]:
    """Labels V on what was recalled or read second-hand."""
    for file, field, label, keys in _labels(thresholds, tests):
        if label == READ and not any(key in sources and sources[key].checked for key in keys):
            yield file, (*field, "label"), "V is what was read at its source, and none of these was (checked: false)"


def _labels(
    thresholds: Thresholds | None, tests: Iterable[SelfTest]
) -> Iterator[tuple[str, FieldPath, str, tuple[str, ...]]]:
    if thresholds is not None:
        for name, origin in thresholds.origins.items():
            yield "thresholds.yaml", tuple(name.split(".")), origin.label, origin.sources
        for name, rule in thresholds.rules.items():
            yield "thresholds.yaml", ("rules", name), rule.label, rule.sources
    for index, test in enumerate(tests):
        for number, band in enumerate(test.bands):
            yield "selftests.yaml", ("tests", index, "bands", number), band.label, band.sources
