"""A flare-up begins: whether the lists are due is the gate's word, what fits comes from the content."""

from dataclasses import replace
from datetime import date

from bot.coach.allowing import Exercises
from bot.coach.derived import usual_before
from bot.coach.gate import open_gate
from bot.coach.place import Place
from bot.coach.profile import equipment_of, tags_of
from bot.coach.records import Mode
from bot.dialogue.beside import GOAL, days_done, planned_as, unwanted
from bot.dialogue.flows.flare import OF_EXERCISE, FlareStart
from bot.dialogue.flows.session import Planned
from bot.dialogue.history import day_of, history_of, profile_of
from bot.dialogue.kit import Kit, numbers_of
from bot.dialogue.member import Known, Member
from bot.dialogue.moment import Moment
from bot.dialogue.starts import screening_start

LISTS_LAST = 3  # days for which lists answered with no hold on a hard day; a flare-up that is said asks them today


def flare_start(member: Member, moment: Moment, kit: Kit, *, said: bool) -> FlareStart:
    known, rules = member.known, kit.library.thresholds
    history, today = history_of(known, kit.library), day_of(known, moment.day.isoformat(), kit.library)
    gate = open_gate(history, replace(today, session=None, mode=None), rules)
    recent = history.between(today.day - LISTS_LAST + 1, today.day)
    cleared = any(record.screened_clear for record in recent)
    usual = usual_before(history, today.day, rules)
    pain = today.pain_before if today.pain_before is not None else today.morning
    profile = profile_of(known, kit.library, moment.day)
    return FlareStart(
        gentle=() if kit.exercises is Exercises.OFF else gentle(known, kit, moment.day),
        said=said,
        lists=gate.mode is Mode.SCREEN or not (today.screened_clear if said else cleared),
        pain=None if pain is None else round(pain),
        usual=round(usual or 0),
        helped=known.helped,
        week_done=days_done(known, moment.day),
        week_goal=profile.days_per_week or GOAL,
        emergency=numbers_of(kit, known.about.country).emergency,
        screening=screening_start(kit, known, moment.day),
    )


def gentle(known: Known, kit: Kit, day: date) -> tuple[Planned, ...]:
    """The quiet things of the flare playlist that fit this member and are not unwanted, in the lowest form."""
    profile, refused = profile_of(known, kit.library, day), unwanted(known, day, kit.library.thresholds)
    tags = tags_of(profile, kit.library) | {"AF"}
    found: list[Planned] = []
    for name in kit.library.thresholds.playlists.get("flare", ()):
        exercise = kit.library.exercises.get(name)
        if exercise is None or name not in OF_EXERCISE or name in refused:
            continue
        if not equipment_of(profile).issuperset(exercise.equipment):
            continue
        levels = exercise.allowed_levels(tags)
        if levels:
            found.append(planned_as(name, Place(levels[0], 1, 1), kit.library))
    return tuple(found)
