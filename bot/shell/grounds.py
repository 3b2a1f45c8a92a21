"""What a rise and a session rest on, looked for in a journal by plain reading: answers, lists, age, a way back."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from bot.coach.profile import tags_of
from bot.dialogue import facts as f
from bot.dialogue.history import profile_of
from bot.dialogue.member import Known
from bot.dialogue.memory import remember
from bot.library.library import Library
from bot.library.screening import AgeBand

MUCH = 5  # pain above it is never called all right
PROGRESS = frozenset({"R_DOSE", "R_SETS", "R_LEVEL"})  # nothing but how exercises went raises anything
ACUTE_LISTS = frozenset({1, 2, 3})
SETTLED = frozenset({"no", "known"})
GRAVE = frozenset({"emergency", "urgent"})
LEVELS_DOWN = 2


def unfounded(known: Known, rise: f.Dated) -> Iterator[str]:
    """A rise wants a session in which the exercise was done, each answer to it, and no pain that was much."""
    made = rise.fact
    if not isinstance(made, f.Decided):
        return
    basis = date.fromordinal(made.basis) if made.basis else date.min
    memos = [memo for memo in known.sessions if memo.day == basis.isoformat()]
    done = [each for memo in memos for each in memo.exercises if each.exercise == made.exercise and each.done]
    if made.rule not in PROGRESS or not done:
        yield f"I14 {rise.day}: {made.exercise} rises by {made.rule} without a session that led to it"
        return
    numbers = {(pain.day, pain.when): pain.value for pain in known.pains}
    before = memos[0].before if memos[0].before is not None else numbers.get((basis.isoformat(), "before"))
    morning = numbers.get(((basis + timedelta(days=1)).isoformat(), "morning"))
    felt = [number for memo in memos for number in (memo.after, *(each.peak for each in memo.exercises))]
    known_ones = [number for number in felt if number is not None]
    answers = (before, morning, *(answer for each in done for answer in (each.effort, each.more)))
    if None in answers or not known_ones:
        yield f"I5 {rise.day}: {made.exercise} rises although something of {basis} is unknown"
    if max(known_ones, default=0) > MUCH:
        yield f"I10 {rise.day}: {made.exercise} rises after pain of {max(known_ones)}"


def ungrounded(journal: Sequence[f.Dated], library: Library) -> Iterator[str]:
    yield from _after_leg_pain(journal)
    yield from _grown_up(journal)
    yield from _ways_back(journal, library)


def _after_leg_pain(journal: Sequence[f.Dated]) -> Iterator[str]:
    """By the clock: what a flow tells at its end stands behind what took effect at once."""
    open_lists: set[int] = set()
    for dated in sorted(journal, key=lambda each: each.at):
        match dated.fact:
            case f.Screened() as lists if all(answer in SETTLED for _, answer in lists.answers):
                open_lists.discard(lists.list)
            case f.SessionStarted() | f.ExerciseDone(done=1 | 2) if open_lists:
                yield f"I11 {dated.day}: exercises after new leg pain, lists {sorted(open_lists)} open"
            case _:
                pass
        if isinstance(dated.fact, f.ExerciseDone) and dated.fact.quality == "leg":
            open_lists = set(ACUTE_LISTS)


def _grown_up(journal: Sequence[f.Dated]) -> Iterator[str]:
    age = ""
    for dated in journal:
        match dated.fact:
            case f.ProfileAnswered(field="age", value=age):
                pass
            case f.SessionStarted() if age == AgeBand.UNDER_18:
                yield f"I12 {dated.day}: a session under 18"
            case _:
                pass


def _ways_back(journal: Sequence[f.Dated], library: Library) -> Iterator[str]:
    """After an emergency or an urgent finding: at caution, lowest form or two down, until something rises again."""
    known, levels, before, highest = Known(), dict[str, int](), dict[str, int](), dict[str, int]()
    is_back = False
    for dated in journal:
        was_open, known, day = known.lock is None, remember(known, dated), dated.day
        match dated.fact:
            case f.Disposed() if was_open and known.lock is not None:
                before = dict(levels)
            case f.Cleared(by=by, disposition=disposition) if by != "correction" and disposition in GRAVE:
                highest, is_back = {name: max(level - LEVELS_DOWN, 1) for name, level in before.items()}, True
            case f.Decided(exercise=name, change=change) as made:
                levels[name] = made.level
                if change == "level_up" and not made.declined:
                    highest.pop(name, None)
            case f.SessionStarted() as started if is_back:
                if known.disposition == "go":
                    yield f"I16 {day}: back without caution"
                tags = tags_of(profile_of(known, library, day), library)
                for name, level, _ in started.items:
                    lowest = min(library.exercises[name].allowed_levels(tags), default=1)
                    if level > max(highest.get(name, level), lowest):
                        yield f"I16 {day}: {name} comes back in form {level}"
            case _:
                pass
