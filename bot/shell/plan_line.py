"""`rueckgrat rules plan`: a profile to its first programme and week (DESIGN 8), as it comes if every day goes well."""

from functools import partial
from typing import Any

from bot.coach.programme import ProgrammeItem, dose_of, first_programme
from bot.coach.walking import WALK
from bot.coach.week import Week, first_week
from bot.dialogue.kit import Kit
from bot.dialogue.text import Param, Text
from bot.library.library import Library
from bot.runtime.kitting import Kitted
from bot.shell.lines import Asked
from bot.shell.profile import ProfileAsked, read_profile
from bot.shell.saying import say

FILLED = "P_FILL"  # nothing heavier fills the very first day, which is gentle


class PlanAsked(Asked):
    profile: ProfileAsked | None = None


def answer_plan(asked: PlanAsked, kitted: Kitted, language: str) -> dict[str, Any]:
    kit, library = kitted.kit, kitted.kit.library
    profile = read_profile(asked.profile, library)
    first, week = first_programme(profile, library), first_week(profile, library)
    met = frozenset(week.places)
    told = partial(say, language=language, kit=kit)
    return {
        "programme": [_item(ProgrammeItem(name, place), library) for name, place in week.places.items()],
        "week": [
            {
                "day": day.day,
                "items": [_item(item, library) for item in day.items],
                "minutes": round(day.seconds / 60, 1),
            }
            for day in week.days
        ],
        "walks": [{"day": day, "exercise": WALK, "minutes": minutes} for day, minutes in week.walks],
        "left_out": [
            {"exercise": each.exercise, "tag": each.tag or None, "reason": told(each.reason)}
            for each in first.left_out
            if each.exercise not in met
        ],
        "why": [
            *({"rule": why.rule, "text": told(why.reason)} for why in first.why if why.rule != FILLED),
            *_joining(week, kit, language),
        ],
    }


def _item(item: ProgrammeItem, library: Library) -> dict[str, Any]:
    exercise = library.exercises[item.exercise]
    dose = dose_of(exercise, item.place, item.amount)
    amounts = {"reps": dose.reps, "seconds": dose.seconds, "minutes": dose.minutes}
    if dose.other is not None:
        amounts[exercise.unit.value] = dose.other
    return {
        "exercise": item.exercise,
        "level": item.place.level,
        "dose": {"sets": dose.sets, **{name: amount for name, amount in amounts.items() if amount is not None}},
    }


def _joining(week: Week, kit: Kit, language: str) -> list[dict[str, Any]]:
    names: list[dict[str, Param]] = [{"exercise": Text(f"exercise/{each}/name")} for each in week.joined]
    return [{"rule": "R_NEW", "text": say("reason/R_NEW", language, kit, **name)} for name in names]
