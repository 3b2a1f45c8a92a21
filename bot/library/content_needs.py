"""What the content itself asks of the catalogs, so that `content check` needs no code to see what is missing."""

from collections.abc import Mapping
from dataclasses import replace

from bot.library.library import Library
from bot.library.lint import Needs, Slots

TOPIC_SLOTS = frozenset({"emergency", "doctor", "crisis", "operator", "contact"})


def with_content(needs: Needs, library: Library) -> Needs:
    """`needs`, and what follows from exercises, cards, topics, tags, screening and sources."""
    buttons = _buttons(library)
    slots = _slots(library)
    keys = {*library.text_ids(), *slots, *buttons, *_named_sources(library)}
    return replace(needs, keys=needs.keys | keys, slots={**slots, **needs.slots}, buttons=needs.buttons | buttons)


def _slots(library: Library) -> Mapping[str, Slots]:
    plain = {key: Slots() for key in library.text_ids()}
    topics = {key: Slots(may=TOPIC_SLOTS) for topic in library.topics.topics for key in topic.text_ids()}
    done = {f"exercise/{each}/done": Slots(must=frozenset({"answer"})) for each in library.exercises}
    return {**plain, **topics, **done}


def _buttons(library: Library) -> frozenset[str]:
    names = (f"exercise/{each}/name" for each in library.exercises)
    tags = (f"tag/{each}" for each in library.tags)
    links = (f"link/{link}" for topic in library.topics.topics for link in topic.links)
    short = (f"screening/short/{item.id}" for item in library.screening.items if item.list is not None)
    return frozenset((*names, *tags, *links, *short))


def _named_sources(library: Library) -> frozenset[str]:
    """Sources of rules are named under a decision by a text, those of cards by their citation."""
    return frozenset(f"source/{key}" for rule in library.thresholds.rules.values() for key in rule.sources)
