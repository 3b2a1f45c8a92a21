"""Whatever was found, a firm lock is opened by a clearance and by nothing else (invariant I16)."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coach.disposition import Disposition, forbids_exercise, gravity
from bot.dialogue.facts import Cleared, Dated, Disposed, Fact
from bot.dialogue.member import Known
from bot.dialogue.memory import remember_all
from tests.dialogue.room import MONDAY

DISPOSED = st.builds(
    Disposed,
    disposition=st.sampled_from([each.value for each in Disposition]),
    provisional=st.booleans(),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(DISPOSED, max_size=12))
def test_nothing_but_clearance_opens_or_lowers_a_firm_lock(said: list[Disposed]) -> None:
    facts: list[Fact] = []
    firm: Disposition | None = None
    for each in said:
        facts.append(each)
        disposition = Disposition(each.disposition)
        if not each.provisional and forbids_exercise(disposition):
            firm = disposition if firm is None or gravity(disposition) > gravity(firm) else firm
        known = remember_all(Known(), (Dated(fact, MONDAY, MONDAY.date()) for fact in facts))
        if firm is not None:
            assert known.lock is not None
            assert gravity(Disposition(known.lock.disposition)) >= gravity(firm)


@settings(max_examples=100, deadline=None)
@given(st.lists(DISPOSED, max_size=8))
def test_a_practice_opens_whatever_is_locked(said: list[Disposed]) -> None:
    facts: list[Fact] = [*said, Cleared(by="practice", disposition="emergency")]

    known = remember_all(Known(), (Dated(fact, MONDAY, MONDAY.date()) for fact in facts))

    assert known.lock is None
