"""Invariants of what is known: I9, I14, I16, whatever facts come in whatever order, two a day, from zone to zone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coach.disposition import forbids_exercise, gravity
from bot.dialogue import facts as f
from bot.dialogue.facts_rounds import RoundKnown, RoundMoved, RoundParted, RoundWished
from bot.dialogue.history import history_of, profile_of
from bot.dialogue.member import Known, Member
from bot.dialogue.memory import remember_all
from bot.dialogue.moment import Moment
from bot.dialogue.planning import RestDay, plan_session
from bot.library.screening import Disposition
from tests.dialogue.perfect import lives
from tests.dialogue.room import Room, the_kit

PAIN = st.none() | st.integers(0, 10)
ITEMS = [item.id for item in the_kit().library.screening.items]
DISPOSITIONS = st.sampled_from([each.value for each in Disposition])
# What is about the coach, the others or the mood of the day, and nothing about the body.
BESIDE = st.one_of(
    st.builds(f.CardShown, card=st.sampled_from(["alarm", "gehen"]), right=st.none() | st.booleans()),
    st.builds(
        RoundKnown,
        round=st.integers(1, 9),
        name=st.just("round"),
        code=st.just("abc"),
        begins=st.just("2026-11-23"),
        weeks=st.integers(1, 12),
    ),
    st.builds(RoundMoved, round=st.integers(1, 9), day=st.just("2026-11-24")),
    st.builds(RoundParted, round=st.integers(1, 9), ends=st.booleans()),
    st.builds(
        RoundWished, name=st.just("team"), weeks=st.just(4), goal=st.integers(1, 500), begins=st.just("2026-11-30")
    ),
    st.builds(
        f.ProfileAnswered,
        field=st.sampled_from(["push", "questions", "desk", "prompt_time"]),
        value=st.sampled_from(["0800", "open", "daily"]),
    ),
    st.builds(f.WalkLogged, minutes=st.integers(0, 600)),
    st.builds(f.StepsLogged, steps=st.integers(0, 90_000), day=st.sampled_from(["", "2026-11-20"])),
    st.builds(f.StepsKeyed, hash=st.sampled_from(["", "ab"])),
    st.builds(f.EasierNamed, what=st.just("walking")),
    st.builds(f.LanguageChosen, language=st.sampled_from(["de", "en"])),
)
BODY = st.one_of(
    st.builds(f.PainReported, when=st.sampled_from(["now", "before", "after", "morning"]), value=PAIN),
    st.builds(
        f.SessionStarted,
        gate=st.sampled_from(["normal", "reduced", "flare"]),
        items=st.just((("bruecke", 1, 1),)),
        before=PAIN,
    ),
    st.builds(
        f.ExerciseDone,
        exercise=st.sampled_from(["bruecke", "beckenkippen"]),
        level=st.just(1),
        dose_step=st.just(1),
        sets=st.just(2),
        done=st.integers(0, 2),
        effort=PAIN,
        more=st.none() | st.booleans(),
        peak=PAIN,
    ),
    st.builds(f.SessionEnded, finished=st.booleans()),
    st.builds(f.FlareSaid),
    st.builds(f.ListsDue),
    st.builds(f.PromptCame),
    st.builds(
        f.Screened,
        list=st.integers(1, 4),
        answers=st.lists(
            st.tuples(st.sampled_from(ITEMS), st.sampled_from(["yes", "no", "unsure", "known"])), max_size=4
        ).map(tuple),
    ),
    st.builds(f.Disposed, disposition=DISPOSITIONS, provisional=st.booleans()),
    st.builds(
        f.AlarmRaised,
        level=st.sampled_from(["urgent", "emergency", "crisis"]),
        category=st.just("other"),
        certainty=st.sampled_from(["sure", "ask"]),
        rule=st.just("r"),
    ),
    st.builds(f.PracticeSaid, said=st.sampled_from(["okay", "partly", "not_yet"])),
    st.builds(f.Vetoed, exercise=st.just("bruecke")),
)


def dated(facts: list[tuple[f.Fact, int]]) -> list[f.Dated]:
    """Times go forward; the local day may also go back, as it does for a traveller to the west."""
    start = datetime(2026, 11, 23, 9, tzinfo=UTC)
    return [
        f.Dated(fact=fact, at=start + timedelta(hours=6 * n), day=date(2026, 11, 23) + timedelta(days=n // 4 + shift))
        for n, (fact, shift) in enumerate(facts)
    ]


ANYTHING = st.lists(st.tuples(BODY | BESIDE, st.integers(-1, 1)), max_size=30).map(dated)


@lru_cache(maxsize=1)
def after_two_weeks() -> Room:
    room = list(lives(Room(), 14))[-1]
    room.passes(hours=20)
    return room


def planned(known: Known) -> object:
    """What a session holds; how it is worded and offered beside is not the dose."""
    room = after_two_weeks()
    member = replace(Member(), known=known, zone=room.member.zone, language="de")
    session = plan_session(member, Moment(room.now, ZoneInfo(room.member.zone)), room.kit)
    return session if isinstance(session, RestDay) else (session.planned, session.gate, session.gates, session.changes)


@given(st.lists(BESIDE, max_size=8))
@settings(max_examples=60, deadline=None)
def test_i14_rounds_cards_steps_and_settings_change_no_dose(facts: list[f.Fact]) -> None:
    room = after_two_weeks()
    here = [f.Dated(fact=fact, at=room.now - timedelta(hours=1), day=room.now.date()) for fact in facts]

    assert planned(remember_all(room.member.known, here)) == planned(room.member.known)


def test_i14_holds_of_a_day_that_holds_something() -> None:
    session = planned(after_two_weeks().member.known)

    assert isinstance(session, tuple)
    assert session[0]


@given(ANYTHING)
@settings(max_examples=150, deadline=None)
def test_i9_only_a_new_answer_takes_a_tag_away(facts: list[f.Dated]) -> None:
    given_tags = f.Dated(
        fact=f.TagsGiven(tags=("KN", "P20")), at=datetime(2026, 11, 22, tzinfo=UTC), day=date(2026, 11, 22)
    )

    known = remember_all(Known(), [given_tags, *facts])

    assert profile_of(known, the_kit().library, date(2026, 11, 23)).tags >= {"KN", "P20", "PG"}


@given(st.sampled_from([("rf_heart", "BP"), ("rf_walk", "ST"), ("rf_opfx", "OP"), ("rf_leg1", "SC")]), ANYTHING)
@settings(max_examples=150, deadline=None)
def test_i9_a_list_that_asks_for_what_is_new_takes_no_tag_away(line: tuple[str, str], facts: list[f.Dated]) -> None:
    item, tag = line
    told = f.Dated(
        fact=f.Screened(list=4, answers=((item, "known"),)),
        at=datetime(2026, 11, 22, tzinfo=UTC),
        day=date(2026, 11, 22),
    )

    known = remember_all(Known(), [told, *facts])

    assert tag in profile_of(known, the_kit().library, date(2026, 11, 23)).tags


@given(ANYTHING)
@settings(max_examples=150, deadline=None)
def test_i16_without_clearance_loads_that_wait_for_a_practice_stay_low(facts: list[f.Dated]) -> None:
    soft = f.Dated(
        fact=f.Disposed(disposition="doctor_soft"), at=datetime(2026, 11, 22, tzinfo=UTC), day=date(2026, 11, 22)
    )

    known = remember_all(Known(), [soft, *facts])

    assert gravity(Disposition(known.disposition or "go")) >= gravity(Disposition.DOCTOR_SOFT)


def test_i9_what_to_mind_asked_anew_takes_away_what_a_list_gave() -> None:
    at = datetime(2026, 11, 22, tzinfo=UTC)
    line = ("rf_leg1", "rf_heart")

    def tags(*facts: f.Fact) -> frozenset[str]:
        known = remember_all(Known(), [f.Dated(fact=fact, at=at, day=at.date()) for fact in facts])
        return profile_of(known, the_kit().library, date(2026, 11, 23)).tags

    there = f.Screened(list=4, answers=tuple((item, "known") for item in line))
    gone = f.Screened(list=4, answers=tuple((item, "no") for item in line))
    assert tags(there, gone) == {"SC", "BP"}
    assert tags(there, f.TagsGiven(tags=()), gone) == {"SC", "BP"}
    assert tags(there, gone, f.TagsGiven(tags=())) == {"BP"}  # nobody is asked about this one there


@given(st.sampled_from(["emergency", "urgent", "doctor_first", "crisis"]), ANYTHING)
@settings(max_examples=200, deadline=None)
def test_i16_without_clearance_a_lock_stays_and_is_never_milder(disposition: str, facts: list[f.Dated]) -> None:
    locked = f.Dated(
        fact=f.Disposed(disposition=disposition), at=datetime(2026, 11, 22, tzinfo=UTC), day=date(2026, 11, 22)
    )

    known = remember_all(Known(), [locked, *facts])

    assert known.lock is not None
    assert known.disposition is not None
    assert forbids_exercise(Disposition(known.disposition))
    assert gravity(Disposition(known.lock.disposition)) >= gravity(Disposition(disposition))


@given(ANYTHING)
@settings(max_examples=200, deadline=None)
def test_days_stand_in_order_and_once_however_somebody_travels(facts: list[f.Dated]) -> None:
    history = history_of(remember_all(Known(), facts), the_kit().library)
    days = [record.day for record in history.days]

    assert days == sorted(set(days))


@given(st.integers(6, 10), st.integers(0, 3), st.booleans())
def test_the_worse_of_two_sessions_a_day_counts(bad: int, good: int, bad_first: bool) -> None:  # noqa: FBT001  hypothesis gives it by position
    first, second = (bad, good) if bad_first else (good, bad)
    one = f.ExerciseDone(exercise="bruecke", level=1, dose_step=1, sets=2, done=2, effort=4, more=True)
    facts: list[f.Fact] = []
    for after in (first, second):
        facts += [
            f.SessionStarted(gate="normal", items=(("bruecke", 1, 1),), before=2),
            one,
            f.PainReported(when="after", value=after),
        ]
    at = datetime(2026, 11, 23, 9, tzinfo=UTC)

    known = remember_all(Known(), [f.Dated(fact=fact, at=at, day=at.date()) for fact in facts])
    (day,) = history_of(known, the_kit().library).days

    assert day.session is not None
    assert max(day.session.peak or 0, day.session.after or 0) == bad


@given(st.lists(st.sampled_from(sorted(the_kit().library.tags)), max_size=6, unique=True), ANYTHING)
@settings(max_examples=150, deadline=None)
def test_i9_what_comes_on_top_takes_no_tag_away(more: list[str], facts: list[f.Dated]) -> None:
    at = datetime(2026, 11, 22, tzinfo=UTC)
    told = f.Screened(list=3, answers=(("rf_leg1", "known"),))
    before = [f.Dated(fact=fact, at=at, day=at.date()) for fact in (f.TagsGiven(tags=("OP", "P20")), told)]
    new = f.Dated(fact=f.TagsGiven(tags=tuple(more), joins=True), at=at, day=at.date())

    known = remember_all(Known(), [*before, *facts, new, *facts])

    assert profile_of(known, the_kit().library, at.date()).tags >= {"OP", "P20", "PG", "SC", *more}
