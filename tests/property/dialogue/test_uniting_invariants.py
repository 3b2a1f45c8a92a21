"""Invariants of linking: what two sides know becomes never milder than either, and only flags go over."""

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coach.disposition import Disposition, forbids_exercise, gravity, may_rise
from bot.coach.gate import is_stopped
from bot.dialogue import facts as f
from bot.dialogue.history import day_of, history_of
from bot.dialogue.journal import dump_fact, load_fact
from bot.dialogue.member import Known, Lock
from bot.dialogue.memory import remember, remember_all
from bot.dialogue.uniting import flags_of, is_onboarded
from tests.dialogue.room import the_kit
from tests.property.dialogue.test_memory_invariants import ANYTHING

TODAY = date(2026, 12, 20)
NOW = datetime(2026, 12, 20, 9, tzinfo=UTC)
TAGS = sorted(the_kit().library.tags)
GRAVER = ("no", "known", "unsure", "yes")


@st.composite
def sides(draw: st.DrawFn) -> Known:
    """What is known of somebody, onboarded or only begun."""
    known = remember_all(Known(), draw(ANYTHING))
    if draw(st.booleans()):
        given = f.TagsGiven(tags=tuple(draw(st.lists(st.sampled_from(TAGS), max_size=3, unique=True))))
        known = remember(known, f.Dated(given, NOW, TODAY))
        known = replace(known, consents=(("coaching", 1),), disposition=known.disposition or "caution")
    return known


def united(own: Known, other: Known) -> Known:
    """As it happens: the flags stand in the journal and are folded in from there."""
    fact = flags_of(other, "web")
    return remember(own, f.Dated(load_fact(fact.kind, dump_fact(fact)), NOW, TODAY))


def weight(known: Known | Lock | None) -> int:
    return -1 if known is None or known.disposition is None else gravity(Disposition(known.disposition))


@settings(max_examples=150)
@given(sides(), sides())
def test_a_union_is_never_milder_than_either_side(own: Known, other: Known) -> None:
    both = united(own, other)

    assert weight(both.lock) >= max(weight(own.lock), weight(other.lock))
    assert (both.crisis_on or "") == max(own.crisis_on or "", other.crisis_on or "")
    assert both.safety_revision > own.safety_revision
    if both.lock is not None:
        assert weight(both) >= weight(both.lock)
    if is_onboarded(own):
        assert weight(both) >= max(weight(own), weight(other))
        assert set(both.tags or ()) == {*(own.tags or ()), *(other.tags or ())}
        worst = dict(both.answers)
        for item, answer in (*dict(own.answers).items(), *dict(other.answers).items()):  # the last one counts
            assert GRAVER.index(worst.get(item, "no")) >= GRAVER.index(answer)
    if both.disposition is not None and may_rise(Disposition(both.disposition)) and is_onboarded(own):
        assert all(may_rise(Disposition(each.disposition)) for each in (own, other) if each.disposition)


@settings(max_examples=150)
@given(sides(), sides())
def test_a_corrected_tap_leads_back_to_nothing_milder_than_either_side(own: Known, other: Known) -> None:
    both = united(own, other)

    while both.lock is not None:
        fact = f.Cleared(disposition=both.lock.disposition, by="correction")
        both = remember(both, f.Dated(fact, NOW, TODAY))
    if is_onboarded(own):
        assert weight(both) >= max((weight(each) for each in (own, other) if each.lock is None), default=-1)
        assert both.soft_since == min(filter(None, (own.soft_since, other.soft_since)), default=None)
        assert both.soft_since is None or not may_rise(Disposition(both.disposition or "go"))


@settings(max_examples=150)
@given(sides(), sides())
def test_whatever_locked_one_side_stops_the_union_today(own: Known, other: Known) -> None:
    both = united(own, other)

    library = the_kit().library
    if other.lock is not None:
        assert both.lock is not None
        assert forbids_exercise(Disposition(both.lock.disposition))
        assert is_stopped(history_of(both, library), day_of(both, TODAY.isoformat(), library))
    lock = both.lock
    while lock is not None and lock.beneath is not None:
        # a follow-up under way, and a tap that may be taken back, may stand on a lock as grave as their own
        assert weight(lock) >= weight(lock.beneath)
        lock = lock.beneath


@settings(max_examples=150)
@given(sides(), sides())
def test_nothing_but_flags_goes_over_and_nobody_skips_a_list(own: Known, other: Known) -> None:
    both = united(own, other)

    flags = ("lock", "disposition", "soft_since", "tags", "answers", "once", "crisis_on", "marks", "safety_revision")
    assert replace(both, **{name: getattr(own, name) for name in flags}) == own
    assert is_onboarded(both) == is_onboarded(own)
    if not is_onboarded(own):
        assert (both.tags, both.answers) == (own.tags, own.answers)
    assert set(own.marks) <= set(both.marks)


def test_two_sides_that_were_cleared_on_one_day_are_open() -> None:
    cleared = f.Dated(f.Cleared(by="practice", disposition="doctor_first"), NOW, TODAY)
    stopped = f.Dated(f.Disposed(disposition="doctor_first"), NOW, TODAY)
    own = replace(remember_all(Known(), [stopped, cleared]), consents=(("coaching", 1),), tags=())
    own = replace(own, marks=own.marks[-1:])  # its lock was on an earlier day

    both = united(own, remember_all(Known(), [stopped, cleared]))

    assert both.lock is None
    assert not day_of(both, TODAY.isoformat(), the_kit().library).stopped
