"""Everything the rules know about the world, read once and never changed."""

from bot.library.card import Card
from bot.library.entry import Entry, ExerciseId, SourceKey, TagId
from bot.library.exercise import Exercise
from bot.library.references import Country, Source, Tag
from bot.library.screening import Screening
from bot.library.selftest import SelfTests
from bot.library.thresholds import Thresholds
from bot.library.topic import Topics


class Library(Entry):
    exercises: dict[ExerciseId, Exercise]
    screening: Screening
    thresholds: Thresholds
    countries: dict[str, Country]
    tags: dict[TagId, Tag]
    sources: dict[SourceKey, Source]
    cards: tuple[Card, ...]
    topics: Topics
    selftests: SelfTests
    unread: tuple[str, ...]  # files of words that nobody has signed in their present wording

    def __hash__(self) -> int:
        """By identity: there is one library a process, and answers derived from it are kept."""
        return id(self)

    def __repr__(self) -> str:
        """Short: all of it would fill sixty pages of a test's report."""
        return f"<Library of {len(self.exercises)} exercises, rules version {self.thresholds.version}>"

    def with_implied(self, tags: frozenset[str]) -> frozenset[str]:
        """The tags and what they bring along, such as pregnancy with its later half."""
        implied = {more for tag in tags if tag in self.tags for more in self.tags[tag].implies}
        return tags | implied

    def text_ids(self) -> frozenset[str]:
        """Every catalog entry this content needs, in every language."""
        exercises = {text for exercise in self.exercises.values() for text in exercise.text_ids()}
        tags = {text for tag in self.tags.values() for text in tag.text_ids()}
        cards = {text for card in self.cards for text in card.text_ids()}
        topics = {text for topic in self.topics.topics for text in topic.text_ids()}
        tests = {text for test in self.selftests.tests for text in test.text_ids()}
        return frozenset({*exercises, *tags, *cards, *topics, *tests, *self.screening.text_ids()})

    def picture_ids(self) -> frozenset[str]:
        return frozenset(level.picture for exercise in self.exercises.values() for level in exercise.levels)

    def unreviewed(self) -> tuple[str, ...]:
        """What no clinician has signed, by the name under which they find it."""
        exercises = [f"exercise {e.id}" for e in self.exercises.values() if e.reviewed is None]
        items = [f"screening {i.id}" for i in self.screening.items if (i.reviewed or self.screening.reviewed) is None]
        origins = self.thresholds.origins.items()
        numbers = [f"threshold {name}" for name, o in origins if (o.reviewed or self.thresholds.reviewed) is None]
        tags = [f"tag {t.id}" for t in self.tags.values() if t.reviewed is None]
        countries = [f"country {code}" for code, c in self.countries.items() if c.reviewed is None]
        cards = [f"card {card.id}" for card in self.cards if card.reviewed is None]
        tests = ["self-tests"] if self.selftests.reviewed is None else []
        others = [f"rule {name}" for name in self.thresholds.rules] if self.thresholds.reviewed is None else []
        whole = ["screening as a whole"] if self.screening.reviewed is None else []
        words = [f"words {file}" for file in self.unread]
        return (*exercises, *items, *numbers, *tags, *countries, *cards, *tests, *others, *whole, *words)
