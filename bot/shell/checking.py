"""What must never happen, looked for in a virtual member's journal by plain reading, apart from the rules' own code."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from bot.coach.place import Place
from bot.coach.programme import seconds_for
from bot.dialogue import facts as f
from bot.dialogue.history import profile_of
from bot.dialogue.member import Known
from bot.dialogue.memory import remember
from bot.library.library import Library
from bot.shell.grounds import unfounded, ungrounded

RISES = frozenset({"level_up", "dose_up"})
GENTLE = 1  # the heaviest load while a practice has not looked, and on a day with a flare-up
TWO_DAYS, A_WEEK, MANY = timedelta(hours=48), timedelta(days=7), 1000
GROWTH, SETS_ALWAYS, FIRST_DAYS = 1.2, 6, 14  # heavy sets of a week; what one may always hold; days without this limit
REDUCED, RETURN = 60, (70, 80, 90, 100)  # percent of the volume
MINUTES_UNTOLD = 3
CALM_DAYS = 2  # whole days before a rise that are surely within 72 hours


def violations(journal: Sequence[f.Dated], library: Library) -> Iterator[str]:
    """Each broken invariant with its day."""
    yield from _in_order(journal, library)
    yield from _levels(journal)
    yield from _rests(journal, library)
    yield from _weeks(journal, library)
    yield from _smaller_days(journal, library)
    yield from ungrounded(journal, library)


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
                yield from _minutes(fact, known, library, day)
            case f.Decided() if not fact.declined:
                yield from _jump(fact, places.get(fact.exercise), str(day))
                places[fact.exercise] = Place(fact.level, fact.dose_step, fact.sets)
                if fact.change in RISES:
                    risen.append(dated)
                    yield from _uncalm(known, dated)
                    yield from unfounded(known, dated)
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
    """By the clock; measuring is as hard as training."""
    done: dict[str, list[datetime]] = {}
    for dated in journal:
        for name in _done(dated.fact, library):
            done.setdefault(name, []).append(dated.at)
    for name, times in done.items():
        times.sort()
        if library.exercises[name].load == 3 and any(later - earlier < TWO_DAYS for earlier, later in pairwise(times)):
            yield f"I7: {name} twice within 48 hours"
        most = min(library.exercises[name].max_per_week, 3 if library.exercises[name].load == 3 else MANY)
        if any(sum(timedelta(0) <= at - other < A_WEEK for other in times) > most for at in times):
            yield f"I7: {name} too often a week"


def _done(fact: f.Fact, library: Library) -> tuple[str, ...]:
    if isinstance(fact, f.SelfTested):
        test = library.selftests.get_test(fact.test)
        return () if test is None else (test.exercise,)
    return (fact.exercise,) if isinstance(fact, f.ExerciseDone) and fact.done else ()


def _weeks(journal: Sequence[f.Dated], library: Library) -> Iterator[str]:
    """From the third week on not more than a fifth above the best of the two weeks before the last seven days."""
    sets: dict[int, int] = {}
    for dated in journal:
        fact, day = dated.fact, dated.day.toordinal()
        if isinstance(fact, f.ExerciseDone) and fact.done and library.exercises[fact.exercise].load == 3:
            sets[day] = sets.get(day, 0) + fact.sets
    first = min((dated.day.toordinal() for dated in journal if isinstance(dated.fact, f.SessionStarted)), default=0)
    for day in sets:
        this, *before = (sum(sets.get(day - 7 * n - ago, 0) for ago in range(7)) for n in range(3))
        if day - first >= FIRST_DAYS and this > max(GROWTH * max(before), SETS_ALWAYS):
            yield f"I6 {date.fromordinal(day)}: {this} heavy sets in a week after {before}"


def _smaller_days(journal: Sequence[f.Dated], library: Library) -> Iterator[str]:
    """A reduced day and the sessions after a flare-up hold at most their share; the least there is may stay."""
    places: dict[str, Place] = {}
    gate, since_flare = "", list[date]()
    for dated in journal:
        match dated.fact:
            case f.Decided(exercise=name, level=level, dose_step=step, sets=sets):
                places[name] = Place(level, step, sets)
            case f.SessionStarted():
                gate = dated.fact.gate
                since_flare = [] if gate in {"flare", "screen"} else [*since_flare, dated.day]
            case f.ExerciseDone(exercise=name) as done if name in places and (done.sets, done.dose_step) != (1, 1):
                turn = min(len(set(since_flare)) - 1, len(RETURN) - 1)
                percent = {"reduced": REDUCED, "return": RETURN[turn]}.get(gate, 100)
                band, place = library.exercises[name].amount, places[name]
                if done.sets * band(done.dose_step) * 100 > place.sets * band(place.step) * percent:
                    yield f"volume {dated.day}: {name} on a {gate} day"
            case _:
                pass


def _minutes(started: f.SessionStarted, known: Known, library: Library, day: date) -> Iterator[str]:
    """Even with one set of each, several exercises fit into the member's minutes."""
    minutes = known.about.minutes or MINUTES_UNTOLD
    seconds = sum(
        seconds_for(library.exercises[name], 1, library.exercises[name].amount(step), library.thresholds)
        for name, _, step in started.items
    )
    if len(started.items) > 1 and seconds > minutes * 60:
        yield f"minutes {day}: {seconds:.0f} seconds of {minutes} minutes"
