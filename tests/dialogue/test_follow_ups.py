"""After a yes or unsure: locked in the same turn; what follows only lowers it, and silence decides after 10 minutes."""

from dataclasses import replace
from itertools import pairwise

import pytest

from bot.coach.disposition import gravity
from bot.dialogue.facts import Disposed, Screened
from bot.dialogue.flows.following import can_lower
from bot.dialogue.flows.lines import LATE, LATE_ITEM, Line, judge, written
from bot.dialogue.flows.screening import SCREENING, ScreeningStart
from bot.dialogue.history import is_screened
from bot.dialogue.questions import ListAnswer, Marked
from bot.dialogue.starts import page
from bot.dialogue.steps import Ask, Enter, Record
from bot.library.screening import Disposition
from tests.dialogue.room import Room, the_kit
from tests.exploration.explorer import explore, walk

TEXT_CHANNELS = ["console", "matrix", "telegram", "web"]


def at_list(number: int) -> Room:
    room = Room()
    room.says("/start")
    for token in ("yes", "none", "none", "18_44", "chronic", "none", "none")[: {1: 1, 2: 2, 3: 5, 4: 6}[number]]:
        room.taps(token, after_s=40)
    return room


def given(room: Room) -> list[str]:
    """The answers of the open run so far, as their tokens."""
    return [str(answer.value) for answer in room.member.open.answers] if room.member.open else []


def lock_of(room: Room) -> str | None:
    lock = room.member.known.lock
    return lock.disposition if lock else None


def test_a_yes_locks_before_the_line_is_named_and_says_whom_to_call() -> None:
    room = at_list(1)

    room.taps("some", after_s=40)

    assert lock_of(room) == "emergency"
    assert "".join(room.texts).startswith("**Ist das neu: 112.")


def test_list_three_names_the_doctor_on_call() -> None:
    room = at_list(3)

    room.taps("some", after_s=40)

    assert lock_of(room) == "urgent"
    assert "116117" in "".join(room.texts)


@pytest.mark.parametrize("since", ["new", "worse", "unknown"])
def test_only_long_and_unchanged_may_lower(since: str) -> None:
    room = at_list(1)
    room.taps("some", after_s=40)
    room.taps("+rf_saddle")
    room.taps("=")

    room.taps(since)

    assert lock_of(room) == "emergency"
    assert room.member.alarm is not None
    assert room.member.alarm.flow == "disposed"


@pytest.mark.parametrize(("knows", "locked"), [("yes", None), ("no", "emergency"), ("unsure", "emergency")])
def test_long_and_unchanged_asks_whether_a_doctor_knows(knows: str, locked: str | None) -> None:
    room = at_list(1)
    room.says("1", after_s=40)
    room.taps("same")

    room.taps(knows)

    assert lock_of(room) == locked


def test_what_a_doctor_knows_leads_on_at_caution_and_to_the_first_exercise_the_same_day() -> None:
    room = at_list(1)
    room.says("1", after_s=40)
    room.taps("same")
    room.taps("yes")
    for token in ("none", "18_44", "chronic", "none", "none", "=", "3"):
        room.taps(token, after_s=40)

    room.taps("go")

    assert room.member.known.disposition == "caution"
    assert is_screened(room.member.known, room.kit.library, room.now.date())
    assert room.member.open is not None
    assert room.member.open.flow == "session"


def test_both_answers_stay_in_the_journal() -> None:
    room = at_list(1)
    room.says("1", after_s=40)
    room.taps("same")
    room.taps("yes")

    answers = [dict(fact.answers)["rf_saddle"] for fact in room.known_facts(Screened)]
    assert answers == ["yes", "known"]


@pytest.mark.parametrize(
    ("taps", "locked"),
    [
        (("days",), "emergency"),
        (("unknown",), "emergency"),
        (("weeks", "yes"), "emergency"),
        (("weeks", "unsure"), "emergency"),
        (("weeks", "no"), "urgent"),
        (("longer",), None),
    ],
)
def test_an_accident_is_judged_by_its_age_and_strength(taps: tuple[str, ...], locked: str | None) -> None:
    room = at_list(2)
    room.says("1", after_s=40)

    for token in taps:
        room.taps(token)

    assert lock_of(room) == locked


def test_cancer_that_was_looked_at_is_caution() -> None:
    room = at_list(4)
    room.says("1", after_s=40)
    was = lock_of(room)

    room.taps("yes")

    assert was == "doctor_first"
    assert lock_of(room) is None


@pytest.mark.parametrize("answered", [(), ("+rf_saddle", "=")])
def test_after_ten_minutes_without_an_answer_the_yes_counts(answered: tuple[str, ...]) -> None:
    room = at_list(1)
    room.taps("some", after_s=40)
    for token in answered:
        room.taps(token)

    room.until_due("undecided")

    lock = room.member.known.lock
    assert lock is not None
    assert (lock.disposition, lock.provisional) == ("emergency", False)
    assert room.member.known.consents
    assert "112" in room.texts[0]


def test_a_no_faster_than_reading_is_asked_line_by_line_and_its_first_yes_locks() -> None:
    room = at_list(1)
    room.taps("none", after_s=2)
    room.taps("no")
    unlocked = lock_of(room)

    room.taps("yes")

    assert unlocked is None
    assert lock_of(room) == "emergency"


@pytest.mark.parametrize("typed", ["0", "1", "2", "12", "3.", "1 und 2", "9"])
@pytest.mark.parametrize("channel", TEXT_CHANNELS)
def test_a_digit_at_a_single_safety_line_is_no_answer(typed: str, channel: str) -> None:
    room = at_list(1)
    room.channel = channel
    room.taps("none", after_s=2)
    before = len(room.member.open.answers) if room.member.open else 0

    room.says(typed)

    assert room.member.open is not None
    assert len(room.member.open.answers) == before


@pytest.mark.parametrize("channel", TEXT_CHANNELS)
@pytest.mark.parametrize("typed", ["1", "2", "5", "1 3"])
def test_a_digit_at_a_list_means_the_line_applies(typed: str, channel: str) -> None:
    room = at_list(1)
    room.channel = channel

    room.says(typed, after_s=40)

    assert lock_of(room) in {"emergency", "urgent"}


@pytest.mark.parametrize("channel", TEXT_CHANNELS)
@pytest.mark.parametrize("number", [1, 2, 3, 4])
@pytest.mark.parametrize(
    "typed", ["1", "5", "6", "7", "8", "9", "10", "99", "1️⃣", "eins", "0 1", "00", "1.", "(2)", "-1", "1/10"]
)
def test_no_number_but_zero_clears_a_list_on_any_channel(typed: str, number: int, channel: str) -> None:
    room = at_list(number)
    room.channel = channel
    before = given(room)

    room.says(typed, after_s=40)

    assert lock_of(room) is not None or given(room) == before or "some" in given(room)[-1], room.texts


def test_follow_ups_never_raise() -> None:
    for path in explore(SCREENING):
        decided: list[Disposed] = [
            step.fact for step in path.steps if isinstance(step, Record) and isinstance(step.fact, Disposed)
        ]
        for earlier, later in pairwise(decided):
            is_sure_now = any(each in str(path) for each in ("line/", "clear/"))  # a clearer question was said yes to
            if earlier.provisional and not later.provisional and not is_sure_now:
                assert gravity(Disposition(later.disposition)) <= gravity(Disposition(earlier.disposition)), str(path)


def test_every_line_of_the_content_leads_where_the_content_says() -> None:
    screening = the_kit().library.screening
    for number in (1, 2, 3, 4):
        for line in page(the_kit(), number).lines:
            item = screening.get_item(line.item)
            for given, leads in (("yes", item.yes), ("unsure", item.unsure), ("known", item.known)):
                assert judge((line,), {line.item: given}).disposition == leads.value


def test_a_late_accident_is_written_as_its_own_line() -> None:
    line = Line(item="rf_trauma", yes="emergency", unsure="urgent", known="caution", late="urgent", follow="accident")

    assert written((line,), {"rf_trauma": LATE}) == (("rf_trauma", "known"), (LATE_ITEM, "yes"))
    assert judge((line,), {"rf_trauma": LATE}).disposition == "urgent"


def test_only_the_newest_question_of_an_alarm_can_be_tapped() -> None:
    """Each is a message of its own; the ones before lose their buttons, so that nobody taps an old no."""
    room = Room()
    room.says("/start")
    for token in ("yes", "none", "none", "45_59", "chronic", "none", "some", "+rf_cancer"):
        room.taps(token, after_s=60)

    def can_be_tapped(number: int) -> bool:
        return any("." in button.data for row in room.visible[number].buttons for button in row)

    assert [number for number in room.order if can_be_tapped(number)] == room.order[-1:]


UNCLEAR = [item.id for item in the_kit().library.screening.items if item.clarifies]


def test_every_unsure_that_weighs_less_is_asked_about_once_more() -> None:
    """Clinical rules 2.2: on lists 3 and 4 by a question of its own, or by one that may lower it."""
    for item in the_kit().library.screening.items:
        if item.list not in {3, 4} or gravity(item.unsure) >= gravity(item.yes):
            continue
        line = next(line for line in page(the_kit(), item.list).lines if line.item == item.id)
        assert line.clarify != can_lower(line, {item.id: "unsure"}), item.id
    assert len(UNCLEAR) == 10


@pytest.mark.parametrize("item", UNCLEAR)
@pytest.mark.parametrize("answer", ["yes", "no", "unsure"])
def test_the_clearer_words_decide(item: str, answer: str) -> None:
    content = the_kit().library.screening.get_item(item)
    full = page(the_kit(), 4)
    only = replace(full, lines=tuple(line for line in full.lines if line.item == item), of=1)
    asked: list[str] = []

    def choose(_: int, fork: Ask | Enter) -> object:
        assert isinstance(fork, Ask)
        asked.append(fork.question.id)
        if fork.question.id == "list-4":
            return ListAnswer(Marked.UNSURE, (item,))
        return fork.question.accept({"clear": answer, "checked": "no", "meant-4": "right"}[asked[-1].partition("/")[0]])

    ended = walk(SCREENING, ScreeningStart(pages=(only,)), choose).result

    leads = {"yes": content.yes, "unsure": content.unsure, "no": Disposition.GO}[answer]
    assert f"clear/{item}" in asked
    assert ended.disposition == leads.value


def test_unsure_about_the_heart_trains_only_after_the_question() -> None:
    room = at_list(4)
    for token in ("unsure", "+rf_heart", "="):
        room.taps(token, after_s=40)
    assert given(room)[-1] == "['rf_heart']"
    assert "abgeraten" in room.texts[-1]

    room.taps("yes", after_s=40)

    assert lock_of(room) == "doctor_first"


@pytest.mark.parametrize("typed", ["heute", "seit gestern", "neu", "wird schlimmer", "keine Ahnung", "today", "worse"])
def test_everyday_words_answer_since_when_where_they_lower_nothing(typed: str) -> None:
    room = Room(channel="matrix")
    room.first_day()
    room.says("/neu", after_s=60)
    room.says("2", after_s=60)
    room.says(typed)

    assert room.member.known.lock is not None
    assert not room.member.known.lock.provisional
    assert room.member.known.lock.disposition == "emergency"


@pytest.mark.parametrize("typed", ["gleich", "schon lange", "lange", "nein", "same"])
def test_only_the_whole_answer_lowers(typed: str) -> None:
    room = Room(channel="matrix")
    room.first_day()
    room.says("/neu", after_s=60)
    room.says("2", after_s=60)
    room.says(typed)

    assert room.member.known.lock is not None
    assert room.member.known.lock.provisional
