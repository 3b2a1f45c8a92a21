"""The first day comes to its end: asked after the first session or eased day, until the member has named a time."""

from datetime import time, timedelta

from bot.coach.place import Place
from bot.coach.programme import seconds_of
from bot.dialogue.clocks import ELSEWHERE, country_of, is_european, zones_around
from bot.dialogue.conversation import Ended, open_flow
from bot.dialogue.flows.ending import ENDING, EndingStart, Land
from bot.dialogue.kit import numbers_of
from bot.dialogue.member import Status
from bot.dialogue.turn import Draft

_DAYTIME = time(10)
_NEARBY = (-60, 60, -300, 120)  # minutes; offers for a clock that shows something else


def wants_ending(draft: Draft) -> bool:
    """Nobody has asked yet when tomorrow suits."""
    known = draft.member.known
    return known.prompt_time is None and known.lock is None and draft.member.status is Status.ACTIVE


def begin_ending(draft: Draft) -> list[Ended]:
    return open_flow(draft, ENDING, ending_start(draft))


def ending_start(draft: Draft) -> EndingStart:
    now = draft.moment.local
    library = draft.kit.library
    lands = tuple(
        (code, zone, numbers_of(draft.kit, code).emergency)
        for code, country in library.countries.items()
        for zone in country.time_zones[:1] or ("",)
    )
    elsewhere = (Land.FAR.value, "", numbers_of(draft.kit, ELSEWHERE).emergency)
    return EndingStart(
        clock=now.strftime("%H:%M"),
        land=_land(draft),
        zones=zones_around(draft.moment),
        lands=(*lands, elsewhere),
        nearby=tuple((now + timedelta(minutes=ahead)).strftime("%H:%M") for ahead in _NEARBY),
        minutes=_minutes(draft),
        net=_DAYTIME if draft.moment.is_quiet() else now.time().replace(second=0, microsecond=0),
    )


def _land(draft: Draft) -> str:
    """As far as the zone tells; where it tells nothing, the operator's country."""
    known, zone = draft.member.known.about.country, draft.member.zone
    found = country_of(zone, draft.kit.library) or known
    if not found:
        found = draft.kit.operator.country if is_european(zone) else Land.FAR.value
    return found if found in set(Land) else Land.EU.value


def _minutes(draft: Draft) -> int:
    """How long today's exercises took, by their dose; at least one where there was any."""
    library, today = draft.kit.library, draft.moment.day.isoformat()
    done = [each for memo in draft.member.known.sessions if memo.day == today for each in memo.exercises if each.done]
    seconds = sum(
        seconds_of(library.exercises[e.exercise], Place(e.level, e.dose_step, e.sets), library.thresholds)
        for e in done
        if e.exercise in library.exercises
    )
    return max(1, round(seconds / 60)) if done else 0
