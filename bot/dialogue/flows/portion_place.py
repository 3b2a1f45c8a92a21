"""Where it hurts: places on a drawing of the back, by number. A doctor reads them on the report; no rule does.

The lists ask about warning signs. Whoever marks both legs here is shown the way to tell news, should it be new.
"""

from enum import StrEnum

from bot.dialogue.flows.portion import Kept, Portion, PortionStart, begin_asking, keep
from bot.dialogue.messages import Picture
from bot.dialogue.questions import Many
from bot.dialogue.steps import Flow, FlowDef, say
from bot.dialogue.text import text

PLACE_LABELS = "portion/place-reply"
ELSEWHERE = "none"  # its label ends the question without a mark


class Spot(StrEnum):
    """In the order of the numbers on the drawing (`content/poses/where.yaml`)."""

    UPPER = "upper"
    LOW_LEFT = "low-left"
    LOW_MIDDLE = "low-middle"
    LOW_RIGHT = "low-right"
    SEAT_LEFT = "seat-left"
    SEAT_RIGHT = "seat-right"
    THIGH_LEFT = "thigh-left"
    THIGH_RIGHT = "thigh-right"
    SHANK_LEFT = "shank-left"
    SHANK_RIGHT = "shank-right"


_LEFT = frozenset({Spot.THIGH_LEFT, Spot.SHANK_LEFT})
_RIGHT = frozenset({Spot.THIGH_RIGHT, Spot.SHANK_RIGHT})


def _place(start: PortionStart) -> Flow[Kept]:
    chosen = yield from begin_asking(
        Many(
            id="places",
            text=text("portion/place"),
            picture=Picture(figure="where"),
            options=tuple(Spot),
            labels=PLACE_LABELS,
            counted=True,
            done="portion/place-done",
        ),
        second=start.second,
    )
    if chosen is None:
        return Kept.LATER
    kept = yield from keep("places", ",".join(spot for spot in Spot if spot in chosen) or ELSEWHERE)
    if chosen & _LEFT and chosen & _RIGHT:
        yield from say(text("portion/place-both-legs"), links=("news",))
    return kept


PORTION_PLACE: FlowDef[PortionStart, Kept] = FlowDef(
    name="portion-place",
    start=PortionStart,
    body=_place,
    results=(Kept.ANSWERED, Kept.LATER),
    samples=(PortionStart(portion=Portion.PLACE),),
    keeps=True,
)
