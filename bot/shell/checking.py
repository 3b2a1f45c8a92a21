"""What must never happen, looked for in a virtual member's journal by plain reading, apart from the rules' own code."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from bot.coach.place import Place
from bot.dialogue import facts as f
from bot.dialogue.history import profile_of
from bot.dialogue.member import Known
from bot.dialogue.memory import remember
from bot.library.library import Library

RISES = frozenset({"level_up", "dose_up"})
GENTLE = 1  # the heaviest load while a practice has not looked, and on a day with a flare-up
CALM_DAYS = 2  # whole days before a rise that are surely within 72 hours


def violations(journal: Sequence[f.Dated], library: Library) -> Iterator[str]:
    """Each broken invariant with its day."""
    yield from _in_order(journal, library)
    yield from _levels(journal)
    yield from _rests(journal, library)


def _in_order(journal: Sequence[f.Dated], library: Library) -> Iterator[str]:
    known, places, risen = Known(), dict[str, Place](), list[f.Dated]()
    for dated in journal:
        fact, day = dated.fact, dated.day
        known = remember(known, dated)
        match fact:
            case f.SessionStarted():
                if known.lock is not None:
                    yield f"I1 {day}: a session under a lock"
                if risen and fact.gate != "normal":
                    yield f"I8 {day}: a rise on a {fact.gate} day"
                risen = []
                yield from _forbidden(fact, known, library, day)
            case f.Decided() if not fact.declined:
                yield from _jump(fact, places.get(fact.exercise), str(day))
                places[fact.exercise] = Place(fact.level, fact.dose_step, fact.sets)
                if fact.change in RISES:
                    risen.append(dated)
                    yield from _uncalm(known, dated)
            case _:
                pass


def _forbidden(started: f.SessionStarted, known: Known, library: Library, day: date) -> Iterator[str]:
    profile = profile_of(known, library, day)
    tags = library.with_implied(profile.tags) | (frozenset() if known.disposition == "go" else {"CA"})
    is_gentle = known.disposition == "doctor_soft" or profile.soft_open or started.gate in {"flare", "screen"}
    limit = min(3, *(library.tags[tag].max_load for tag in tags), GENTLE if is_gentle else 3)
    for name, level, _ in started.items:
        exercise = library.exercises[name]
        if level not in exercise.allowed_levels(tags):
            yield f"I9 {day}: {name} level {level} for {sorted(tags)}"
        if exercise.load != "W" and exercise.load > limit:
            yield f"load {day}: {name} above the limit of {limit}"


def _jump(made: f.Decided, old: Place | None, day: str) -> Iterator[str]:
    if old is None or made.change not in RISES:
        return
    moved = (made.level - old.level, made.dose_step - old.step, made.sets - old.sets)
    if moved not in {(0, 1, 0), (0, 0, 1)} and (moved[0], made.dose_step) != (1, 1):
        yield f"I4 {day}: {made.exercise} moved by {moved}"


def _uncalm(known: Known, rise: f.Dated) -> Iterator[str]:
    for memo in known.sessions:
        ago = rise.day.toordinal() - _ordinal(memo.day)
        felt = [number for number in (memo.after, *(each.peak for each in memo.exercises)) if number is not None]
        if 0 < ago <= CALM_DAYS and memo.before is not None and felt and max(felt) - memo.before >= 2:
            yield f"I2 {rise.day}: a rise {ago} days after pain rose"


def _ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def _levels(journal: Sequence[f.Dated]) -> Iterator[str]:
    ups = [
        (dated.day.toordinal(), dated.fact.exercise)
        for dated in journal
        if isinstance(dated.fact, f.Decided) and dated.fact.change == "level_up" and not dated.fact.declined
    ]
    for exercise in {name for _, name in ups}:
        if any(later - earlier < 7 for earlier, later in pairwise(day for day, name in ups if name == exercise)):
            yield f"I3: {exercise} twice within a week"
    if any(sum(0 <= day - other < 7 for other, _ in ups) > 2 for day, _ in ups):
        yield "I3: three new forms within a week"


def _rests(journal: Sequence[f.Dated], library: Library) -> Iterator[str]:
    done: dict[str, set[int]] = {}
    for dated in journal:
        if isinstance(dated.fact, f.ExerciseDone) and dated.fact.done:
            done.setdefault(dated.fact.exercise, set()).add(dated.day.toordinal())
    for name, found in done.items():
        days = sorted(found)
        if library.exercises[name].load == 3 and any(later - earlier < 2 for earlier, later in pairwise(days)):
            yield f"I7: {name} twice within 48 hours"
        if any(sum(0 <= day - other < 7 for other in days) > library.exercises[name].max_per_week for day in days):
            yield f"I7: {name} too often a week"
