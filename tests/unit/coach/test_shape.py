"""The shape of twelve weeks (clinical rules 5.6): invented people with noise, missing numbers and flare-ups.

No evidence about people. It holds the rules where they were tuned: steady backs get on, reacting ones are not pushed,
and hardly anybody falls back by accident. First as 5.6 tells it: its core alone, and numbers that are not rounded. Then
the rules as they are, with the whole numbers that people tap, the way back after a flare-up and the easier week.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random
from statistics import mean

from bot.coach.course import CourseDay, follow_days
from bot.coach.gate import open_gate
from bot.coach.place import Place
from bot.coach.records import Change, DayRecord, ExerciseRecord, History, Mode, SessionRecord
from bot.library.library import Library
from tests.unit.coach.training_days import PROFILE

WEEKS, PEOPLE = 12, 8
START = Place(2, 1, 3)
FLARE, FLARE_DAYS, FLARE_CHANCE = 3.0, 4, 0.02
MORE = 0.8
GENTLE = {Mode.FLARE, Mode.SCREEN}
MISSING = 0.15  # morning numbers that nobody gave


@dataclass(frozen=True)
class Mean:
    """Of one kind of people: changes over the weeks, the last form, and shares of the sessions."""

    levels_up: float
    doses_up: float
    levels_down: float
    rests: float  # by what the exercise itself did; on days with a flare-up it rests anyway
    level: float
    flaring: float
    screened: float


def life(
    library: Library, random: Random, usual: float, reaction: float, noise: float, *, whole: bool
) -> list[CourseDay]:
    """Three sessions a week, each with a morning after; a gentle thing on a day whose gate forbids load."""
    profile, lived = replace(PROFILE, pain_average=usual), list[CourseDay]()

    def told(felt: float) -> float:
        number = min(max(felt, 0), 10)
        return round(number) if whole else number

    def days() -> Iterator[DayRecord]:
        flare, carried, trained = 0, 0.0, False
        for day in range(1, 7 * WEEKS + 1):
            flare = max(flare - 1, 0) or (FLARE_DAYS if random.random() < FLARE_CHANCE else 0)
            worse = FLARE if flare else 0
            felt = usual + random.gauss(0, noise) + worse + carried
            asked = trained and random.random() >= MISSING
            today, carried, trained = DayRecord(day=day, morning=told(felt) if asked else None), 0.0, False
            if day % 7 not in {1, 3, 5}:
                yield today
                continue
            felt, trained = usual + random.gauss(0, noise) + worse, True
            today = replace(today, before=told(felt))
            history = lived[-1].history if lived else History(average=usual)
            is_gentle = open_gate(history, today, library.thresholds).mode in GENTLE
            added = max(random.gauss(0 if is_gentle else reaction, 0.5), 0)
            record = ExerciseRecord(exercise="bauchatmung", load=0, done=1, effort=3, more=True)
            if not is_gentle:
                record = ExerciseRecord(exercise="bruecke", load=3, done=1, effort=5, more=random.random() < MORE)
                carried = max(reaction - 1, 0) * random.random()
            yield replace(
                today, session=SessionRecord(before=today.before, after=told(felt + added), exercises=(record,))
            )

    for day in follow_days({"bruecke": START}, days(), profile, library):
        lived.append(day)
    return lived


def lives(library: Library, *usual: float, reaction: float = 0.2, noise: float = 0.8, whole: bool = True) -> Mean:
    courses = [
        life(library, Random(f"{each}/{n}"), each, reaction, noise, whole=whole)
        for each in usual
        for n in range(PEOPLE)
    ]
    made = [decision for course in courses for day in course for decision in day.decisions]
    modes = [day.gate.mode for course in courses for day in course if day.day % 7 in {1, 3, 5}]

    def each(change: Change) -> float:
        return sum(decision.change is change and decision.rule != "R_FLARE" for decision in made) / len(courses)

    return Mean(
        levels_up=each(Change.LEVEL_UP),
        doses_up=each(Change.DOSE_UP),
        levels_down=each(Change.LEVEL_DOWN),
        rests=each(Change.REST),
        level=mean(course[-1].places["bruecke"].level for course in courses),
        flaring=modes.count(Mode.FLARE) / len(modes),
        screened=modes.count(Mode.SCREEN) / len(modes),
    )


def core_of(library: Library) -> Library:
    """What 5.6 simulated: no way back in steps after a flare-up, no easier week, nothing special behind a new form."""
    rules = library.thresholds
    rules = rules.model_copy(
        update={
            "gate": rules.gate.model_copy(update={"return_days": 0}),
            "deload": rules.deload.model_copy(update={"every_weeks": 99}),
            "falling": rules.falling.model_copy(update={"sessions_after_rise": 0}),
        }
    )
    return library.model_copy(update={"thresholds": rules})


def without_much(library: Library) -> Library:
    """As if pain above 5 did not hold everything (5.4, its last sentence)."""
    lights = library.thresholds.lights.model_copy(update={"much_peak": 10})
    return library.model_copy(update={"thresholds": library.thresholds.model_copy(update={"lights": lights})})


def test_the_core_of_the_rules_has_the_shape_that_the_page_tells(library: Library) -> None:
    core = core_of(library)
    steady = lives(core, 2, 3, 4, whole=False)
    reacting = lives(core, 3, reaction=1.6, whole=False)

    assert 1.1 <= steady.levels_up <= 1.4, steady
    assert 5.5 <= steady.doses_up <= 6.8, steady
    assert steady.levels_down <= 0.3, steady
    assert 0.06 <= steady.flaring <= 0.1, steady
    assert 0.01 <= steady.screened <= 0.06, steady
    assert (reacting.levels_up, reacting.level) == (0, 1), reacting


def test_half_a_form_at_five_and_six_waits_for_a_clinician(library: Library) -> None:
    """The page's sketch let people with a usual of 5 to 6 rise behind pain above 5; its text says that all stays."""
    core = core_of(library)

    assert 0.3 <= lives(without_much(core), 5, 6, whole=False).levels_up <= 0.9
    assert lives(core, 5, 6, whole=False).levels_up <= 0.1


def test_the_shape_of_twelve_weeks_as_the_rules_are(library: Library) -> None:
    """Whole numbers, the way back after flare-ups and easier weeks cost a third of the forms, a fifth of the steps."""
    steady, sore = lives(library, 2, 3, 4), lives(library, 5)
    reacting, noisy = lives(library, 3, reaction=1.6), lives(library, 3, noise=1.1)

    assert 0.6 <= steady.levels_up <= 1.1, steady
    assert 4.3 <= steady.doses_up <= 5.8, steady
    assert steady.levels_down <= 0.8, steady
    assert steady.rests <= 0.3, steady  # one noisy number costs nobody an exercise
    assert steady.level >= 2, steady
    assert 0.07 <= steady.flaring <= 0.15, steady
    assert 0.03 <= steady.screened <= 0.1, steady
    assert 1.2 <= sore.doses_up <= 2.3, sore
    assert sore.levels_up <= 0.3, sore
    assert (reacting.levels_up, reacting.level) == (0, 1), reacting
    assert reacting.doses_up <= 0.6, reacting
    assert 1.2 <= noisy.doses_up <= 2.5, noisy
