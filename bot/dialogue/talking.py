"""Small talk: a kind, short answer to everyday things, with the doors to help wherever the body may be meant."""

from bot.dialogue.text import Text, text
from bot.dialogue.turn import Draft
from bot.dialogue.whose import run_by
from bot.library.topic import Topic

DOORS = ("hurts", "news")


def topic_of(draft: Draft, typed: str, *, waiting: bool) -> Topic | None:
    """What the words are about. `waiting`: they stand beside a question that is still open."""
    topic = draft.kit.topics.find(typed)
    return None if topic is None or (waiting and topic.alone) else topic


def say_topic(draft: Draft, topic: Topic) -> None:
    links = dict.fromkeys((*topic.links, *(DOORS if topic.health else ())))
    draft.send(draft.words(_answer(draft, topic)), buttons=draft.link_rows(tuple(links)))


def _answer(draft: Draft, topic: Topic) -> Text:
    numbers, operator = draft.help_numbers, draft.kit.operator
    return text(
        f"topic/{topic.id}",
        emergency=numbers.emergency,
        doctor=numbers.doctor,
        crisis=numbers.crisis,
        operator=run_by(operator.name),
        contact=operator.contact,
    )
