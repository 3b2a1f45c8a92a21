"""What a member has done, day by day and week by week: the values behind /fortschritt, the week and its picture. Pure.

Any movement counts: a finished exercise, a walk, steps, a minute's break. Nothing here counts what was not done.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean

from bot.coach.place import Place
from bot.coach.programme import seconds_of
from bot.dialogue.member import Known
from bot.library.library import Library


@dataclass(frozen=True, slots=True, kw_only=True)
class DayDone:
    """`trained`: exercises were done. `pain`: mean of the day's numbers, those after exercises left out."""

    day: date
    trained: bool = False
    minutes: int = 0
    steps: int = 0
    pain: float | None = None

    @property
    def moved(self) -> bool:
        return self.trained or self.minutes > 0 or self.steps > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """Active days and minutes over some days."""

    days: int
    minutes: int


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week_done(known: Known, library: Library, day: date) -> tuple[DayDone, ...]:
    """The seven days of the week that holds `day`, from Monday."""
    first = monday_of(day)
    return tuple(day_done(known, library, first + timedelta(days=number)) for number in range(7))


def day_done(known: Known, library: Library, day: date) -> DayDone:
    iso = day.isoformat()
    exercised = sum(_seconds(known, library, iso))
    walk = next((walk for walk in known.walks if walk.day == iso), None)
    walked = (walk.minutes if walk else 0) + known.breaks.count(iso)
    return DayDone(
        day=day,
        trained=exercised > 0,
        minutes=walked + (max(1, round(exercised / 60)) if exercised else 0),
        steps=walk.steps if walk else 0,
        pain=day_pain(known, iso),
    )


def _seconds(known: Known, library: Library, iso: str) -> Iterator[float]:
    for memo in known.sessions:
        if memo.day != iso:
            continue
        for done in memo.exercises:
            content = library.exercises.get(done.exercise)
            if content is not None and done.done:
                place = Place(done.level, min(done.dose_step, content.top_step), done.sets)
                yield seconds_of(content, place, library.thresholds) * done.done / 2


def day_pain(known: Known, iso: str) -> float | None:
    values = [p.value for p in known.pains if p.day == iso and p.when != "after" and p.value is not None]
    return fmean(values) if values else None


def total(days: tuple[DayDone, ...]) -> Total:
    return Total(days=sum(day.moved for day in days), minutes=sum(day.minutes for day in days))


def pain_by_week(known: Known) -> tuple[tuple[date, float], ...]:
    """Mondays with the mean of their week's numbers, oldest first."""
    return tuple((date.fromisoformat(monday), total / count) for monday, total, count in known.pain_weeks)


def pain_by_day(known: Known) -> tuple[tuple[date, float], ...]:
    """Of the last weeks, as far as single numbers are kept."""
    days = sorted({pain.day for pain in known.pains})
    found = ((date.fromisoformat(day), day_pain(known, day)) for day in days)
    return tuple((day, pain) for day, pain in found if pain is not None)
