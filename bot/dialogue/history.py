"""What is known, in the shape the coach's rules read it: a profile, days in a row, places on the ladders."""

from datetime import date

from bot.coach.disposition import Disposition
from bot.coach.place import Place
from bot.coach.profile import Activity, Profile
from bot.coach.records import Change, ChangeRecord, DayRecord, ExerciseRecord, History, Mode, Quality, SessionRecord
from bot.coach.screening import Answer, TriageFacts, triage
from bot.coach.selftest import Result, emphasis
from bot.dialogue.facts import ExerciseDone
from bot.dialogue.member import Known, SessionMemo
from bot.library.exercise import Equipment
from bot.library.library import Library
from bot.library.screening import AgeBand, Episode

_QUALITIES = {
    "pulling": Quality.PULLING,
    "dull": Quality.DULL,
    "stabbing": Quality.STABBING,
    "leg": Quality.RADIATING,
}
_NO_CHANGE = {Change.HOLD, Change.RESCREEN, Change.STOP}
_FLARING = {Mode.FLARE.value, Mode.SCREEN.value}
_ACUTE_LISTS = frozenset({"list-1", "list-2", "list-3"})


def facts_of(known: Known) -> TriageFacts:
    return TriageFacts(
        age=AgeBand(known.age) if known.age else None,
        episode=Episode(known.episode) if known.episode else None,
        tags=frozenset(known.tags or ()),
    )


def profile_of(known: Known, library: Library) -> Profile:
    """Who the member is; what was never asked stays open and takes the cautious side in the rules."""
    answers = {item: Answer(answer) for item, answer in known.answers}
    triaged = triage(answers, facts_of(known), library)
    first = next((pain.value for pain in known.pains if pain.value is not None), None)
    about = known.about
    return Profile(
        age=facts_of(known).age,
        episode=facts_of(known).episode,
        pain_now=first,
        pain_average=about.average,
        fear=about.fear,
        activity=Activity(about.activity) if about.activity in set(Activity) else Activity.INACTIVE,
        equipment=frozenset(Equipment(thing) for thing in about.equipment or () if thing in set(Equipment)),
        minutes=about.minutes,
        days_per_week=about.days_per_week,
        likes=frozenset(about.likes or ()),
        tags=triaged.tags | _tags_of_once(known, library),
        disposition=Disposition(known.disposition or Disposition.CAUTION.value),
        soft_open=triaged.soft_open,
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


def results_of(known: Known) -> tuple[Result, ...]:
    """The self-tests as the rules read them."""
    return tuple(Result(test=t.test, day=ordinal(t.day), level=t.level, value=t.value) for t in known.tests)


def is_screened(known: Known, library: Library) -> bool:
    """Every hard question answered; the rules' own word for it, so that no flow can skip one."""
    answers = {item: Answer(answer) for item, answer in known.answers}
    return triage(answers, facts_of(known), library).is_complete


def places_of(known: Known) -> dict[str, Place]:
    return {placed.exercise: Place(placed.level, placed.dose_step, placed.sets) for placed in known.programme}


def ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


_last: tuple[Known, Library, History] | None = None


def history_of(known: Known, library: Library) -> History:
    """All days with anything on them, oldest first. A turn asks several times: the last answer is kept."""
    global _last  # noqa: PLW0603  known values never change, so the same ones have the same history
    if _last is None or _last[0] is not known or _last[1] is not library:
        _last = (known, library, _history(known, library))
    return _last[2]


def _history(known: Known, library: Library) -> History:
    days = sorted(
        {pain.day for pain in known.pains} | {memo.day for memo in known.sessions} | {mark.day for mark in known.marks}
    )
    now = next((pain.value for pain in known.pains if pain.value is not None), None)
    average = now if known.about.average is None else known.about.average
    return History(
        days=tuple(day_of(known, day, library) for day in days),
        changes=tuple(_changes(known)),
        average=average,
        since=ordinal(known.since) if known.since else None,
        weeks=tuple((ordinal(monday), total / count) for monday, total, count in known.pain_weeks),
    )


def day_of(known: Known, day: str, library: Library) -> DayRecord:
    """One day as the rules see it; a day without anything is an empty record."""
    memos = tuple(memo for memo in known.sessions if memo.day == day)
    marks = frozenset(mark.what for mark in known.marks if mark.day == day)
    clear = marks >= _ACUTE_LISTS
    mode = memos[-1].gate if memos else None
    if "due" in marks and not clear:
        mode = Mode.SCREEN.value
    return DayRecord(
        day=ordinal(day),
        morning=_pain(known, day, "morning"),
        before=_pain(known, day, "before"),
        session=_session(memos, library) if memos else None,
        stopped="stopped" in marks,
        flare_said="flare" in marks,
        cleared="cleared" in marks,
        screened_clear=clear,
        mode=Mode(mode) if mode else None,
        eased=bool(memos) and memos[-1].eased,
        flaring=mode in _FLARING or "flare" in marks,
    )


def _pain(known: Known, day: str, when: str) -> float | None:
    return next((pain.value for pain in reversed(known.pains) if pain.day == day and pain.when == when), None)


def _session(memos: tuple[SessionMemo, ...], library: Library) -> SessionRecord:
    """A day's sessions as one: pain before the first, after the last, the worst between, everything that was done."""
    done = tuple(each for memo in memos for each in memo.exercises)
    felt = (*(each.peak for each in done), *(memo.after for memo in memos[:-1]))
    return SessionRecord(
        before=memos[0].before,
        after=memos[-1].after,
        peak=max((number for number in felt if number is not None), default=None),
        exercises=tuple(_exercise(each, library) for each in done if each.exercise in library.exercises),
    )


def _exercise(done: ExerciseDone, library: Library) -> ExerciseRecord:
    quality = _QUALITIES.get(done.quality or "")
    return ExerciseRecord(
        exercise=done.exercise,
        load=library.exercises[done.exercise].load,
        done=done.done / 2,
        effort=done.effort,
        more=done.more,
        hurt=quality is not None,
        quality=quality,
        too_hard=done.too_hard,
        place=Place(done.level, done.dose_step, done.sets),
    )


def _changes(known: Known) -> list[ChangeRecord]:
    return [
        ChangeRecord(
            day=ordinal(made.day),
            exercise=made.decided.exercise,
            change=Change(made.decided.change),
            rule=made.decided.rule,
            basis=made.decided.basis,
            levels=made.decided.levels,
            declined_on=ordinal(made.day) if made.decided.declined else None,
        )
        for made in known.decisions
        if made.decided.change in set(Change) and Change(made.decided.change) not in _NO_CHANGE
    ]
