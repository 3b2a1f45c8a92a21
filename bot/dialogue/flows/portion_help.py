"""The flare kit: what has helped before, in the member's own words. A hard day brings it back as it was given."""

from enum import StrEnum

from bot.dialogue.flows.portion import Kept, Portion, PortionStart, begin_asking, keep
from bot.dialogue.own_words import OwnWords
from bot.dialogue.steps import Flow, FlowDef
from bot.dialogue.text import text

HELPED_CHIPS = "portion/helped-chip"


class Helped(StrEnum):
    WARMTH = "warmth"
    STEPS = "steps"
    LEGS = "legs"
    BREATH = "breath"
    MUSIC = "music"
    TALK = "talk"


def _help(start: PortionStart) -> Flow[Kept]:
    helped = yield from begin_asking(
        OwnWords(
            id="helped",
            text=text("portion/helped"),
            chips=tuple(Helped),
            labels=HELPED_CHIPS,
            longest=60,
            done="portion/helped-done",
        ),
        second=start.second,
    )
    return (yield from keep("helped", helped))


PORTION_HELP: FlowDef[PortionStart, Kept] = FlowDef(
    name="portion-help",
    start=PortionStart,
    body=_help,
    results=(Kept.ANSWERED, Kept.LATER),
    samples=(PortionStart(portion=Portion.HELPED),),
)
