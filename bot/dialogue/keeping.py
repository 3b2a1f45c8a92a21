"""Parts of the fold that decide what of an answer is kept beside newer ones; see `memory`."""

from datetime import date, timedelta

from bot.dialogue import facts as f
from bot.dialogue.member import FRESH_US, KEPT_DAYS, Known, Made, Mark, Once, Pause, SessionMemo, Tested
from bot.library.quick import altered

KEPT_DECISIONS = 40  # with all that they were made from
KEPT_CHANGES = 120  # of those before them
KEPT_PAUSES = 4
KEPT_USUALS = 4
NEWS = "news"  # a mark: something new was told, and what came on top to mind has not been asked since
_STAYS = frozenset({"hold", "rescreen", "stop"})
KEPT_TESTS = 2  # beside the first one, of each


def asked_on(known: Known, field: str, value: str, day: str) -> Known:
    """What goes with an answer about the person: the day of some; without consent no mood is kept."""
    if field == "episode":
        return altered(known, episode_on=day)
    if field == "sleep":
        return altered(known, slept_on=day)
    if field == "usual":
        return altered(known, usuals=(*known.usuals, (day, int(value)))[-KEPT_USUALS:])
    return altered(known, mood=None) if (field, value) == ("mood", "no") else known


def minded(known: Known, given: f.TagsGiven, day: str) -> Known:
    """What only joins takes nothing away, neither a tag nor what a line of the lists once gave (invariant I9)."""
    if given.joins:
        told = tuple(mark for mark in known.marks if mark.what != NEWS)
        return altered(known, marks=told, tags=tuple(dict.fromkeys((*(known.tags or ()), *given.tags))), minded_on=day)
    once = tuple(altered(each, asked=True) for each in known.once)
    return altered(known, tags=given.tags, once=once, minded_on=day)


def begins_pause(known: Known, pause: Pause) -> Known:
    """Said anew, it takes the place of what was left of the one before."""
    ended = ends_pause(known, pause.since)
    earlier = ended.pauses if ended.pause is None else (*ended.pauses, ended.pause)[-KEPT_PAUSES:]
    return altered(ended, pause=pause, pauses=earlier)


def ends_pause(known: Known, day: str) -> Known:
    """A pause that ends earlier than it was said, or that was open, was as long as it was."""
    pause = known.pause
    if pause is None or (pause.until and pause.until <= day):
        return known
    return altered(known, pause=altered(pause, until=day))


def limited_to(known: Known, limited: f.Limited) -> Known:
    """Limits come together; only naming them again lifts them."""
    if limited.lifted:
        return altered(known, limits=tuple(limit for limit in known.limits if limit not in limited.limits))
    return altered(known, limits=tuple(dict.fromkeys((*known.limits, *limited.limits))))


def over_midnight(marks: tuple[Mark, ...], day: date, at: int) -> tuple[Mark, ...]:
    """Lists that were gone through from one day into the next are of that one: those answered clear within the hour.

    What was told as new after them lets none of them hold.
    """
    today, new = day.isoformat(), max((mark.at for mark in marks if mark.what == "due"), default=0)
    there = {mark.what for mark in marks if mark.day == today}
    return tuple(
        altered(mark, day=today)
        for mark in marks
        if mark.what.startswith("list-") and mark.what not in there and mark.at > max(new, at - FRESH_US)
    )


def once_there(known: Known, screened: f.Screened, day: str) -> tuple[Once, ...]:
    """What stood there before and is a no today; a list asks for what is new, so its no takes nothing away."""
    before, kept = dict(known.answers), {each.item: each for each in known.once}
    for item, answer in screened.answers:
        was = before.get(item, "no")
        if answer == "no" and was != "no" and (item not in kept or kept[item].asked):
            kept[item] = Once(item=item, day=day)
    return tuple(kept.values())


def with_test(known: Known, fact: f.SelfTested, day: str, at: int) -> Known:
    """Of one day the last counts; of each test the first result stays, to see how far the way was."""
    new = Tested(day=day, test=fact.test, level=fact.level, value=fact.value, at=at)
    if fact.stopped:
        oldest = (date.fromisoformat(day) - timedelta(days=KEPT_DAYS)).isoformat()
        return altered(known, halted=(*(each for each in known.halted if each.day >= oldest), new))
    own = [each for each in known.tests if each.test == new.test and each.day != day]
    others = tuple(each for each in known.tests if each.test != new.test)
    return altered(known, tests=(*others, *own[:1], *own[1:][-(KEPT_TESTS - 1) :], new))


def with_decision(known: Known, made: Made) -> Known:
    """One more decision. Of older ones the changes stay as long as their days: the rules ask when the last one was."""
    decisions = (*known.decisions, made)
    oldest = (date.fromisoformat(made.day) - timedelta(days=KEPT_DAYS)).isoformat()
    gone = (each for each in decisions[:-KEPT_DECISIONS] if each.decided.change not in _STAYS)
    bare = (altered(each, decided=altered(each.decided, inputs=(), sources=(), version="")) for each in gone)
    changed = tuple(each for each in (*known.changed, *bare) if each.day >= oldest)
    return altered(known, decisions=decisions[-KEPT_DECISIONS:], changed=changed[-KEPT_CHANGES:])


def kept_sessions(known: Known, day: date) -> tuple[SessionMemo, ...]:
    """Those of the last weeks. Of older ones it stays when each exercise of the programme was done last.

    A pause is seen by the day before it, also once its first sessions are over and where an exercise has no turn yet.
    """
    oldest = (day - timedelta(days=KEPT_DAYS)).isoformat()
    recent = tuple(memo for memo in known.sessions if memo.day >= oldest)
    seen = {done.exercise for memo in recent for done in memo.exercises if done.done}
    waiting = {placed.exercise for placed in known.programme if placed.rests is None} - seen
    older: list[SessionMemo] = []
    for memo in reversed(known.sessions[: len(known.sessions) - len(recent)]):
        own = waiting & {done.exercise for done in memo.exercises if done.done}
        if own or not older:
            older.append(_bare(memo))
            waiting -= own
    return (*reversed(older), *recent)


def _bare(memo: SessionMemo) -> SessionMemo:
    """Only what was done when: numbers that old say nothing any more."""
    done = tuple(
        altered(each, effort=None, more=None, quality=None, peak=None, too_hard=False) for each in memo.exercises
    )
    return altered(memo, before=None, after=None, exercises=done)
