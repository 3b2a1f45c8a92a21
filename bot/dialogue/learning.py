"""/wissen: the next knowledge card for this member."""

from datetime import date

from bot.coach.cards import Reader, next_card
from bot.coach.disposition import Disposition
from bot.coach.profile import Profile
from bot.coach.yellow import endures
from bot.dialogue.conversation import Ended, open_flow
from bot.dialogue.explaining import checked_sources
from bot.dialogue.flows.card import CARD, CardStart
from bot.dialogue.flows.portion_person import Work
from bot.dialogue.history import history_of, profile_of
from bot.dialogue.locked import open_room
from bot.dialogue.member import Known
from bot.dialogue.rounding import is_grieving
from bot.dialogue.text import Text
from bot.dialogue.turn import Draft
from bot.library.card import Topic
from bot.library.library import Library


def begin_card(draft: Draft) -> list[Ended]:
    """The next card, or the honest line that there is none today. Under a lock that forbids cards: its own text."""
    known = draft.member.known
    if known.lock is not None and known.lock.disposition != Disposition.DOCTOR_FIRST:
        return open_room(draft)
    if is_grieving(draft):
        draft.send(draft.words(Text("card/none")))
        return []
    card = next_card(reader_of(draft), draft.moment.day, draft.kit.library)
    if card is None:
        draft.send(draft.words(Text("card/none")))
        return []
    source = draft.kit.library.sources[checked_sources(card.sources, draft.kit.library)[0]]
    start = CardStart(card=card.id, source=source.citation, claim=card.quiz, pictured=card.picture)
    return open_flow(draft, CARD, start)


def has_card(draft: Draft) -> bool:
    """Whether there is one today."""
    return next_card(reader_of(draft), draft.moment.day, draft.kit.library) is not None and not is_grieving(draft)


def _topics(known: Known, profile: Profile, library: Library) -> frozenset[Topic]:
    """What concerns this person, so that its cards come sooner (clinical rules 3.2, 7)."""
    rules = library.thresholds
    slept = known.about.sleep
    concerns = {
        Topic.FEAR: profile.fear is not None and profile.fear >= rules.starting.fear,
        Topic.DESK: known.about.work == Work.SITTING,
        Topic.MOOD: profile.mood is not None and profile.mood >= rules.mood.some,
        Topic.SLEEP: slept is not None and slept <= rules.yellow.sleep_low,
        Topic.PACING: known.sessions != () and endures(history_of(known, library), rules),
    }
    return frozenset(topic for topic, concerned in concerns.items() if concerned)


def reader_of(draft: Draft) -> Reader:
    known = draft.member.known
    profile = profile_of(known, draft.kit.library, draft.moment.day)
    return Reader(
        tags=draft.kit.library.with_implied(frozenset(known.tags or ())),
        episode=profile.episode,
        country=known.about.country or draft.kit.operator.country,
        disposition=known.lock.disposition if known.lock else known.disposition,
        topics=_topics(known, profile, draft.kit.library),
        seen={card: date.fromisoformat(day) for card, day in known.cards},
    )
