"""What comes after weeks: advice behind the exercises, a postcard of own numbers, measuring instead, small days."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bot.coach.cards import next_card
from bot.coach.records import DayRecord
from bot.coach.today import Day, exercise_count
from bot.dialogue.advising import BESIDE
from bot.dialogue.facts import Dated, Fact, MoodAnswered, PortionAsked, ProfileAnswered
from bot.dialogue.history import day_of, history_of, profile_of
from bot.dialogue.learning import reader_of
from bot.dialogue.member import Known, Mark, Week
from bot.dialogue.memory import remember_all
from bot.dialogue.moment import Moment
from bot.dialogue.turn import Draft
from bot.library.card import Topic
from tests.dialogue.living import portions, tokens, trains
from tests.dialogue.room import MONDAY, Room, the_kit

UTC = ZoneInfo("UTC")


def lived(days: int) -> Room:
    room = Room()
    room.first_day()
    for _ in range(days):
        trains(room)
        list(portions(room))
    return room


@pytest.fixture(scope="module")
def two_weeks() -> Room:
    return lived(12)


def after(room: Room, **known: object) -> Room:
    """The same life from here on, with something else known."""
    changed = replace(room.member.known, **known)  # type: ignore[arg-type]  # mixed fields
    other = replace(
        room, member=replace(room.member, known=changed), visible=dict(room.visible), order=list(room.order)
    )
    other.appointments, other.facts = dict(room.appointments), []
    return other


def test_a_flare_up_of_more_than_a_week_is_answered_with_a_practice(two_weeks: Room) -> None:
    today = two_weeks.now.date()
    marks = tuple(Mark(day=(today - timedelta(days=ago)).isoformat(), what="flare") for ago in range(9, 0, -1))
    room = after(two_weeks, marks=(*two_weeks.member.known.marks, *marks))
    room.says("/schub", after_s=3600)
    for token in ("none", "none", "none", "steps"):
        room.taps(token, after_s=60)

    assert any("dauert schon über eine Woche" in message for message in room.texts)
    assert room.member.known.portions[-1][0] == BESIDE + "flare-lasts"


def test_advice_comes_behind_the_exercises_and_not_again_the_next_day(two_weeks: Room) -> None:
    calm = tuple((monday, 2 * count, count) for monday, _, count in two_weeks.member.known.pain_weeks)
    first = MONDAY.date()
    weeks = tuple(((first - timedelta(weeks=ago)).isoformat(), 4, 4) for ago in range(6, 0, -1))
    known = two_weeks.member.known
    pains = tuple(replace(pain, value=1) for pain in known.pains)
    memos = tuple(replace(memo, before=1, after=1) for memo in known.sessions)
    room = after(two_weeks, pain_weeks=(*weeks, *calm), pains=pains, sessions=memos)
    told: list[bool] = []
    for _ in range(2):
        trains(room, morning="1", after="1")
        told.append(any("Seit vier Wochen ist es ruhig" in message for message in room.texts))
        list(portions(room))

    assert told == [True, False]
    assert [fact.portion for fact in room.known_facts(PortionAsked) if fact.portion.startswith(BESIDE)] == [
        "beside-maintenance"
    ]


@pytest.mark.parametrize(("answer", "days"), [("fewer", 2), ("same", 7)])
def test_calm_weeks_bring_an_offer_of_fewer_days_that_is_acted_on(two_weeks: Room, answer: str, days: int) -> None:
    """Taken, the prompts come on two days a week, and it is not offered again."""
    room = calm(two_weeks, days_per_week=7)
    trains(room, morning="1", after="1")
    room.taps(answer)

    assert room.member.known.about.days_per_week == days
    came = [prompted_on(room) for _ in range(5)]
    gaps = [(later - earlier).days for earlier, later in pairwise(came)]
    assert (max(gaps) >= 3) is (answer == "fewer")
    assert (min(gaps) >= 3) is (answer == "fewer")


def test_who_keeps_it_with_two_days_is_looked_after_as_before(two_weeks: Room) -> None:
    """The check of Sundays and the full screen of every fourth week go on, however few days are left."""
    room = calm(two_weeks, days_per_week=7)
    trains(room, morning="1", after="1")
    room.taps("fewer")
    screened, opened = room.member.known.screened_fully, list[str]()
    for _ in range(12):
        kind = min((booked.due, key[0]) for key, booked in room.appointments.items() if key[0] in {"prompt", "week"})[1]
        room.until_due(kind)
        opened.append(room.member.open.flow if room.member.open else "")
        room.says("danke", after_s=3600)

    assert opened.count("week") >= 2
    assert "lists" in opened
    assert (room.now.date() - date.fromisoformat(screened or "")).days >= 28


def prompted_on(room: Room) -> date:
    room.until_due("prompt")
    room.says("danke", after_s=3600)  # nobody falls silent
    return room.now.date()


def calm(room: Room, *, days_per_week: int) -> Room:
    """Four weeks with little pain."""
    known = room.member.known
    weeks = tuple((monday, count, count) for monday, _, count in known.pain_weeks)
    earlier = tuple(((MONDAY.date() - timedelta(weeks=ago)).isoformat(), 4, 4) for ago in range(6, 0, -1))
    pains = tuple(replace(pain, value=1) for pain in known.pains)
    memos = tuple(replace(memo, before=1, after=1) for memo in known.sessions)
    about = replace(known.about, days_per_week=days_per_week)
    return after(room, about=about, pain_weeks=(*earlier, *weeks), pains=pains, sessions=memos)


def test_around_the_fourth_week_a_postcard_of_five_sentences_comes_once(two_weeks: Room) -> None:
    since = (two_weeks.now.date() - timedelta(days=30)).isoformat()
    about = replace(two_weeks.member.known.about, name="Kim", own="#garden", own_now=4)
    weeks = (Week(day=since, pain=3, own=4), Week(day=two_weeks.now.date().isoformat(), pain=3, own=6))
    room = after(two_weeks, since=since, about=about, weeks=weeks)
    cards = []
    for _ in range(3):
        trains(room)
        cards += [message for message in room.texts if "Postkarte" in message]
        list(portions(room))

    (card,) = cards
    assert card.startswith("**Eine Postkarte für dich**\nKim, seit 4 Wochen")
    assert len(card.split("\n")) == 6
    assert "ging am Anfang mit 4 von 10, zuletzt mit 6" in card


def test_on_a_normal_day_of_the_fourth_week_measuring_is_offered_instead(two_weeks: Room) -> None:
    few = two_weeks.member.known.sessions[-3:]  # or the week's minutes would leave today no room
    room = after(two_weeks, since=(two_weeks.now.date() - timedelta(days=25)).isoformat(), sessions=few)
    room.until_due("prompt")
    room.taps("3")
    assert "/test" in tokens(room)

    early = after(two_weeks)
    early.until_due("prompt")
    early.taps("3")
    assert "/test" not in tokens(early)


@pytest.mark.parametrize(
    ("said", "count"),
    [({}, 5), ({"confidence": "3"}, 2), ({"confidence": "4"}, 5), ({"sleep": "1"}, 5)],
)
def test_little_confidence_makes_small_days(said: dict[str, str], count: int) -> None:
    facts = [
        ProfileAnswered(field="minutes", value="30"),
        *(ProfileAnswered(field=f, value=v) for f, v in said.items()),
    ]
    known = remember_all(Known(), [Dated(fact=fact, at=MONDAY, day=MONDAY.date()) for fact in facts])

    assert exercise_count(_third_week(known)) == count


@pytest.mark.parametrize(("interest", "low", "count"), [(1, 1, 5), (2, 1, 2), (3, 3, 2)])
def test_a_low_mood_makes_small_days_and_brings_its_cards(interest: int, low: int, count: int) -> None:
    facts: list[Fact] = [ProfileAnswered(field="minutes", value="30"), MoodAnswered(interest=interest, low=low)]
    known = remember_all(Known(), [Dated(fact=fact, at=MONDAY, day=MONDAY.date()) for fact in facts])
    withdrawn = ProfileAnswered(field="mood", value="no")

    assert exercise_count(_third_week(known)) == count
    assert Topic.MOOD in _topics(known)
    assert remember_all(known, [Dated(fact=withdrawn, at=MONDAY, day=MONDAY.date())]).mood is None


def _third_week(known: Known) -> Day:
    library = the_kit().library
    return Day(
        day=20,
        history=history_of(known, library),
        profile=profile_of(replace(known, episode="chronic"), library, MONDAY.date()),
        library=library,
        since=1,
    )


def _topics(known: Known) -> frozenset[Topic]:
    room = Room()
    draft = Draft(
        member=replace(room.member, known=known),
        moment=Moment(MONDAY, UTC),
        kit=room.kit,
        channel="web",
        next_id=1,
    )
    return reader_of(draft).topics


def test_bad_sleep_and_a_desk_bring_their_cards_first() -> None:
    facts = [ProfileAnswered(field="sleep", value="2"), ProfileAnswered(field="work", value="sitting")]
    known = remember_all(Known(), [Dated(fact=fact, at=MONDAY, day=MONDAY.date()) for fact in facts])

    assert _topics(known) >= {Topic.SLEEP, Topic.DESK}
    assert Topic.MOOD not in _topics(known)
    assert history_of(known, the_kit().library).slept == (MONDAY.date().toordinal(), 2)
    assert day_of(known, MONDAY.date().isoformat(), the_kit().library) == DayRecord(
        day=MONDAY.date().toordinal(), sleep=2
    )


def test_the_month_asks_for_sleep_confidence_and_fear_again() -> None:
    room = lived(12)
    first = (room.now.date() - timedelta(days=40)).isoformat()
    asked = tuple((name, first, times) for name, _, times in room.member.known.portions)
    postcard = (BESIDE + "postcard", room.now.date().isoformat(), 1)
    few = room.member.known.sessions[-3:]  # or the week's minutes would leave today no room
    room = after(room, since=first, portions=(*asked, postcard), sessions=few)
    found: list[str] = []
    for _ in range(7):
        trains(room)
        found += portions(room)

    assert {"fear", "sleep", "confidence", "mood-consent"} <= set(found)


def test_the_next_card_is_one_for_whom_it_concerns() -> None:
    room = lived(2)
    first = tuple((card.id, "2026-11-20") for card in room.kit.library.cards[:10])
    draft = Draft(
        member=replace(
            room.member,
            known=replace(room.member.known, cards=first, about=replace(room.member.known.about, work="sitting")),
        ),
        moment=Moment(room.now, UTC),
        kit=room.kit,
        channel="web",
        next_id=1,
    )
    card = next_card(reader_of(draft), room.now.date(), room.kit.library)

    assert card is not None
    assert Topic.DESK in card.topics
