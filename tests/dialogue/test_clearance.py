"""The way back after a red flag: explicit clearance only, in its time, at caution, in small forms (invariant I16)."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from bot.coach.disposition import may_rise
from bot.coach.profile import disposition_of, load_limit
from bot.dialogue.about import told
from bot.dialogue.clearances import clearance_start
from bot.dialogue.facts import Cleared, Dated, Decided, Disposed, PracticeSaid, Screened
from bot.dialogue.history import day_of, profile_of
from bot.dialogue.member import Known, Lock, Placed
from bot.dialogue.memory import remember_all
from bot.dialogue.moment import Moment
from tests.dialogue.living import portions, trains
from tests.dialogue.room import MONDAY, Room, the_kit

ALARM = "mein Fuß lässt sich nicht mehr heben"
CLEAR_LISTS = ("none", "none", "none", "none")
NOTHING_NEW = "="  # nothing came on top of what is minded


def locked_by_alarm() -> Room:
    room = Room()
    room.first_day()
    room.member = replace(
        room.member,
        known=replace(
            room.member.known,
            programme=(Placed(exercise="bruecke", level=3, dose_step=2, sets=2, since="2026-11-23"),),
        ),
    )
    room.says(ALARM)
    if room.member.known.lock is None:
        room.taps("yes")
    return room


def says_the_practice(room: Room, *tokens: str) -> None:
    for token in tokens:
        room.taps(token, after_s=60)


def test_an_emergency_cannot_be_cleared_on_the_same_day() -> None:
    room = locked_by_alarm()
    room.passes(hours=23)

    room.says("/heute")

    assert not any("untersucht" in label for label in room.labels)


def test_after_a_day_the_practice_and_the_lists_open_at_caution_two_levels_down() -> None:
    room = locked_by_alarm()
    room.passes(hours=25)
    room.says("/heute")
    room.taps("cleared")

    says_the_practice(room, "okay", "clinic", "today", "nothing", *CLEAR_LISTS, NOTHING_NEW)

    known = room.member.known
    assert known.lock is None
    assert known.disposition == "caution"
    assert [(p.exercise, p.level, p.dose_step) for p in known.programme] == [("bruecke", 1, 1)]
    assert room.known_facts(PracticeSaid) == [PracticeSaid(said="okay", by="clinic", seen="today", found="nothing")]
    assert [fact.rule for fact in room.known_facts(Decided)][-1] == "R_FLAG"
    assert [key[0] for key in room.appointments if key[0] == "prompt"] == ["prompt"]


@pytest.mark.parametrize("tokens", [("not_yet",), ("okay", "family", "today", "open")])
def test_no_okay_opens_nothing(tokens: tuple[str, ...]) -> None:
    room = locked_by_alarm()
    room.passes(hours=25)
    room.says("/heute")
    room.taps("cleared")

    says_the_practice(room, *tokens)

    assert room.member.known.lock is not None
    assert not room.known_facts(Cleared)


def test_a_mild_finding_in_the_second_screen_does_not_open_before_all_lists_are_answered() -> None:
    room = locked_by_alarm()
    room.passes(hours=25)
    room.says("/heute")
    room.taps("cleared")
    says_the_practice(room, "okay", "clinic", "today", "nothing", "none", "none")
    room.says("1", after_s=60)
    room.taps("same")
    room.taps("yes")

    assert room.member.known.lock is not None


def test_a_yes_in_the_second_screen_stays_locked() -> None:
    room = locked_by_alarm()
    room.passes(hours=25)
    room.says("/heute")
    room.taps("cleared")
    says_the_practice(room, "okay", "clinic", "today", "nothing")
    room.says("1", after_s=60)
    room.taps("new")

    assert room.member.known.lock is not None
    assert room.member.known.lock.disposition == "emergency"


def allowed_back(room: Room, *, found: str = "nothing", seen: str = "today") -> None:
    room.passes(hours=25)
    room.says("/heute")
    room.taps("cleared")
    says_the_practice(room, "okay", "clinic", seen, *((found,) if found else ()))


@pytest.mark.parametrize("found", ["nothing", "known"])
def test_nothing_opens_before_the_last_list_and_what_to_mind_are_answered(found: str) -> None:
    room = locked_by_alarm()
    allowed_back(room, found=found)

    for token in (*CLEAR_LISTS, NOTHING_NEW):
        assert room.member.known.lock is not None
        assert not room.known_facts(Cleared)
        room.taps(token, after_s=60)

    assert room.member.known.lock is None


def test_warning_signs_of_a_pregnancy_are_asked_again_before_anything_opens() -> None:
    room = locked_by_alarm()
    room.member = replace(room.member, known=replace(room.member.known, tags=("PG",)))
    allowed_back(room)

    says_the_practice(room, *CLEAR_LISTS, NOTHING_NEW)
    assert "Blutung" in room.texts[-1]
    room.taps("yes")

    assert room.member.known.lock is not None
    assert not room.known_facts(Cleared)


def test_an_answer_that_stays_unsure_opens_nothing_after_an_emergency() -> None:
    room = locked_by_alarm()
    allowed_back(room)
    says_the_practice(room, "none", "none", "none")
    room.says("?", after_s=60)
    room.taps("Herz, Lunge, Druck")
    room.taps("Fertig")
    room.taps("unsure")

    room.taps(NOTHING_NEW)

    assert "noch unsicher" in room.texts[-1]
    assert room.member.known.lock is not None
    assert not room.known_facts(Cleared)


@pytest.mark.parametrize("seen", ["week", "earlier"])
def test_a_visit_before_the_warning_sign_opens_nothing(seen: str) -> None:
    room = locked_by_alarm()
    allowed_back(room, seen=seen, found="")

    assert "vor dem Warnzeichen" in room.texts[-1]
    assert room.member.known.lock is not None
    assert room.member.open is None


def test_after_an_urgent_sign_yesterdays_visit_does_not_count_on_the_same_day() -> None:
    room = Room()
    room.first_day()
    room.says("/neu")
    for token in ("none", "none"):
        room.taps(token, after_s=60)
    room.says("1", after_s=60)  # fever
    room.taps("new")
    room.says("/heute", after_s=3600)
    room.taps("cleared")

    says_the_practice(room, "okay", "family", "yesterday")

    assert "vor dem Warnzeichen" in room.texts[-1]
    assert room.member.known.lock is not None


def test_after_doctor_first_new_fever_is_asked_again_and_what_the_practice_judged_is_not() -> None:
    room = Room()
    room.first_day()
    known = room.member.known
    fever = (("rf_fever", "unsure"), *(pair for pair in known.answers if pair[0] != "rf_fever"))
    locked = replace(known, answers=fever, lock=Lock(disposition="doctor_first", since=0, items=("rf_fever",)))
    bones = replace(locked, lock=Lock(disposition="doctor_first", since=0, items=("rf_opfx",)))
    now = Moment(room.now, ZoneInfo("Europe/Berlin"))

    def lines(of: Known) -> set[str]:
        start = clearance_start(room.kit, of, now)
        assert start is not None
        return {line.item for page in start.screening.pages for line in page.lines}

    assert {"rf_fever", "rf_opfx"} <= lines(locked)
    assert "rf_fever" in lines(bones)
    assert "rf_opfx" not in lines(bones)


def test_only_some_things_keeps_loads_low() -> None:
    room = locked_by_alarm()
    room.passes(hours=25)
    room.says("/heute")
    room.taps("cleared")

    says_the_practice(room, "partly", "clinic", "today", "known", *CLEAR_LISTS, NOTHING_NEW)

    assert room.member.known.disposition == "doctor_soft"


def softened() -> Room:
    """Somebody whose legs get heavy when walking: gentle things go on, a practice should look."""
    room = Room()
    room.first_day()
    for _ in range(2):
        trains(room)
        list(portions(room, later=("soft-now",)))
    room.says("/neu", after_s=3600)
    for token in ("none", "none", "none", "="):
        room.taps(token, after_s=60)
    room.member = replace(
        room.member,
        known=remember_all(
            room.member.known,
            [
                Dated(fact=fact, at=room.now, day=room.now.date())
                for fact in (
                    Screened(list=4, answers=(("rf_walk", "yes"), ("rf_inflam", "no"), ("rf_long", "no"))),
                    Disposed(disposition="doctor_soft", items=("rf_walk",)),
                )
            ],
        ),
    )
    return room


def test_what_keeps_loads_low_is_lifted_by_a_practice_and_by_nothing_else() -> None:
    room = softened()
    library = room.kit.library
    before = room.member.known.programme
    assert load_limit(profile_of(room.member.known, library, room.now.date()), library) == 1
    room.says("/neu", after_s=3600)
    for token in ("none", "none", "none", "="):
        room.taps(token, after_s=60)
    assert room.member.known.disposition == "doctor_soft"

    room.says("/praxis", after_s=60)
    says_the_practice(room, "okay", "family", "week", "nothing", *CLEAR_LISTS, NOTHING_NEW)

    known = room.member.known
    assert (known.disposition, known.soft_since) == ("caution", None)
    assert known.programme == before  # nothing was locked, so nothing begins anew
    known = replace(known, about=told(known.about, "fear", "1"))  # unanswered it counts as much, and keeps loads low
    profile = profile_of(known, library, room.now.date())
    assert load_limit(profile, library) == 3
    assert "ST" in profile.tags  # what to mind stays
    assert may_rise(disposition_of(profile, library))


@pytest.mark.parametrize("tokens", [("not_yet",), ("okay", "family", "today", "open")])
def test_without_a_word_of_the_practice_it_stays_gentle(tokens: tuple[str, ...]) -> None:
    room = softened()
    room.says("/praxis", after_s=60)

    says_the_practice(room, *tokens)

    assert room.member.known.disposition == "doctor_soft"
    assert "/praxis" in "".join(room.texts)


def test_two_weeks_after_the_advice_it_is_asked_what_the_practice_said() -> None:
    room = softened()
    asked: list[str] = []
    for _ in range(15):
        trains(room)
        state = room.member.open
        asked.append(state.flow if state is not None else "")
        if asked[-1] == "clearance":
            break
        list(portions(room))

    assert asked[-1] == "clearance"
    assert len(asked) == 14


def test_with_nothing_to_look_at_praxis_says_so() -> None:
    room = Room()
    room.first_day()

    room.says("/praxis")

    assert "wartet nichts" in "".join(room.texts)


def test_doctor_first_prepares_the_visit_and_asks_once_after_a_week() -> None:
    room = Room()
    room.says("/start")
    for token in ("yes", "none", "none", "18_44", "chronic", "none"):
        room.taps(token, after_s=40)
    room.says("1", after_s=40)
    room.taps("no")

    room.taps("prepare")
    said = "".join(room.texts)
    room.taps("yes")
    room.until_due("after-doctor-first")
    room.taps("yes")
    asked = "".join(room.texts)

    assert "Notiz für deinen Termin" in said
    assert "ein paar Schritte" in said
    assert "Was hat die Praxis gesagt" in asked
    assert room.member.known.lock is not None


def test_what_a_practice_has_cleared_on_the_day_it_was_named_is_open_at_once() -> None:
    room = Room()
    room.says("/start")
    for token in ("yes", "none", "none", "18_44", "chronic", "none"):
        room.taps(token, after_s=40)
    room.says("1", after_s=40)
    room.taps("no")
    room.taps("cleared")

    says_the_practice(room, "okay", "family", "today", "nothing", *CLEAR_LISTS, "=", "3")

    assert room.member.known.lock is None
    assert room.is_offered("go"), room.texts


def test_a_new_flag_on_the_day_of_a_clearance_stops_the_day() -> None:
    said = (Disposed(disposition="doctor_first"), Cleared(by="practice", disposition="doctor_first"))
    facts = (*said, Disposed(disposition="urgent"))

    known = remember_all(Known(), [Dated(fact, MONDAY, MONDAY.date()) for fact in facts])
    day = day_of(known, MONDAY.date().isoformat(), the_kit().library)

    assert (day.stopped, day.cleared) == (True, False)


def test_after_a_crisis_the_members_own_wish_opens_after_a_day() -> None:
    room = Room()
    room.first_day()
    room.says("ich will mich umbringen")
    room.passes(hours=30)
    room.says("/heute")
    room.taps("cleared")

    says_the_practice(room, "again", *CLEAR_LISTS, NOTHING_NEW)

    assert room.member.known.lock is None
    assert room.member.known.disposition == "caution"
