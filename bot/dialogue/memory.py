"""The fold: how each fact changes what is known. The only code that changes `Known`, so the journal can rebuild it.

What the rules never look at again (older than 35 days) is left out; the journal keeps it.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import reduce

from bot.coach.disposition import Disposition, forbids_exercise, gravity
from bot.dialogue import facts as f
from bot.dialogue import facts_rounds as r
from bot.dialogue import pains
from bot.dialogue.about import is_about, told
from bot.dialogue.facts_places import United, Unlinked
from bot.dialogue.keeping import (
    NEWS,
    asked_on,
    begins_pause,
    ends_pause,
    kept_sessions,
    limited_to,
    minded,
    once_there,
    over_midnight,
    with_decision,
    with_test,
)
from bot.dialogue.locks import covered, joined
from bot.dialogue.member import (
    KEPT_DAYS,
    Known,
    Lock,
    Made,
    Mark,
    Member,
    Pain,
    Pause,
    SessionMemo,
    Status,
    Veto,
    Walk,
    Week,
)
from bot.dialogue.moment import micros
from bot.dialogue.placing import placed
from bot.dialogue.uniting import unite
from bot.library.quick import altered

_SETTLED = {"no", "known"}  # nothing new in this line
LAST_LIST = 4
KEPT_WEEKS = 8
# Fields of the profile that are about the coach itself.
SETTINGS = frozenset({"push", "questions", "desk", "bother", "figure"})


def remember(known: Known, dated: f.Dated) -> Known:
    """What is known after one more fact."""
    match dated.fact:
        case f.Consented(purpose=purpose, wording=wording):
            consents = (*(c for c in known.consents if c[0] != purpose), (purpose, wording))
            return altered(known, consents=consents, joined=known.joined or dated.day.isoformat())
        case f.ProfileAnswered(field=field, value=value):
            return _profile(asked_on(known, field, value, dated.day.isoformat()), field, value)
        case f.TagsGiven() | f.Limited() as given:
            day = dated.day.isoformat()
            return _safer(minded(known, given, day) if isinstance(given, f.TagsGiven) else limited_to(known, given))
        case f.Screened() as screened:
            return _safer(_screened(known, screened, dated))
        case f.Disposed() as disposed:
            return _disposed(known, disposed, dated)
        case f.AlarmRaised() as alarm:
            return _safer(altered(known, crisis_on=dated.day.isoformat()) if alarm.level == "crisis" else known)
        case f.Cleared() | United() as fact:
            return _safer(unite(known, fact, dated.day) if isinstance(fact, United) else _cleared(known, fact, dated))
        case _:
            return _training(known, dated)


def head_of(member: Member, fact: f.Fact) -> Member:
    """What a fact changes in the document's head: status, language, zone."""
    match fact:
        case f.StatusChanged(status=status):
            return altered(member, status=Status(status))
        case f.LanguageChosen(language=language):
            return altered(member, language=language)
        case f.ProfileAnswered(field="zone", value=zone):
            return altered(member, zone=zone)
        case _:
            return member


def remember_all(known: Known, dated: Iterable[f.Dated]) -> Known:
    return reduce(remember, dated, known)


def _training(known: Known, dated: f.Dated) -> Known:
    day = dated.day.isoformat()
    match dated.fact:
        case f.PainReported(when=when, value=value, corrects=corrects):
            pain = Pain(day=day, when=when, value=value, at=micros(dated.at))
            return (pains.put_right if corrects else pains.noted)(known, pain, dated.day)
        case f.SessionStarted(gate=gate, items=items, before=before) as started:
            if before is None:
                before = pains.number_before(known, day, micros(dated.at))
            memo = SessionMemo(
                day=day,
                at=micros(dated.at),
                gate=gate,
                items=items,
                before=before,
                eased=started.eased,
                minute=started.minute,
            )
            return altered(known, sessions=(*kept_sessions(known, dated.day), memo), since=known.since or day)
        case f.ExerciseDone() as done:
            return _session(known, exercises=(done,), at=micros(dated.at))
        case f.SessionEnded(finished=finished):
            return _session(known, finished=finished)
        case f.Decided() as decided:
            return _decided(known, decided, day)
        case f.Vetoed(exercise=exercise):
            kept = tuple(veto for veto in known.vetoes if veto.exercise != exercise)
            return altered(known, vetoes=(*kept, Veto(exercise=exercise, day=day)))
        case f.FlareSaid() | f.ListsDue() | f.PromptCame():
            return _noted(known, dated, dated.fact)
        case _:
            return _beside(known, dated)


def _beside(known: Known, dated: f.Dated) -> Known:
    """What stands beside the training: weeks, cards, rounds, and facts that only the journal or the head keeps."""
    fact, day = dated.fact, dated.day.isoformat()
    match fact:
        case f.WeekChecked() as checked:
            week = Week(
                day=day,
                pain=checked.pain,
                enjoyment=checked.enjoyment,
                activity=checked.activity,
                own=checked.own,
            )
            return altered(known, weeks=(*known.weeks, week)[-KEPT_WEEKS:])
        case f.CardShown(card=card):
            return altered(known, cards=(*(seen for seen in known.cards if seen[0] != card), (card, day)))
        case (
            f.BreakTaken()
            | f.WalkLogged()
            | f.StepsLogged()
            | f.StepsKeyed()
            | f.PauseTaken()
            | f.ProblemTold()
            | f.SelfTested()
            | f.MoodAnswered()
        ):
            return _told(known, fact, day, micros(dated.at))
        case r.RoundKnown() | r.RoundParted() | r.RoundGone():
            return _rounds(known, fact)
        case f.StatusChanged(status=status):
            return ends_pause(known, day) if status == Status.ACTIVE.value else known
        case f.PortionAsked(portion=portion):
            times = next((times for name, _, times in known.portions if name == portion), 0)
            others = tuple(each for each in known.portions if each[0] != portion)
            return altered(known, portions=(*others, (portion, day, times + 1)))
        case Unlinked(sealed=sealed):
            return altered(known, sealed=known.sealed or sealed)
        case (
            f.LanguageChosen()
            | f.AlarmAnswered()
            | f.EasierNamed()
            | f.PracticeSaid()
            | r.RoundsAsked()
            | r.RoundWished()
            | r.RoundChanged()
            | r.RoundAgain()
            | r.RoundJoining()
            | r.RoundMoved()
        ):
            # Kept in the document's head or only in the journal; what becomes of a wish about a round comes back as
            # `RoundKnown`, and days are the store's.
            return known
        case _:
            raise AssertionError(f"no memory of {fact.kind}")


def _told(
    known: Known,
    fact: f.BreakTaken
    | f.WalkLogged
    | f.StepsLogged
    | f.StepsKeyed
    | f.PauseTaken
    | f.ProblemTold
    | f.SelfTested
    | f.MoodAnswered,
    day: str,
    at: int,
) -> Known:
    """What the member tells by a command."""
    match fact:
        case f.BreakTaken():
            oldest = (date.fromisoformat(day) - timedelta(days=KEPT_DAYS)).isoformat()
            return altered(known, breaks=(*(taken for taken in known.breaks if taken >= oldest), day))
        case f.WalkLogged(minutes=minutes, instead_of=wrong):
            return _walked(
                known,
                day,
                lambda walk: altered(walk, minutes=max(0, walk.minutes - wrong) + minutes, last=minutes, at=at),
            )
        case f.StepsLogged(steps=steps, day=other):
            return _walked(known, other or day, lambda walk: altered(walk, steps=steps, steps_at=at))
        case f.StepsKeyed(hash=key):
            return altered(known, steps_key=key)
        case f.PauseTaken(why=why, until=until):
            return begins_pause(known, Pause(why=why, since=day, until=until))
        case f.MoodAnswered(interest=interest, low=low):
            return altered(known, mood=interest + low)
        case f.SelfTested():
            return with_test(known, fact, day, at)
        case f.ProblemTold():
            return known  # the operator's, not the rules'


def _walked(known: Known, day: str, change: Callable[[Walk], Walk]) -> Known:
    newest = max((walk.day for walk in known.walks), default=day)
    oldest = (date.fromisoformat(max(day, newest)) - timedelta(days=KEPT_DAYS)).isoformat()
    today = next((walk for walk in known.walks if walk.day == day), Walk(day=day))
    kept = (walk for walk in known.walks if walk.day != day and walk.day >= oldest)
    changed = tuple(sorted((*kept, change(today)), key=lambda walk: walk.day))
    return altered(known, walks=tuple(walk for walk in changed if walk.day >= oldest))


def _rounds(known: Known, fact: r.RoundKnown | r.RoundParted | r.RoundGone) -> Known:
    others = tuple(each for each in known.rounds if each.round != fact.round)
    return altered(known, rounds=(*others, fact) if isinstance(fact, r.RoundKnown) else others)


def _safer(known: Known) -> Known:
    return altered(known, safety_revision=known.safety_revision + 1)


def _profile(known: Known, field: str, value: str) -> Known:
    match field:
        case "age":
            return altered(known, age=value)
        case "episode":
            return altered(known, episode=value)
        case "prompt_time":
            return altered(known, prompt_time=value)
        case "helped":
            return altered(known, helped=value)
        case "zone":
            return known  # stands in the document's head
        case _ if field in SETTINGS:
            return altered(known, settings=(*(pair for pair in known.settings if pair[0] != field), (field, value)))
        case _ if is_about(field):
            return altered(known, about=told(known.about, field, value))
        case _:
            return known


def _marked(known: Known, dated: f.Dated, what: str, at: int = 0) -> Known:
    oldest = (dated.day - timedelta(days=KEPT_DAYS)).isoformat()
    kept = tuple(mark for mark in known.marks if mark.day >= oldest)
    return altered(known, marks=(*kept, Mark(day=dated.day.isoformat(), what=what, at=at)))


def _screened(known: Known, screened: f.Screened, dated: f.Dated) -> Known:
    named = {item for item, _ in screened.answers}
    kept = tuple(pair for pair in known.answers if pair[0] not in named)
    day = dated.day.isoformat()
    known = altered(known, answers=(*kept, *screened.answers), once=once_there(known, screened, day), screened_on=day)
    if screened.list == LAST_LIST:
        known = altered(known, screened_fully=day)
    all_clear = screened.list > 0 and all(answer in _SETTLED for _, answer in screened.answers)
    if not all_clear:
        return known
    known = altered(known, marks=(*known.marks, *over_midnight(known.marks, dated.day, micros(dated.at))))
    return _marked(known, dated, f"list-{screened.list}", micros(dated.at))


def _disposed(known: Known, disposed: f.Disposed, dated: f.Dated) -> Known:
    """A standing lock is never replaced by a milder one: only clearance opens it, and follow-ups their own lock.

    So it is with what keeps loads low until a practice has looked; while its follow-up is open that may lower it.
    """
    disposition, standing = Disposition(disposed.disposition), known.lock
    if known.soft_since is not None and gravity(disposition) < gravity(Disposition.DOCTOR_SOFT):
        disposition = Disposition.DOCTOR_SOFT
    if disposition is Disposition.DOCTOR_SOFT and not disposed.provisional:
        known = altered(known, soft_since=known.soft_since or dated.day.isoformat())
    if disposed.heard:
        return _joining(known, disposed, dated)
    firm = standing.beneath if standing is not None and standing.provisional else standing
    if not forbids_exercise(disposition) or (firm is not None and _is_milder(disposition, firm)):
        left = _safer(altered(known, disposition=firm.disposition if firm else disposition.value, lock=firm))
        return _joining(left, disposed, dated) if forbids_exercise(disposition) and not disposed.provisional else left
    lock = Lock(
        disposition=disposition.value,
        since=micros(dated.at),
        items=disposed.items,
        provisional=disposed.provisional,
        corrected=disposed.corrected,
        before=standing.before if standing else known.disposition,
        beneath=firm,
    )
    if not disposed.provisional:
        lock = altered(lock, beneath=covered(lock, firm))
    locked = altered(known, disposition=disposition.value, lock=lock)
    return _safer(locked if disposed.provisional else _marked(locked, dated, "stopped"))


def _is_milder(disposition: Disposition, lock: Lock) -> bool:
    return gravity(disposition) < gravity(Disposition(lock.disposition))


def _joining(known: Known, disposed: f.Disposed, dated: f.Dated) -> Known:
    """Words end nothing that the lists ask, and nothing is lost beneath a graver lock that does not speak of it."""
    standing = known.lock
    before = standing.before if standing else known.disposition
    new = Lock(
        disposition=disposed.disposition,
        since=micros(dated.at),
        items=disposed.items,
        corrected=disposed.corrected,
        before=before,
    )
    lock = joined(standing, new)
    return _marked(_safer(altered(known, disposition=lock.disposition, lock=lock)), dated, "stopped")


def _cleared(known: Known, cleared: f.Cleared, dated: f.Dated) -> Known:
    """A corrected tap leaves the day as if it had not been; a practice's okay opens everything."""
    lock = known.lock
    if cleared.by == "correction" and (lock is None or cleared.disposition == Disposition.DOCTOR_SOFT):
        # A soft line locks nothing, so it opens no lock either, such as the one whose clearance is asked for.
        answered, today = dict(known.answers), dated.day.isoformat()
        once = tuple(each for each in known.once if each.day != today or answered.get(each.item) != "no")
        stands = Disposition.CAUTION.value if lock is None else lock.disposition
        return altered(known, disposition=stands, soft_since=None, once=once)
    if cleared.by != "correction" or lock is None:
        was_soft = known.disposition == Disposition.DOCTOR_SOFT
        now = Disposition.CAUTION.value if was_soft else known.disposition
        soft = known.soft_since if cleared.by == "member" else None
        opened = altered(known, lock=None, disposition=now, cleared_from=cleared.disposition, soft_since=soft)
        return _marked(opened, dated, "cleared")
    stops = [index for index, mark in enumerate(known.marks) if mark.what == "stopped"]
    marks = tuple(mark for index, mark in enumerate(known.marks) if index not in stops[-1:])
    beneath = lock.beneath
    disposition = beneath.disposition if beneath else lock.before
    day = dated.day.isoformat()
    once = tuple(each for each in known.once if each.item not in lock.items or each.day != day)
    freed = altered(known, lock=beneath, disposition=disposition, once=once, marks=marks)
    return altered(freed, cleared_from=cleared.disposition)


def _noted(known: Known, dated: f.Dated, fact: f.FlareSaid | f.ListsDue | f.PromptCame) -> Known:
    """A day that was asked to train, a hard one, or one that only a mistyped number had made one."""
    if isinstance(fact, f.PromptCame):
        return _marked(known, dated, "asked")
    if isinstance(fact, f.FlareSaid):
        return _marked(known, dated, "flare")
    if not fact.withdrawn:
        due = _marked(known, dated, "due", micros(dated.at))
        return _marked(due, dated, NEWS) if fact.news else due
    day = dated.day.isoformat()
    found = [index for index, mark in enumerate(known.marks) if (mark.day, mark.what) == (day, "due")]
    return altered(known, marks=tuple(mark for index, mark in enumerate(known.marks) if index not in found[-1:]))


def _session(
    known: Known, *, exercises: tuple[f.ExerciseDone, ...] = (), finished: bool | None = None, at: int = 0
) -> Known:
    if not known.sessions:
        return known
    last = known.sessions[-1]
    changed = altered(
        last,
        exercises=(*last.exercises, *exercises),
        until=max(last.until, at),
        finished=last.finished if finished is None else finished,
    )
    return altered(known, sessions=(*known.sessions[:-1], changed))


def _decided(known: Known, decided: f.Decided, day: str) -> Known:
    made = Made(day=day, decided=decided)
    return with_decision(altered(known, programme=placed(known.programme, decided, day)), made)
