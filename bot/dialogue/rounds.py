"""What a group sees of its round: one card, one line a week, one at the end. Sums from a few people on, no person's.

Everything here is written from `RoundView`, which holds nothing about pain, exercise, health or absence.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256
from zoneinfo import ZoneInfo

from bot.coach.challenge import Plan, Score, active_day_of, day_ends
from bot.dialogue.events import Tapped
from bot.dialogue.messages import Button
from bot.dialogue.round_questions import name_text
from bot.dialogue.text import Param, Text, render, text
from bot.library.catalog import Catalog
from bot.library.thresholds import ChallengeNumbers

POST_AT = time(9)  # the weekly line, in the round's own zone
STAYS = timedelta(days=7)  # where it could hear every word, the coach leaves so long after the last round
_LETTERS = {Tapped.MOVED: "g", Tapped.UNDO: "h", Tapped.JOIN: "i", Tapped.LEAVE: "j"}
_MEANT = {letter: what for what, letter in _LETTERS.items()}
# Where a reaction answers, each day has a sign of its own: the sign says which day it counts for, and yesterday's
# reaction, which still stands there, keeps nobody from today's.
DAY_SIGNS = ("🌱", "⭐", "🍀", "🌊", "🌻", "🎈", "🌈")
UNDO_SIGN, LEAVE_SIGN, JOIN_SIGN, AGAIN_SIGN = "↩️", "🚪", "👋", "▶️"
AGAIN = "again"  # behind /group, as a button says it
DOOR = "round"  # behind /start, as a link out of a group: to one's rounds
_INVITED = "k."
LONGEST_CODE = 40
NAMES_SHOWN = 12  # more would be a list to be read through, and to be counted
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class RoundTap:
    """A tap on a group's card, as its button says. `day` is the day it counts for."""

    round: int
    day: date
    what: Tapped


class TapAnswer(StrEnum):
    """What became of a tap, for nobody's eyes but those of whoever tapped."""

    FIRST = "first"  # it counts, and with it its person takes part
    COUNTED = "counted"
    AGAIN = "again"
    UNDONE = "undone"
    NOTHING = "nothing"  # there was nothing to take back
    JOINED = "joined"
    LEFT = "left"
    EARLY = "early"
    LATE = "late"
    ENDED = "ended"
    ADULTS = "adults"  # its person has said to be under 18


# What no card shows by itself: where a tap cannot be answered on its button, these are said in private.
UNSEEN = frozenset(
    {TapAnswer.AGAIN, TapAnswer.NOTHING, TapAnswer.EARLY, TapAnswer.LATE, TapAnswer.ENDED, TapAnswer.ADULTS}
)


class Showing(StrEnum):
    """Where a card stands: in a group, one whose every word the coach could hear, or somebody's private room.

    `open`: where it always does, and a tap is a reaction that all see. `hears`: where an admin let it.
    """

    GROUP = "group"
    HEARS = "hears"
    OPEN = "open"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundView:
    """All a group may see. `names`: those who chose to be shown, without counts. `week`: see `posted_week`."""

    id: int
    name: str
    plan: Plan
    score: Score
    today: date
    week: int
    names: tuple[str, ...] = ()


def tap_data(number: int, day: date, what: Tapped = Tapped.MOVED) -> str:
    return f"{_LETTERS[what]}.{_base36(number)}.{day:%y%m%d}"


def read_round_tap(data: str) -> RoundTap | None:
    """`None` for anything that is no button of a card; forged ones name a round or a day that does not fit."""
    kind, rest = data[:2], data[2:]
    number, _, day = rest.partition(".")
    if (
        kind[1:] != "."
        or kind[0] not in _MEANT
        or not number
        or len(number) > 13
        or not (day.isascii() and day.isdigit())
    ):
        return None
    try:
        found = int(number, 36)
        when = datetime.strptime(day, "%y%m%d").date()  # noqa: DTZ007  a date without a time has no zone
    except ValueError:
        return None
    return RoundTap(found, when, _MEANT[kind[0]]) if 0 < found < 1 << 63 else None


def invite_data(code: str) -> str:
    """Of the button that joins a round by its code: whoever has the code knows no number yet."""
    return f"{_INVITED}{code}"


def read_invite(data: str) -> str | None:
    """The code; `None` for anything else."""
    code = data.removeprefix(_INVITED)
    return (
        code if data.startswith(_INVITED) and code.isascii() and code.isalnum() and len(code) <= LONGEST_CODE else None
    )


def is_rounds(data: str) -> bool:
    """Whether a button is a round's: no question of the member's own."""
    return read_round_tap(data) is not None or read_invite(data) is not None


def refused(
    tap: RoundTap, now: datetime, zone: str, plan: Plan, rules: ChallengeNumbers, waited: timedelta = timedelta(0)
) -> TapAnswer | None:
    """Why a tap does not count, if so. It counts for the date its button carries, until three in the morning.

    `now`: when it was received, aware. `waited`: so long before it may have been made, because the coach was away: that
    is nobody's fault, so it counts if it can have been in time. Whoever wants to take part, or no more, may say so on
    any card.
    """
    today = active_day_of(now, zone, rules)
    if tap.what in {Tapped.JOIN, Tapped.LEAVE}:
        return None if today <= plan.last_day else TapAnswer.ENDED
    first = active_day_of(now - waited, zone, rules)
    if first <= tap.day <= today and plan.begins <= tap.day <= plan.last_day:
        return None
    if today > plan.last_day:
        return TapAnswer.ENDED
    return TapAnswer.EARLY if tap.day < plan.begins or tap.day > today else TapAnswer.LATE


def counts_now(
    tap: RoundTap, now: datetime, zone: str, plan: Plan, rules: ChallengeNumbers, waited: timedelta = timedelta(0)
) -> bool:
    """Whether a tap counts (`refused`)."""
    return refused(tap, now, zone, plan, rules, waited) is None


def answered(answer: TapAnswer, catalog: Catalog) -> str:
    """At most 200 signs: so much stands beside a button."""
    return render(Text(f"round/tap/{answer.value}"), catalog)


def card(
    view: RoundView, catalog: Catalog, showing: Showing = Showing.GROUP, *, own: bool = False
) -> tuple[str, tuple[tuple[Button, ...], ...]]:
    """The one card of a group, or of somebody's private room, and its buttons. `own`: its person has moved today."""
    plan, told = view.plan, view.score
    if view.today < plan.begins:
        day, month = str(plan.begins.day), str(plan.begins.month)
        before = [text("round/card-before", name=_name(view), count=plan.weeks, day=day, month=month)]
        if showing is not Showing.PRIVATE:
            before.append(text("round/card-invite", goal=plan.goal))
        return _with_feet(before, showing, catalog, invites=True), _before_buttons(view, catalog, showing)
    week = min(max(view.week, 1), plan.weeks)
    head = text("round/card-head", name=_name(view), week=week, weeks=plan.weeks)
    lines = [head, *_sums(told)]
    if view.names:
        lines.append(_names(view))
    if own and showing is Showing.PRIVATE:
        lines.append(Text("round/card-own"))
    invites = not told.is_told and showing is not Showing.PRIVATE
    if invites:
        lines.append(Text("round/card-rules"))
    if view.today > plan.last_day:
        return _joined(lines, catalog), ()
    back = tap_data(view.id, view.today, Tapped.UNDO)
    moved = Button(
        label=catalog.text("round/moved"),
        data=tap_data(view.id, view.today),
        style="primary",
        key=DAY_SIGNS[view.today.weekday()],
        back=back,
    )
    undo = Button(label=catalog.text("round/undo"), data=back, key=UNDO_SIGN)
    return _with_feet(lines, showing, catalog, invites=invites), ((moved,), (undo, _leave(view, catalog)))


def _before_buttons(view: RoundView, catalog: Catalog, showing: Showing) -> tuple[tuple[Button, ...], ...]:
    """Guests can say beforehand that they will be there; whoever has a private card has said so."""
    leave = _leave(view, catalog)
    if showing is Showing.PRIVATE:
        return ((leave,),)
    data = tap_data(view.id, view.today, Tapped.JOIN)
    join = Button(label=catalog.text("round/join"), data=data, style="primary", key=JOIN_SIGN, back=leave.data)
    return ((join,), (leave,))


def _leave(view: RoundView, catalog: Catalog) -> Button:
    data = tap_data(view.id, view.today, Tapped.LEAVE)
    return Button(label=catalog.text("round/leave"), data=data, key=LEAVE_SIGN)


def _with_feet(lines: list[Text], showing: Showing, catalog: Catalog, *, invites: bool) -> str:
    """And below: what counts, who may, and what the coach reads there. Until a sum is told it invites."""
    feet = [Text("round/card-foot-invite" if invites else "round/card-foot"), Text(f"round/card-reads-{showing.value}")]
    if showing is Showing.PRIVATE:
        feet = [Text("round/card-foot-private")]
    return f"{_joined(lines, catalog)}\n\n{_joined(feet, catalog)}"


def left_card(catalog: Catalog) -> str:
    """What the private card of somebody who left turns into."""
    return catalog.text("round/leave-done")


def old_card(view: RoundView, week: int, catalog: Catalog) -> str:
    """What last week's card turns into: a line without buttons."""
    return render(text("round/card-old", name=_name(view), week=week), catalog)


def week_over(view: RoundView, week: int, catalog: Catalog) -> str:
    """The one post a week."""
    if not view.score.is_told:
        return render(text("round/week-few", week=week), catalog)
    return render(text("round/week-over", week=week, total=view.score.total, goal=view.plan.goal), catalog)


def closing(view: RoundView, catalog: Catalog, showing: Showing = Showing.GROUP) -> str:
    """The last post, with the offer to go on; where the coach could hear every word, also how long it still does."""
    over = text("round/over", name=_name(view), total=view.score.total)
    if not view.score.is_told:
        over = text("round/over-few", name=_name(view))
    elif view.score.is_reached:
        over = text("round/over-reached", name=_name(view), total=view.score.total)
    stays = [text("round/over-stays", days=STAYS.days)] if showing is Showing.OPEN else []
    return _joined([over, *stays], catalog)


def again(number: int, name: str, catalog: Catalog) -> tuple[str, tuple[tuple[Button, ...], ...]]:
    """What whoever started a round is offered in private when it has ended."""
    data = f"/group {AGAIN} {number}"
    go_on = Button(label=catalog.text("round/wish/again"), data=data, key=AGAIN_SIGN)
    return render(text("round/news-over", name=name_text(name)), catalog), ((go_on,),)


def posted_week(plan: Plan, now: datetime, zone: str) -> int:
    """The week whose card should stand: it changes at nine in the morning, not in the night."""
    local = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    turned = local - timedelta(hours=POST_AT.hour)
    return plan.week_of(turned.date())


def look_again(now: datetime, zone: str, rules: ChallengeNumbers) -> datetime:
    """When the card changes by itself next: at the end of the day, or when a week's post is due."""
    local = now.astimezone(ZoneInfo(zone))
    at_nine = datetime.combine(local.date(), POST_AT, local.tzinfo)
    morning = at_nine if at_nine > now else datetime.combine(local.date() + timedelta(days=1), POST_AT, local.tzinfo)
    return min(day_ends(active_day_of(now, zone, rules), zone, rules), morning)


def _sums(told: Score) -> list[Text]:
    """A day on which nobody has moved yet has no line: beside the names it would say that none of them did."""
    if not told.is_told:
        return [Text("round/card-few")]
    today = [text("round/card-today", today=told.today)] if told.today else []
    return [*today, text("round/card-sums", total=told.total, goal=told.goal)]


def _names(view: RoundView) -> Text:
    """Those who chose to be shown, in alphabetical order. Of many a dozen, and every week others, by no merit."""
    if len(view.names) <= NAMES_SHOWN:
        return text("round/card-names", names=", ".join(view.names))
    turn = sorted(view.names, key=lambda name: sha256(f"{view.id}\n{view.week}\n{name}".encode()).digest())
    return text("round/card-names-more", names=", ".join(sorted(turn[:NAMES_SHOWN])))


def _name(view: RoundView) -> Param:
    return name_text(view.name)


def _joined(lines: list[Text], catalog: Catalog) -> str:
    return "\n".join(render(line, catalog) for line in lines)


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits
