"""Moving together as a member meets it: set up, codes, counting, leaving, the week's picture."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.channels.joining import leading
from bot.channels.telegram.links import linked
from bot.coach.challenge import Plan, score
from bot.dialogue import rounds as words
from bot.dialogue.doors import NO_DOORS, Doors
from bot.dialogue.events import RoundNews, Tapped
from bot.dialogue.facts_rounds import RoundJoining, RoundMoved, RoundParted, RoundSeen, RoundWished
from bot.dialogue.messages import Kind, Picture
from bot.dialogue.moment import Moment
from bot.dialogue.round_pictures import join_picture, way_picture
from bot.dialogue.rounding import may_meet
from bot.dialogue.rounds import RoundTap, RoundView, read_invite, read_round_tap, tap_data
from bot.dialogue.turn import Draft
from bot.library.catalog import LANGUAGES
from tests.dialogue.room import Room, the_kit

MONDAY = date(2026, 11, 23)
PLAN = Plan(begins=MONDAY, weeks=2, goal=30)
ALL_DOORS = Doors(telegram="the_bot", matrix="@coach:example.org", web="https://coach.example.org")
SEEN = RoundSeen(
    round=7,
    name="team",
    code="CODE",
    begins=MONDAY.isoformat(),
    weeks=2,
    goal=30,
    zone="Europe/Berlin",
    takes_part=True,
)


def view(today: date = MONDAY, *, people: int = 5, taps: int = 3, names: tuple[str, ...] = ()) -> RoundView:
    rules = the_kit().library.thresholds.challenge
    reached = score(PLAN, {MONDAY: taps}, {}, people=people, movers=people, today=today, rules=rules)
    week = PLAN.week_of(today)
    return RoundView(id=4711, name="team", plan=PLAN, score=reached, today=today, week=week, names=names)


@pytest.mark.parametrize(
    "data",
    [
        "",
        "g.",
        "g.zz",
        "g..261124",
        "g.!!.261124",
        "g.1.269999",
        "h.1.²61124",
        "g.0.261124",
        "x.1.261124",
        "g.1." + "9" * 40,
    ],
)
def test_forged_taps_are_nothing(data: str) -> None:
    assert read_round_tap(data) is None


@pytest.mark.parametrize("data", ["", "k.", "k.CODE 1", "k.CÖDE", "k." + "A" * 41, "g.1.261124", "CODE"])
def test_forged_invitations_are_nothing(data: str) -> None:
    assert read_invite(data) is None


def test_a_button_says_what_it_counts_for_in_64_bytes() -> None:
    number = (1 << 63) - 1
    for what in Tapped:
        data = tap_data(number, MONDAY, what)

        assert read_round_tap(data) == RoundTap(number, MONDAY, what)
        assert len(data.encode()) <= 64


TUESDAY = MONDAY + timedelta(days=1)
AFTERWARDS = "2026-12-07T09:00"


@pytest.mark.parametrize(
    ("what", "day", "received", "waited_h", "counts"),
    [
        (Tapped.MOVED, MONDAY, "2026-11-24T02:59", 0, True),
        (Tapped.MOVED, MONDAY, "2026-11-24T03:00", 0, False),
        (Tapped.MOVED, MONDAY, "2026-11-24T09:00", 6, False),  # made at three at the earliest
        (Tapped.MOVED, MONDAY, "2026-11-24T09:00", 7, True),  # it may have been made at two, while the coach was away
        (Tapped.UNDO, MONDAY, "2026-11-24T09:00", 7, True),
        (Tapped.MOVED, TUESDAY, "2026-11-24T09:00", 7, True),
        (Tapped.MOVED, TUESDAY, "2026-11-23T22:00", 24, False),  # nobody moves tomorrow
        (Tapped.MOVED, MONDAY - timedelta(days=1), "2026-11-23T09:00", 24, False),  # before the round
        (Tapped.MOVED, PLAN.last_day, AFTERWARDS, 24, True),
        (Tapped.LEAVE, MONDAY, "2026-11-24T09:00", 0, True),
        (Tapped.JOIN, PLAN.last_day, AFTERWARDS, 24, False),
    ],
)
def test_a_tap_counts_for_its_day_if_it_can_have_been_made_in_time(
    what: Tapped, day: date, received: str, waited_h: int, *, counts: bool
) -> None:
    now = datetime.fromisoformat(received).replace(tzinfo=ZoneInfo("Europe/Berlin"))
    rules = the_kit().library.thresholds.challenge

    found = words.counts_now(
        RoundTap(4711, day, what), now, "Europe/Berlin", PLAN, rules, waited=timedelta(hours=waited_h)
    )

    assert found is counts


def test_a_code_that_comes_before_the_first_answers_is_remembered() -> None:
    room = Room()
    room.says("/start g_JKLMN23456")
    room.taps("Auch mit Coach üben")
    for token in ("yes", "none", "none", "18_44", "chronic", "none", "none", "=", "3"):
        room.taps(token, after_s=40)
    room.taps("go")
    room.trains()
    for token in ("2", "0800", "right", "coffee"):
        room.taps(token)

    assert "Ja, von selbst" in room.labels
    room.taps("yes")
    assert "Ja, mein Rufname" not in room.labels  # nobody has told one
    room.taps("typed")
    room.says("<b>Kim</b>")
    assert not room.known_facts(RoundJoining)
    room.says("Kim")
    assert room.known_facts(RoundJoining) == [RoundJoining(code="JKLMN23456", shares=True, shown="Kim")]


def test_a_round_is_set_up_in_private_and_its_codes_come_back() -> None:
    room = Room()
    room.first_day()
    room.says("/gruppe")
    for token in ("team", "2", "42", "2026-11-30", "yes", "none"):
        room.taps(token)
    assert not room.known_facts(RoundWished)  # nobody hears of it before all of it was seen
    assert "ab 30. Nov." in room.texts[0]
    room.taps("start")
    (wished,) = room.known_facts(RoundWished)
    assert (wished.name, wished.weeks, wished.goal, wished.begins) == ("team", 2, 42, "2026-11-30")

    room.happens(
        RoundNews(what="made", round=7, name="team", code="CODE", room_code="ROOM", begins="2026-11-30", weeks=2)
    )
    assert "/start g_CODE" in room.texts[0]
    assert "/start r_ROOM" in room.texts[0]
    assert way_in(room) == ("/start g_CODE", "/start")

    room.rounds = (replace(SEEN, begins="2026-11-30", room_code="ROOM", starts=True),)
    room.says("/gruppe")
    assert "Beenden" in room.labels
    assert "Heute bewegt" not in room.labels  # it has not begun
    room.taps("nothing")
    room.rounds = (SEEN,)
    room.says("/gruppe")
    room.taps("moved")
    assert not any("Zählt" in text for text in room.texts)  # that, the store says
    assert [f.round for f in room.known_facts(RoundMoved)] == [7]


def way_in(room: Room) -> tuple[str, str]:
    """What the square code says, and how the code is typed."""
    assert room.last is not None
    picture = room.last.messages[0].picture
    assert picture is not None
    assert "g_CODE" in picture.alt
    values = json.loads(picture.own)
    return values["link"], values["code_label"].rsplit(" ", 1)[1]


def test_the_code_to_pass_on_leads_where_a_channel_can_be_joined() -> None:
    made = join_picture("team", "g_CODE1", the_kit().catalogs["de"], ALL_DOORS)
    here = leading(made, lambda words: linked(words, "the_bot"))
    there = leading(made, lambda _: "https://matrix.to/#/@coach:example.org", typed="!start")

    shown = [json.loads(each.own) for each in (here, there, made)]
    assert [(values["link"], values["code_label"]) for values in shown] == [
        ("https://t.me/the_bot?start=g_CODE1", "Oder tippen: /start"),
        ("https://matrix.to/#/@coach:example.org", "Dann tippen: !start"),
        ("https://coach.example.org", "Dann tippen: /start"),  # in the web chat
    ]
    assert leading(Picture(figure="bruecke"), str.upper) == Picture(figure="bruecke")


@pytest.mark.parametrize(
    ("doors", "told"),
    [
        (NO_DOORS, ["/start g_CODE"]),
        (Doors(telegram="the_bot"), ["/start g_CODE"]),  # of which Telegram makes the link
        (
            Doors(matrix="@coach:example.org"),
            ["Matrix: https://matrix.to/#/@coach:example.org, {there}: !start g_CODE"],
        ),
        (
            ALL_DOORS,
            [
                "Telegram: https://t.me/the_bot?start=g_CODE",
                "Matrix: https://matrix.to/#/@coach:example.org, {there}: !start g_CODE",
                "Browser: https://coach.example.org, {there}: /start g_CODE",
            ],
        ),
    ],
)
@pytest.mark.parametrize(("language", "there"), [("de", "dort schreiben"), ("en", "write there")])
def test_a_code_is_passed_on_with_every_way_there_is(doors: Doors, told: list[str], language: str, there: str) -> None:
    """To the starter who has just made it, and to whoever asks for it later."""
    operator = replace(the_kit().operator, doors=doors)
    room = Room(language=language, kit=replace(the_kit(), operator=operator))
    room.first_day()
    ways = [line.format(there=there) for line in told]
    room.happens(
        RoundNews(what="made", round=7, name="team", code="CODE", room_code="ROOM", begins="2026-11-23", weeks=2)
    )
    assert room.texts[0].split("\n")[2:-3] == ways

    for seen in (SEEN, replace(SEEN, room_code="ROOM", starts=True)):
        room.rounds = (seen,)
        room.says("/gruppe")
        room.taps("share")
        lines = room.texts[0].split("\n")
        assert lines[1 : 1 + len(ways)] == ways
        assert ("/start r_ROOM" in lines) is seen.starts


def test_no_groups_under_a_lock_and_for_two_weeks_after_a_crisis() -> None:
    room = Room()
    room.first_day()
    room.says("Ich will nicht mehr leben.")

    room.says("/gruppe")

    assert Kind.CHALLENGE not in room.kinds
    assert Kind.EMERGENCY in room.kinds
    assert not may_meet_after(room, days=13)
    assert may_meet_after(room, days=14)


def may_meet_after(room: Room, *, days: int) -> bool:
    member = replace(room.member, known=replace(room.member.known, lock=None, disposition="caution"))
    moment = Moment(room.now + timedelta(days=days), ZoneInfo(member.zone))
    return may_meet(Draft(member=member, moment=moment, kit=room.kit, channel="web", next_id=1))


def test_no_knowledge_cards_for_two_weeks_after_a_crisis() -> None:
    room = Room()
    room.first_day()
    room.says("Ich will nicht mehr leben.")
    room.member = replace(room.member, alarm=None, known=replace(room.member.known, lock=None, disposition="caution"))

    room.says("/wissen")
    assert room.texts == ["Für heute war das alles. Morgen gibt es mehr."]

    room.passes(days=15)
    room.says("/wissen")
    assert Kind.CARD in room.kinds


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_weeks_picture_shows_sums_from_four_people_on_and_nobody(language: str) -> None:
    catalog = the_kit().catalogs[language]
    assert way_picture(view(people=3), 1, catalog) is None

    drawn = way_picture(view(names=("Kim", "Mo")), 1, catalog)
    assert drawn is not None
    values = json.loads(drawn.own)
    assert (values["total"], values["weeks_over"], values["reached"]) == ("3", 1, 0.1)
    assert "30" in drawn.alt
    assert len(drawn.alt) <= 200
    assert "Kim" not in drawn.own + drawn.alt


def test_more_than_the_goal_is_the_whole_way() -> None:
    drawn = way_picture(view(taps=99), 2, the_kit().catalogs["de"])
    assert drawn is not None
    assert json.loads(drawn.own)["reached"] == 1.0


def test_leaving_is_one_tap() -> None:
    room = Room()
    room.first_day()
    room.rounds = (SEEN,)
    room.says("/gruppe")
    room.taps("leave")

    assert room.known_facts(RoundParted) == [RoundParted(round=7, ends=False)]
    assert "auf keiner Liste" in room.texts[-1]


def test_the_name_to_be_called_may_stand_on_the_card() -> None:
    room = Room()
    room.first_day()
    about = replace(room.member.known.about, name="Mo")
    room.member = replace(room.member, known=replace(room.member.known, about=about))
    room.says("/start g_JKLMN23456")
    room.taps("no")
    room.taps("called")

    assert room.known_facts(RoundJoining) == [RoundJoining(code="JKLMN23456", shares=False, shown="Mo")]


def test_a_groups_code_in_private_says_where_it_belongs() -> None:
    room = Room()
    room.first_day()
    room.says("/start r_JKLMN23456")

    assert "gehört in eure Gruppe" in room.texts[0]
    assert not room.known_facts(RoundJoining)


@pytest.mark.parametrize(("language", "told"), [("de", "alle sehen es"), ("en", "everyone sees it")])
@pytest.mark.parametrize("begins", [date(2026, 11, 23), date(2026, 12, 7)])
def test_whatever_can_be_reacted_to_in_a_room_says_first_who_sees_it(language: str, told: str, begins: date) -> None:
    """So nobody's reaction counts before they were told, whether they have joined in private or not."""
    shown = replace(view(), plan=replace(view().plan, begins=begins))
    text, buttons = words.card(shown, the_kit().catalogs[language], words.Showing.OPEN)
    assert all(button.key for row in buttons for button in row)
    assert told in text
    assert "18" in text


@pytest.mark.parametrize(("channel", "told"), [("matrix", True), ("telegram", False)])
def test_who_sees_a_reaction_is_said_at_joining_and_at_starting(channel: str, *, told: bool) -> None:
    seen = "Gruppenraum auf die Karte, sehen das alle"
    guest = Room(channel=channel)
    guest.says("/start g_CODE")
    assert (seen in guest.texts[0]) is told
    starter = Room(channel=channel)
    starter.first_day()
    starter.says("/start g_CODE")
    assert any("auf die Karte, sehen das alle" in text for text in starter.texts) is told
    starter.happens(RoundNews(what="made", round=7, name="team", code="C", room_code="R", begins="2026-11-30", weeks=2))
    assert (seen in starter.texts[0]) is told
