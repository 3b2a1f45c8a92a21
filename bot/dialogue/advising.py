"""What stands beside the exercises after some weeks: the coach's advice, and a postcard from the member's own numbers.

Both come behind the exercises, as an answer and never by themselves, one a day and none too often.
"""

from datetime import date, timedelta

from bot.coach.standing import MAINTENANCE, PLATEAU
from bot.dialogue.beside import is_grieving
from bot.dialogue.choosing import MORE, kind_buttons, other_kinds
from bot.dialogue.conversation import open_flow
from bot.dialogue.facts import PortionAsked
from bot.dialogue.flows.maintaining import MAINTAINING, MaintainStart
from bot.dialogue.flows.portion_person import OWN_CHIPS
from bot.dialogue.member import Known, Placed
from bot.dialogue.messages import Button, Kind
from bot.dialogue.own_words import as_words
from bot.dialogue.planning import advice_now
from bot.dialogue.progress import pain_by_week
from bot.dialogue.quoting import quoted
from bot.dialogue.text import Joined, Number, Text, text
from bot.dialogue.turn import Draft
from bot.library.exercise import Category

MONTH = 28
POSTCARD = "postcard"
BESIDE = "beside-"  # begins the names under which it is kept that something was said
# In this order, with the days until it is said again and the doors beside it.
_ADVICE = {
    "flare-lasts": (7, ("support", "learn")),
    "usual-pain-high": (14, ("support", "learn")),
    "worse": (14, ("report", "support")),
    "not-better": (MONTH, ("report", "support", "learn")),
    PLATEAU: (MONTH, ("walk", "support", "learn")),
    MAINTENANCE: (MONTH, ()),
}
_TYPES = (Category.MIND_BODY, Category.STRENGTHEN)  # the types of 5.7, walking stands among the doors
_SENTENCES = 5


def advise(draft: Draft) -> bool:
    """What the gate recommends beside the exercises; true if something was said."""
    known, today = draft.member.known, draft.moment.day
    if known.lock is not None or is_grieving(known, today):
        return False
    given = advice_now(draft.member, draft.moment, draft.kit)
    for key, (days, links) in _ADVICE.items():
        if key not in given or not _is_due(known, key, today, days) or (key == MAINTENANCE and not _has_more(draft)):
            continue
        draft.record(PortionAsked(portion=BESIDE + key))
        if key == MAINTENANCE:
            open_flow(draft, MAINTAINING, MaintainStart(sessions=_enough(draft)))
        else:
            buttons = (*_other_types(draft, key), *draft.link_rows(links))
            draft.send(draft.words(Text(f"advice/{key}")), buttons=buttons, kind=Kind.TALK)
        return True
    return False


def _enough(draft: Draft) -> int:
    """Days a week that keep what was reached."""
    return draft.kit.library.thresholds.plateau.maintenance_sessions


def _has_more(draft: Draft) -> bool:
    """Whoever trains no more often has nothing to change; without a number named prompts come every day."""
    wanted = draft.member.known.about.days_per_week
    return draft.member.open is None and (wanted is None or wanted > _enough(draft))


def _other_types(draft: Draft, key: str) -> tuple[tuple[Button, ...], ...]:
    """Where nothing moves, another type of exercises is a tap away: more of it joins from then on (5.7)."""
    if key != PLATEAU:
        return ()
    return kind_buttons(draft, tuple(kind for kind in _TYPES if kind in other_kinds(draft)), MORE)


def send_postcard(draft: Draft) -> bool:
    """Five sentences, around every fourth week; true if it was sent. Nothing in it counts what was not done."""
    known, today = draft.member.known, draft.moment.day
    if known.since is None or known.lock is not None or is_grieving(known, today):
        return False
    weeks = (today - date.fromisoformat(known.since)).days // 7
    if weeks * 7 < MONTH or not _is_due(known, POSTCARD, today, MONTH):
        return False
    sentences = _sentences(draft, weeks)
    if len(sentences) < _SENTENCES:
        return False
    body = text("postcard/text", sentences=Joined(tuple(sentences)))
    draft.send(draft.words(body), buttons=draft.link_rows(("progress", "test")), kind=Kind.TALK)
    draft.record(PortionAsked(portion=BESIDE + POSTCARD))
    return True


def _is_due(known: Known, key: str, today: date, days: int) -> bool:
    said = next((day for name, day, _ in known.portions if name == BESIDE + key), None)
    return said is None or (today - date.fromisoformat(said)).days >= days


def _sentences(draft: Draft, weeks: int) -> list[Text]:
    known = draft.member.known
    name = quoted(draft, known.about.name)
    found = [
        text("postcard/greeting-called", name=name, weeks=weeks) if name else text("postcard/greeting", weeks=weeks)
    ]
    found.append(text("postcard/days", count=_active_days(known, draft.moment.day)))
    found += _grown(known)[:1]
    found += _numbers(draft)[:1]
    return [*found, text("postcard/thanks")]


def _grown(known: Known) -> list[Text]:
    """A form that is no longer the first one, else how many exercises are known."""
    grown = next((each for each in known.programme if each.level > 1), None)
    found = [] if grown is None else [_form(grown)]
    return [*found, text("postcard/exercises", count=len(known.programme))] if known.programme else found


def _form(placed: Placed) -> Text:
    form = Text(f"exercise/{placed.exercise}/level-{placed.level}/name")
    return text("postcard/form", exercise=Text(f"exercise/{placed.exercise}/name"), form=form)


def _numbers(draft: Draft) -> list[Text]:
    """Pain and the own activity, then and now; only what was told, and both as it is."""
    known = draft.member.known
    found: list[Text] = []
    own = [week.own for week in known.weeks if week.own is not None]
    first = known.about.own_now
    activity = quoted(draft, known.about.own)
    if activity and first is not None and own:
        found.append(text("postcard/own", own=as_words(OWN_CHIPS, activity), first=first, now=own[-1]))
    pains = pain_by_week(known)
    if len(pains) > 1:
        then, now = (Number(f"{pain:.1f}".removesuffix(".0")) for pain in (pains[0][1], pains[-1][1]))
        found.append(text("postcard/pain", first=then, now=now))
    return found


def _active_days(known: Known, today: date) -> int:
    """Of the last four weeks, today included."""
    trained = {memo.day for memo in known.sessions if any(each.done for each in memo.exercises)}
    moved = {walk.day for walk in known.walks if walk.minutes or walk.steps} | set(known.breaks)
    first = (today - timedelta(days=MONTH - 1)).isoformat()
    return sum(day >= first for day in trained | moved)
