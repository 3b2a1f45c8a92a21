"""What was too much even in its smallest form is replaced by what the content names; the deadlift asks first."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from bot.dialogue.facts import ROTATE, START, SWAP, Decided
from bot.dialogue.history import in_turn
from bot.dialogue.member import Placed
from bot.dialogue.moment import Moment
from bot.dialogue.planning import choices_now
from tests.dialogue.living import waiting
from tests.dialogue.month import Month
from tests.dialogue.room import Room
from tests.dialogue.test_choosing import after, roomy

FULL = (
    *("beckenkippen", "katze-kuh", "vierfuessler", "kaefer"),
    *("kniebeuge", "muschel", "exzentrik-hinsetzen", "bauchatmung"),
)


def with_programme(room: Room, *placed: tuple[str, int]) -> Room:
    today = room.now.date().isoformat()
    programme = tuple(Placed(exercise=name, level=level, dose_step=1, sets=1, since=today) for name, level in placed)
    room.member = replace(room.member, known=replace(room.member.known, programme=programme))
    return room


def stabs(question: str, tokens: set[str]) -> str | None:
    """The squat stabs, the rest goes well."""
    if question == "went/kniebeuge":
        return "hurt"
    if "stabbing" in tokens:
        return "stabbing"
    return "on" if "on" in tokens else roomy(question, tokens)


def test_a_squat_that_stabs_in_its_smallest_form_is_replaced_by_the_bridge() -> None:
    room = with_programme(after(22), *((name, 1) for name in FULL))
    cards: list[str] = []

    def hears(question: str, tokens: set[str]) -> str | None:
        cards.extend(room.texts)
        return stabs(question, tokens)

    month = Month(room, answer=hears)
    while not any(fact.rule == SWAP for fact in room.known_facts(Decided)):
        month.lives(1)

    swap = next(fact for fact in room.known_facts(Decided) if fact.rule == SWAP)
    assert (swap.exercise, swap.change) == ("kniebeuge", ROTATE)
    told = [card for card in cards if "ruht jetzt einige Wochen" in card]
    assert told
    assert not any("Kniebeuge ruht heute" in card for card in told)
    Month(room, answer=roomy).lives(8)
    joined = [fact for fact in room.known_facts(Decided) if fact.change == START and fact.exercise == "bruecke"]
    assert joined[-1].level == 1
    assert "bruecke" in in_turn(room.member.known)
    assert "kniebeuge" not in in_turn(room.member.known)


@pytest.mark.parametrize(("answer", "comes"), [("yes", True), ("no", False)])
def test_the_deadlift_asks_first_whether_somebody_has_shown_it(answer: str, *, comes: bool) -> None:
    room = after(24)
    known = room.member.known
    room.member = replace(
        room.member, known=replace(known, about=replace(known.about, equipment=("backpack",), likes=("strengthen",)))
    )
    with_programme(room, *((name, 1) for name in FULL[:4]), ("hueftbeuge", 3), ("rueckenstrecker", 3))

    def allowed() -> set[str]:
        now = Moment(room.now, ZoneInfo(room.member.zone))
        return {item.exercise for item in choices_now(room.member, now, room.kit).items}

    assert "kreuzheben" not in allowed()
    month = Month(room, answer=lambda question, tokens: answer if question == "shown" else roomy(question, tokens))
    while not any(question == "shown" for _, question in month.asked):
        month.lives(1)

    assert room.member.known.about.shown == answer
    assert ("kreuzheben" in allowed() | set(in_turn(room.member.known))) is comes
    Month(room, answer=roomy).lives(3)
    assert comes or "kreuzheben" not in in_turn(room.member.known)


def test_where_everything_was_too_much_something_gentle_begins_again() -> None:
    """Otherwise there would be no session that could go well, and so no exercise ever again."""
    room = Room()
    room.first_day()
    known, today = room.member.known, room.now.date().isoformat()
    rests = tuple(replace(each, rests=today, rested_by=SWAP) for each in known.programme)
    bad = replace(known.sessions[-1], after=7)
    room.member = replace(room.member, known=replace(known, programme=rests, sessions=(*known.sessions[:-1], bad)))
    room.passes(days=10)
    room.says("/heute")
    room.taps("go")

    if room.is_offered("3"):
        room.taps("3")
    question = waiting(room)
    assert question is not None
    begun = question.id.removeprefix("went/")
    assert begun not in {each.exercise for each in rests}
    assert room.kit.library.exercises[begun].load in {0, 1}
