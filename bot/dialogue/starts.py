"""Start values: what a flow is told when it begins. Here content and member meet; then only plain values count."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from bot.coach.disposition import Disposition, forbids_exercise, worst
from bot.coach.screening import TriageFacts
from bot.dialogue.flows.changes import ChangesStart
from bot.dialogue.flows.disposed import MISTAKE_WINDOW_S, DisposedStart
from bot.dialogue.flows.lines import LATE_ITEM
from bot.dialogue.flows.onboarding import PARTS, OnboardingStart
from bot.dialogue.flows.screening import Line, SafetyPage, ScreeningStart
from bot.dialogue.history import facts_of, profile_of
from bot.dialogue.kit import Kit, numbers_of
from bot.dialogue.member import Known, Lock
from bot.dialogue.moment import from_micros
from bot.library.screening import AgeBand, Item, Screening

LISTS = (1, 2, 3, 4)
CORNERS = {1: 2, 2: 3, 3: 6, 4: 7}  # which of the nine answers each list is
ACUTE_LISTS = (1, 2, 3)
EARLY_LISTS = (1, 2)


def line_of(item: Item, screening: Screening) -> Line:
    pair = next((pair for pair in screening.together if pair.item == item.id), None)
    return Line(
        item=item.id,
        yes=item.yes.value,
        unsure=item.unsure.value,
        known=item.known.value,
        late=screening.get_item(LATE_ITEM).yes.value if item.follow == "accident" else "",
        follow=item.follow,
        clarify=item.clarifies,
        beside=pair.beside if pair else (),
        together=pair.disposition.value if pair else "",
        ages=tuple(age.value for age in item.asked.ages),
        episodes=tuple(episode.value for episode in item.asked.episodes),
    )


def page(kit: Kit, number: int, *, corner: bool = False, country: str = "", soft: bool = True) -> SafetyPage:
    """A list with all its lines; who is asked which line is decided where age and episode are known.

    Without `soft` the lines that may wait until the third day are left out.
    """
    what = ("page", number, corner, country, soft)
    return kit.recall(what, lambda: _page(kit, number, corner=corner, country=country, soft=soft))


def _page(kit: Kit, number: int, *, corner: bool, country: str, soft: bool) -> SafetyPage:
    screening = kit.library.screening
    help_numbers = numbers_of(kit, country)
    items = (item for item in screening.on_list(number) if item.required and (soft or not item.soft))
    lines = tuple(line_of(item, screening) for item in items)
    return SafetyPage(
        number=number,
        place=number,
        of=len(LISTS),
        lines=lines,
        doctor=help_numbers.emergency if number < 3 else help_numbers.doctor,
        corner=(CORNERS[number], 9) if corner else None,
    )


def screening_start(kit: Kit, known: Known, day: date, lists: tuple[int, ...] = ACUTE_LISTS) -> ScreeningStart:
    """Lists for someone whose age and episode are known; what they find never makes the standing disposition milder."""
    facts = facts_of(known, day, kit.library)
    what = ("lists", lists, facts, known.about.country)
    pages = kit.recall(what, lambda: tuple(_pages(kit, known, lists, facts)))
    standing = Disposition(known.disposition or Disposition.GO.value)
    floor = Disposition.GO if forbids_exercise(standing) else standing  # a lock is opened by clearance, not from here
    return ScreeningStart(pages=pages, floor=floor.value)


def _pages(kit: Kit, known: Known, lists: tuple[int, ...], facts: TriageFacts) -> Iterator[SafetyPage]:
    for place, number in enumerate(lists, start=1):
        on_list = kit.library.screening.on_list(number)
        asked = {item.id for item in on_list if item.asked.reaches(facts.age, facts.episode, facts.tags)}
        full = page(kit, number, country=known.about.country)
        lines = tuple(line for line in full.lines if line.item in asked)
        if lines:
            yield SafetyPage(number=number, place=place, of=len(lists), lines=lines, doctor=full.doctor)


def _tag_lines(kit: Kit) -> tuple[tuple[tuple[str, ...], Line], ...]:
    """Warning signs outside the lists, which concern only some, such as in pregnancy."""
    screening = kit.library.screening
    return tuple(
        (item.asked.tags, line_of(item, screening))
        for item in screening.items
        if item.list is None and item.required and item.asked.tags
    )


def onboarding_start(kit: Kit, known: Known, channel: str) -> OnboardingStart:
    """What has not been answered yet. Lists that were answered count only while nothing is locked."""
    answered = {item for item, _ in known.answers}
    parts = PARTS if not known.consents else tuple(part for part in PARTS if part in _missing(kit, known, answered))
    library = kit.library
    whole = parts == PARTS
    early = tuple(page(kit, number, corner=whole, country=known.about.country) for number in (1, 2))
    late = tuple(page(kit, number, corner=whole, country=known.about.country, soft=False) for number in (3, 4))
    return OnboardingStart(
        parts=parts,
        early=early if whole else tuple(p for p in early if not _covered(p, answered)),
        late=late if whole else tuple(p for p in late if not _covered(p, answered)),
        tags=tuple(tag.id for tag in library.tags.values() if tag.asked),
        tag_lines=_tag_lines(kit),
        operator=kit.operator.name,
        place=kit.operator.place,
        months=kit.operator.months,
        channel=channel,
        emergency=numbers_of(kit, known.about.country).emergency,
        floor=(
            Disposition.CAUTION if known.tags or any(given != "no" for _, given in known.answers) else Disposition.GO
        ).value,
    )


def changes_start(kit: Kit, known: Known, day: date) -> ChangesStart:
    """What may have come on top of what is minded, and what is asked of those whom it concerns already."""
    library = kit.library
    minded = library.with_implied(profile_of(known, library, day).tags)
    age = AgeBand(known.age) if known.age else None
    bands = list(AgeBand)
    return ChangesStart(
        tags=tuple(tag.id for tag in library.tags.values() if tag.asked and tag.id not in minded),
        known=tuple(tag for tag in library.tags if tag in minded),
        lines=_tag_lines(kit),
        becomes=tuple((held, tag.id) for tag in library.tags.values() if tag.with_time for held in tag.implies),
        older=bands[bands.index(age) + 1].value if age is not None and age is not bands[-1] else "",
    )


def news_start(kit: Kit, known: Known, channel: str, day: date) -> OnboardingStart:
    """Something is new: lists 1 to 3 and what came on top. It never lowers what was decided before."""
    whole = onboarding_start(kit, known, channel)
    standing = Disposition(known.disposition or Disposition.CAUTION.value)
    pages = screening_start(kit, known, day, ACUTE_LISTS).pages
    return replace(
        whole,
        parts=("early", "late"),
        early=tuple(page for page in pages if page.number in EARLY_LISTS),
        late=tuple(page for page in pages if page.number not in EARLY_LISTS),
        floor=worst((Disposition(whole.floor), standing)).value,
        changes=changes_start(kit, known, day),
    )


def _covered(page: SafetyPage, answered: set[str]) -> bool:
    return any(line.item in answered for line in page.lines)


def _missing(kit: Kit, known: Known, answered: set[str]) -> set[str]:
    missing = set()
    if not all(_covered(page(kit, number), answered) for number in (1, 2)):
        missing.add("early")
    if not all(_covered(page(kit, number), answered) for number in (3, 4)):
        missing.add("late")
    if known.age is None:
        missing.add("age")
    if known.episode is None:
        missing.add("episode")
    if known.tags is None:
        missing.add("tags")
    if not any(pain.when == "before" for pain in known.pains):
        missing.add("pain")
    return missing


def disposed_start(kit: Kit, known: Known, lock: Lock, now: int, *, clearable: bool) -> DisposedStart:
    """The room for a lock. A mistaken tap on a list can be taken back for half an hour, once.

    While that list still asks there is nothing to take back: its next answer decides.
    """
    item = lock.items[0] if lock.items else ""
    screening = kit.library.screening
    found = next((i for i in screening.items if i.id == item), None)
    listed = found.list if found is not None and found.list is not None else 0
    # those that may wait are asked again only where they were answered
    wanted = {each for each, _ in known.answers} | {each.id for each in screening.items if not each.soft}
    in_time = (
        lock == known.lock
        and now - lock.since <= MISTAKE_WINDOW_S * 1_000_000
        and not lock.corrected
        and not lock.provisional
    )
    pages = screening_start(kit, known, from_micros(now).date(), (listed,)).pages if listed else ()
    alone = (line_of(found, screening),) if found is not None and found.required and not listed else ()
    lines = tuple(line for page in pages for line in page.lines) or alone
    return DisposedStart(
        disposition=lock.disposition,
        numbers=numbers_of(kit, known.about.country),
        item=item,
        list=listed,
        lines=tuple(line for line in lines if line.item in wanted) if in_time else (),
        clearable=clearable,
        again=now > lock.since,
    )
