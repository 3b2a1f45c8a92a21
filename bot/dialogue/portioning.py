"""A portion begins: its flow with its start values. That it was asked is written down, however it ends."""

from math import ceil

from bot.coach.derived import usual_before
from bot.coach.profile import FEAR
from bot.coach.usual import find_doubt
from bot.dialogue.advising import BESIDE
from bot.dialogue.beside import is_grieving
from bot.dialogue.clearances import soft_clearance_start
from bot.dialogue.conversation import Ended, open_flow
from bot.dialogue.equipping import things
from bot.dialogue.facts import PortionAsked
from bot.dialogue.flows.clearing import CLEARANCE
from bot.dialogue.flows.portion import Portion, PortionStart
from bot.dialogue.flows.portion_help import PORTION_HELP
from bot.dialogue.flows.portion_mood import PORTION_MOOD, MoodStart
from bot.dialogue.flows.portion_person import PORTION_PERSON
from bot.dialogue.flows.portion_place import PORTION_PLACE
from bot.dialogue.flows.portion_rhythm import PORTION_RHYTHM
from bot.dialogue.flows.portion_safety import PORTION_SAFETY, SafetyPortionStart
from bot.dialogue.flows.portion_taste import PORTION_TASTE, TasteStart
from bot.dialogue.flows.portion_usual import PORTION_USUAL, UsualStart
from bot.dialogue.history import day_of, history_of, profile_of
from bot.dialogue.portions import is_usual_time, next_portion
from bot.dialogue.starts import screening_start
from bot.dialogue.tastes import taste_pair
from bot.dialogue.turn import Draft
from bot.library.quick import altered

PORTION_FLOWS = frozenset(
    flow.name
    for flow in (
        PORTION_HELP,
        PORTION_MOOD,
        PORTION_PERSON,
        PORTION_PLACE,
        PORTION_RHYTHM,
        PORTION_SAFETY,
        PORTION_TASTE,
        PORTION_USUAL,
    )
)
SOFT_LIST = 4
_PLAIN = {
    **dict.fromkeys((Portion.DAYS, Portion.AVERAGE, Portion.MINUTES), PORTION_RHYTHM),
    Portion.PLACE: PORTION_PLACE,
    Portion.HELPED: PORTION_HELP,
}
_TASTE = {Portion.LIKES, Portion.EQUIPMENT}


def begin_portion(draft: Draft) -> list[Ended] | None:
    """The next one; `None` when there is none now."""
    if draft.member.open is not None or draft.member.alarm is not None:
        return None
    portion = next_portion(draft.member, draft.moment, draft.kit)
    if portion is None:
        return None
    today = draft.moment.day.isoformat()
    second = any(day == today and not name.startswith(BESIDE) for name, day, _ in draft.member.known.portions)
    draft.record(PortionAsked(portion=portion.value))
    return _open(draft, portion, second=second)


def begin_usual(draft: Draft) -> list[Ended] | None:
    """Behind the gentle thing of a hard day: the usual anew, where only what was told makes the day one."""
    known, library, day = draft.member.known, draft.kit.library, draft.moment.day
    busy = draft.member.open is not None or draft.member.alarm is not None or known.lock is not None
    if busy or draft.moment.is_night() or is_grieving(known, day) or not is_usual_time(known, day):
        return None
    history, today = history_of(known, library), day_of(known, day.isoformat(), library)
    before = history.until(today.day)
    doubt = find_doubt(before, today, library.thresholds)
    told = usual_before(before, today.day, library.thresholds)
    if doubt is None or told is None:
        return None
    draft.record(PortionAsked(portion=Portion.USUAL.value))
    return open_flow(draft, PORTION_USUAL, UsualStart(told=round(told), days=doubt.days, most=ceil(doubt.most)))


def _open(draft: Draft, portion: Portion, *, second: bool) -> list[Ended]:
    known, library, today = draft.member.known, draft.kit.library, draft.moment.day
    if portion is Portion.PRACTICE and (clearance := soft_clearance_start(draft.kit, known, today)) is not None:
        return open_flow(draft, CLEARANCE, clearance)
    if portion is Portion.USUAL:
        usual = usual_before(history_of(known, library), today.toordinal(), library.thresholds)
        return open_flow(draft, PORTION_USUAL, UsualStart(told=round(usual or 0), second=second))
    if portion in {Portion.SOFT, Portion.FEAR, Portion.SLEEP, Portion.CONFIDENCE}:
        return open_flow(draft, PORTION_SAFETY, altered(_safety(draft, portion), second=second))
    if portion in _TASTE:
        start = TasteStart(
            portion=portion.value, second=second, pair=taste_pair(known, library, today), equipment=things(library)
        )
        return open_flow(draft, PORTION_TASTE, start)
    if portion is Portion.MOOD:
        return open_flow(draft, PORTION_MOOD, altered(_mood(draft), second=second))
    return open_flow(draft, _PLAIN.get(portion, PORTION_PERSON), PortionStart(portion=portion.value, second=second))


def _safety(draft: Draft, portion: Portion) -> SafetyPortionStart:
    """The soft lines that are still open, and nothing else of the list."""
    known = draft.member.known
    still = set(profile_of(known, draft.kit.library, draft.moment.day).soft_open) - {FEAR}
    whole = screening_start(draft.kit, known, draft.moment.day, (SOFT_LIST,))
    return SafetyPortionStart(portion=portion.value, count=max(1, len(still)), screening=whole.only(still))


def _mood(draft: Draft) -> MoodStart:
    numbers, rules = draft.help_numbers, draft.kit.library.thresholds.mood
    return MoodStart(
        consented=any(purpose == "mood" for purpose, _ in draft.member.known.consents),
        some=rules.some,
        low=rules.low,
        heavy=rules.heavy,
        doctor=numbers.doctor,
        mood=numbers.mood,
        crisis=numbers.crisis,
        emergency=numbers.emergency,
    )
