"""The night path: relief now, one question in the morning, then the rest of the first answers."""

from datetime import time

from bot.coach.allowing import Exercises
from bot.dialogue.conversation import Ended, end_early, open_flow
from bot.dialogue.flows.relief import MORNING_AT, NIGHT, RELIEF, NightAfterStart, ReliefStart
from bot.dialogue.history import profile_of
from bot.dialogue.starts import screening_start
from bot.dialogue.turn import Draft

BEGINS, ENDS = time(21), time(7)
BAD = 7  # pain now, on the scale to 10 (EXPERIENCE, "Night path")
_POSITION, _BREATHE = "stufenlagerung", "bauchatmung"


def is_bad_night(draft: Draft) -> bool:
    """Between 21 and 7 o'clock with much pain: exercises wait for the morning."""
    now = draft.moment.local.time()
    pains = draft.member.known.pains
    pain = pains[-1].value if pains and pains[-1].day == draft.moment.day.isoformat() else None
    return (now >= BEGINS or now < ENDS) and pain is not None and pain >= BAD


def begin_relief(draft: Draft) -> list[Ended]:
    numbers = draft.help_numbers
    start = ReliefStart(
        emergency=numbers.emergency,
        doctor=numbers.doctor,
        position=_POSITION,
        position_level=_fitting(draft, _POSITION),
        breathe=_BREATHE,
        breathe_level=_fitting(draft, _BREATHE),
        days=0 if draft.moment.local.time() < MORNING_AT else 1,
    )
    return open_flow(draft, RELIEF, start)


def _fitting(draft: Draft, exercise: str) -> int:
    """The easiest form for what the member has to mind; before that is known, for everything there is to mind.

    0: none may be shown.
    """
    known, library = draft.member.known, draft.kit.library
    content = library.exercises.get(exercise)
    minded = profile_of(known, library, draft.moment.day).tags
    tags = frozenset(library.tags) if known.tags is None else library.with_implied(minded)
    is_there = content is not None and draft.kit.exercises is not Exercises.OFF
    return next(iter(content.allowed_levels(tags)), 0) if content is not None and is_there else 0


def ask_after_night(draft: Draft) -> list[Ended]:
    """Once, in the morning; not while a lock stands."""
    known = draft.member.known
    if known.lock is not None or not known.consents:
        return []
    standing = draft.member.open
    if standing is not None and standing.flow == RELIEF.name:  # fell asleep over it
        end_early(draft, "open")
    elif standing is not None:
        return []
    return open_flow(draft, NIGHT, NightAfterStart(screening=screening_start(draft.kit, known, draft.moment.day)))
