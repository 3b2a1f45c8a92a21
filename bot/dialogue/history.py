"""What is known, in the shape the coach's rules read it: a profile, days in a row, places on the ladders."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import TypeVar

from bot.coach.disposition import Disposition
from bot.coach.flare import with_flares
from bot.coach.phase import phase_of
from bot.coach.place import Place
from bot.coach.profile import FEAR, Activity, Profile
from bot.coach.records import (
    Announced,
    Change,
    ChangeRecord,
    DayRecord,
    Doing,
    History,
)
from bot.coach.screening import Answer, Triage, TriageFacts, triage
from bot.coach.selftest import Result, emphasis
from bot.coach.today import Rest, Stay
from bot.coach.walking import WALK, walk_place
from bot.dialogue.day_records import day_record, ordinal
from bot.dialogue.facts import SWAP
from bot.dialogue.member import FRESH_US, Known, Mark, Pain, Placed, SessionMemo
from bot.library.exercise import Equipment
from bot.library.library import Library
from bot.library.limits import with_floor
from bot.library.screening import AgeBand, Episode

E = TypeVar("E", Pain, SessionMemo, Mark)
_CHANGES = {each.value: each for each in Change if each not in {Change.HOLD, Change.RESCREEN, Change.STOP}}
_ASKED = "asked"  # a mark that says nothing of how the day was: to the rules it is no day with a record
_FROZEN = {"holiday", "ill"}  # a pause for another reason may be one for pain


def phase_on(known: Known, day: date, library: Library) -> Episode | None:
    """Where the episode stands on `day`: what was told moves on by date."""
    told = Episode(known.episode) if known.episode else None
    return phase_of(told, _told_on(known), day.toordinal(), library.thresholds)


def _told_on(known: Known) -> int | None:
    since = known.episode_on or known.joined
    return ordinal(since) if since else None


def facts_of(known: Known, day: date, library: Library) -> TriageFacts:
    """What decides, beside the answers, which lines are asked on `day`."""
    return TriageFacts(
        age=AgeBand(known.age) if known.age else None,
        episode=phase_on(known, day, library),
        tags=frozenset(known.tags or ()),
    )


def profile_of(known: Known, library: Library, day: date) -> Profile:
    """Who the member is on `day`; what was never asked stays open and takes the cautious side in the rules."""
    facts = facts_of(known, day, library)
    triaged = _triage(known.answers, facts, library)
    first = next((pain.value for pain in known.pains if pain.value is not None), None)
    about = known.about
    return Profile(
        age=facts.age,
        episode=facts.episode,
        pain_now=first,
        pain_average=known.usuals[-1][1] if known.usuals else about.average,
        fear=about.fear,
        activity=Activity(about.activity) if about.activity in set(Activity) else Activity.INACTIVE,
        equipment=frozenset(Equipment(thing) for thing in about.equipment or () if thing in set(Equipment)),
        minutes=about.minutes,
        days_per_week=about.days_per_week,
        likes=frozenset(about.likes or ()),
        confidence=about.confidence,
        mood=known.mood,
        tags=triaged.tags | _tags_of_once(known, library) | with_floor(known.limits),
        disposition=Disposition(known.disposition or Disposition.CAUTION.value),
        soft_open=(*triaged.soft_open, *((FEAR,) if about.fear is None else ())),
        was_shown=about.shown == "yes",
        emphasis=emphasis(results_of(known), library) if known.tests else (),
    )


def _tags_of_once(known: Known, library: Library) -> frozenset[str]:
    """What lines that are no longer named gave to mind (invariant I9), unless it was asked again since."""
    if not known.once:
        return frozenset()
    asked = {each.item: each.asked for each in known.once}
    tags = (
        tag
        for item in library.screening.items
        if item.id in asked
        for tag in item.adds
        if not (asked[item.id] and library.tags[tag].asked)
    )
    return library.with_implied(frozenset(tags))


def named_to_mind(known: Known, library: Library) -> frozenset[str]:
    """What a member named to mind, or once gave by a line of the lists, and could take back when asked anew."""
    tags = {*(known.tags or ()), *_tags_of_once(known, library)}
    return frozenset(tag for tag in tags if tag in library.tags and library.tags[tag].asked)


def results_of(known: Known) -> tuple[Result, ...]:
    """The self-tests as the rules read them."""
    return tuple(Result(test=t.test, day=ordinal(t.day), level=t.level, value=t.value) for t in known.tests)


def is_screened(known: Known, library: Library, day: date) -> bool:
    """Every hard question answered; the rules' own word for it, so that no flow can skip one."""
    return _triage(known.answers, facts_of(known, day, library), library).is_complete


def left_open(known: Known, library: Library, day: date) -> frozenset[str]:
    """Hard questions that concern the member by now and were never answered, such as after a birthday."""
    return frozenset(_triage(known.answers, facts_of(known, day, library), library).hard_open)


@lru_cache(maxsize=512)
def _triage(answers: tuple[tuple[str, str], ...], facts: TriageFacts, library: Library) -> Triage:
    """Most members answer alike, and every turn asks."""
    return triage({item: Answer(answer) for item, answer in answers}, facts, library)


def places_of(known: Known) -> dict[str, Place]:
    """Of every exercise the member has met, those that rest included."""
    return {placed.exercise: place_of(placed) for placed in known.programme}


def reached_of(known: Known, day: int, library: Library) -> dict[str, Place]:
    """What a form may want as a condition: every exercise met, and how walks go."""
    return places_of(known) | walked_place(known, day, library)


def walked_place(known: Known, day: int, library: Library) -> dict[str, Place]:
    """The form that walks of the last weeks have shown; empty where none was told."""
    place = walk_place(walked_of(known), day, library.thresholds.planning)
    return {} if place is None else {WALK: place}


def walked_of(known: Known) -> dict[int, int]:
    """Minutes by day, as far as they were told."""
    return {ordinal(walk.day): walk.minutes for walk in known.walks if walk.minutes}


def place_of(placed: Placed) -> Place:
    return Place(placed.level, placed.dose_step, placed.sets)


def in_turn(known: Known) -> dict[str, Place]:
    """The programme: what has not made room for something else."""
    return {placed.exercise: place_of(placed) for placed in known.programme if placed.rests is None}


def stays_of(known: Known) -> dict[str, Stay]:
    return {each.exercise: Stay(place_of(each), ordinal(each.since)) for each in known.programme if each.rests is None}


def rests_of(known: Known) -> dict[str, Rest]:
    return {
        each.exercise: Rest(place_of(each), ordinal(each.rests), too_much=each.rested_by == SWAP)
        for each in known.programme
        if each.rests is not None
    }


_last: tuple[Known, Library, History] | None = None


def history_of(known: Known, library: Library) -> History:
    """All days with anything on them, oldest first. A turn asks several times: the last answer is kept."""
    global _last  # noqa: PLW0603  known values never change, so the same ones have the same history
    if _last is None or _last[0] is not known or _last[1] is not library:
        _last = (known, library, _history(known, library))
    return _last[2]


def _history(known: Known, library: Library) -> History:
    pains, memos, marks = _by_day(_at_rest(known, library)), _by_day(known.sessions), _by_day(_telling(known))
    now = next((pain.value for pain in known.pains if pain.value is not None), None)
    average = now if known.about.average is None else known.about.average
    return History(
        days=with_flares(
            tuple(
                day_record(
                    day, pains.get(day, ()), memos.get(day, ()), marks.get(day, ()), _sleep_on(known, day), library
                )
                for day in sorted({*pains, *memos, *marks})
            ),
            library.thresholds,
        ),
        changes=tuple(_changes(known)),
        average=average,
        anew=tuple((ordinal(day), float(usual)) for day, usual in known.usuals),
        since=ordinal(known.since) if known.since else None,
        weeks=tuple((ordinal(monday), total / count) for monday, total, count in known.pain_weeks),
        slept=_slept(known),
        told=Episode(known.episode) if known.episode else None,
        told_on=_told_on(known),
        ignored=tuple(_ignored(known)),
        wanted=known.about.days_per_week or library.thresholds.planning.days_default,
        announced=tuple(_announced(known)),
        own=tuple((ordinal(week.day), float(week.own)) for week in known.weeks if week.own is not None),
        measured=tuple(_measured(known, library)),
        strained=tuple(_strained(known, library)),
    )


def _telling(known: Known) -> Iterator[Mark]:
    return (mark for mark in known.marks if mark.what != _ASKED)


def _at_rest(known: Known, library: Library) -> Iterator[Pain]:
    """Without what was told behind a measurement: that is no pain of the day, unless it asks for the lists."""
    ends, much = [test.at for test in (*known.tests, *known.halted) if test.at], library.thresholds.rescreening.pain
    return (
        pain
        for pain in known.pains
        if pain.when != "now" or (pain.value or 0) >= much or not any(0 <= pain.at - end <= FRESH_US for end in ends)
    )


def _ignored(known: Known) -> Iterator[int]:
    """Days that were asked to train and have no session; a hard day, or one under a lock, was none to train."""
    trained, marks = {memo.day for memo in known.sessions}, _by_day(known.marks)
    for day, found in marks.items():
        what = {mark.what for mark in found}
        if _ASKED in what and day not in trained and not what & {"flare", "due", "stopped"}:
            yield ordinal(day)


def _announced(known: Known) -> Iterator[Announced]:
    """Holidays and illnesses; an open one lasts until it is ended."""
    for pause in (*known.pauses, *((known.pause,) if known.pause else ())):
        if pause.why in _FROZEN:
            yield Announced(ordinal(pause.since), ordinal(pause.until) if pause.until else date.max.toordinal())


def _measured(known: Known, library: Library) -> Iterator[tuple[str, Doing]]:
    for tested in (*known.tests, *known.halted):
        test = library.selftests.get_test(tested.test)
        if test is not None:
            yield test.exercise, Doing(ordinal(tested.day), tested.at or None)


def _strained(known: Known, library: Library) -> Iterator[Doing]:
    """Pain that ended a measurement, or the numbers before it and behind it, say that it was too much."""
    yield from (Doing(ordinal(test.day), test.at or None) for test in known.halted)
    told = [(pain.at, pain.value) for pain in known.pains if pain.when == "now" and pain.value is not None]
    for test in known.tests:
        before = [value for at, value in told if 0 <= test.at - at <= FRESH_US]
        after = [value for at, value in told if 0 < at - test.at <= FRESH_US]
        if before and after and after[0] - before[-1] >= library.thresholds.rising.calm_rise:
            yield Doing(ordinal(test.day), test.at)


def _slept(known: Known) -> tuple[int, float] | None:
    if known.slept_on is None or known.about.sleep is None:
        return None
    return ordinal(known.slept_on), known.about.sleep


def _by_day(entries: Iterable[E]) -> dict[str, tuple[E, ...]]:
    days: dict[str, list[E]] = {}
    for entry in entries:
        days.setdefault(entry.day, []).append(entry)
    return {day: tuple(found) for day, found in days.items()}


def day_of(known: Known, day: str, library: Library) -> DayRecord:
    """Today as the rules see it; a day without anything is an empty record.

    Who has flown west over the date line is still in the day that lies ahead on the calendar: what it told holds.
    """
    history, today = history_of(known, library), ordinal(day)
    ahead = next((record for record in history.days[-1:] if record.day > today), None)
    return ahead or history.find_day(today) or day_record(day, (), (), (), _sleep_on(known, day), library)


def _sleep_on(known: Known, day: str) -> float | None:
    return known.about.sleep if known.slept_on == day else None


def _changes(known: Known) -> list[ChangeRecord]:
    return [
        ChangeRecord(
            day=ordinal(made.day),
            exercise=made.decided.exercise,
            change=_CHANGES[made.decided.change],
            rule=made.decided.rule,
            basis=made.decided.basis,
            levels=made.decided.levels,
            declined_on=ordinal(made.day) if made.decided.declined else None,
        )
        for made in (*known.changed, *known.decisions)
        if made.decided.change in _CHANGES
    ]
