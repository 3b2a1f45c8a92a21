"""The end of the first day: when tomorrow, whether the clock is right, and what the moment hangs on. Then it is enough.

The clock gives the zone, the zone the country, the country the numbers for help.
"""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from bot.dialogue.clocks import is_european, minutes_ahead, nearest_zone
from bot.dialogue.facts import ProfileAnswered
from bot.dialogue.flows.session_offer import PROMPT
from bot.dialogue.questions import Choice, Place, TimeOfDay
from bot.dialogue.steps import Flow, FlowDef, OnDay, ask, book, cancel, record, say
from bot.dialogue.text import Text, text

OFFERS = ("07:00", "08:00", "12:30", "17:00", "19:00", "20:00")
_NOON, _EVENING = time(11), time(16)


class Clock(StrEnum):
    RIGHT = "right"
    TIME = "time"
    LAND = "land"


class Land(StrEnum):
    """Where the member is; the last two share the numbers that hold everywhere else."""

    DE = "DE"
    AT = "AT"
    CH = "CH"
    EU = "EU"
    FAR = "FAR"


class Trigger(StrEnum):
    """Something that is done anyway; the moment comes right after it."""

    RISING = "rising"
    COFFEE = "coffee"
    TEETH = "teeth"
    LUNCH = "lunch"
    BREAK = "break"
    WORK = "work"
    SUPPER = "supper"
    BED = "bed"
    NONE = "none"


_BY_PART = {
    "morning": (Trigger.RISING, Trigger.COFFEE, Trigger.TEETH),
    "noon": (Trigger.LUNCH, Trigger.BREAK),
    "evening": (Trigger.WORK, Trigger.SUPPER, Trigger.BED),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EndingStart:
    """`clock`: the member's time now. `zones`: minutes ahead of it and whose clock that is; the present zone first.

    `lands`: each land with its zone ("" keeps the present one) and the number to call. `minutes` of exercise today.
    `net`: when tomorrow comes if no time is named at all.
    """

    clock: str = "08:00"
    land: str = "DE"
    zones: tuple[tuple[int, str], ...] = ((0, "Europe/Berlin"),)
    lands: tuple[tuple[str, str, str], ...] = (("DE", "Europe/Berlin", "112"),)
    nearby: tuple[str, ...] = ("07:00", "09:00")
    minutes: int = 0
    net: time = time(10)


def _ending(start: EndingStart) -> Flow[bool]:
    """Who falls asleep over it is called tomorrow all the same, and asked again."""
    yield from book(PROMPT, OnDay(start.net, days=1), at_once=True)
    at = yield from ask(
        TimeOfDay(
            id="prompt-time",
            text=text("ending/when"),
            offers=OFFERS,
            place=Place.BELOW,
            done="ending/when-done",
        )
    )
    clock = at.strftime("%H:%M")
    yield from record(ProfileAnswered(field="prompt_time", value=clock))
    yield from book(PROMPT, OnDay(at, days=1), at_once=True)
    yield from _where(start, at)
    trigger = yield from ask(trigger_question(at))
    yield from record(ProfileAnswered(field="trigger", value="" if trigger is Trigger.NONE else trigger.value))
    yield from say(_enough(start, clock, trigger))
    return True


def _where(start: EndingStart, at: time) -> Flow[None]:
    given = yield from ask(
        Choice(
            id="clock",
            reactable=True,
            text=text(
                "ending/clock", clock=start.clock, where=_named(start.land), emergency=_number(start, start.land)
            ),
            options=tuple(Clock),
            labels="ending/clock-reply",
            row=1,
            done="ending/clock-done",
        )
    )
    if given is Clock.RIGHT:
        yield from _settle(start, start.land, start.zones[0][1])
        return
    if given is Clock.LAND:
        land = yield from ask(_land(start))
        zone = next((zone for each, zone, _ in start.lands if each == land.value), "") or start.zones[0][1]
    else:
        zone = yield from _by_clock(start)
        land = _land_of(start, zone)
    yield from _settle(start, land.value, zone)
    yield from cancel(PROMPT)
    yield from book(PROMPT, OnDay(at, days=1))  # the same hour on another clock
    yield from say(text("ending/moved", where=_named(land.value), emergency=_number(start, land.value)))


def _by_clock(start: EndingStart) -> Flow[str]:
    told = yield from ask(
        TimeOfDay(id="clock-now", text=text("ending/clock-now"), offers=start.nearby, done="ending/clock-done")
    )
    return nearest_zone(start.zones, minutes_ahead(start.clock, told.strftime("%H:%M")))


def _land_of(start: EndingStart, zone: str) -> Land:
    own = next((land for land, of, _ in start.lands if of == zone), "")
    return Land(own) if own else Land.EU if is_european(zone) else Land.FAR


def _settle(start: EndingStart, land: str, zone: str) -> Flow[None]:
    if zone != start.zones[0][1]:
        yield from record(ProfileAnswered(field="zone", value=zone))
    country = Land.EU.value if land == Land.FAR else land
    yield from record(ProfileAnswered(field="country", value=country))


def _land(start: EndingStart) -> Choice[Land]:
    others = tuple(land for land in Land if land.value != start.land)
    return Choice(
        id="land",
        text=text("ending/land"),
        options=others,
        labels="ending/land-reply",
        done="ending/land-done",
        reactable=True,
    )


def _named(land: str) -> Text:
    return text(f"ending/in-{land}")


def _number(start: EndingStart, land: str) -> str:
    return next((number for each, _, number in start.lands if each == land), "112")


def trigger_question(at: time, name: str = "trigger") -> Choice[Trigger]:
    """What this time of day can hang on."""
    return Choice(
        id=name,
        reactable=True,
        text=text("ending/trigger", at=at.strftime("%H:%M")),
        options=(*_BY_PART[_part(at)], Trigger.NONE),
        labels="ending/trigger-reply",
        row=1,
        done="ending/trigger-done",
    )


def fits(trigger: str, at: time) -> bool:
    """Whether the moment can still hang on it at this time: nobody has lunch in the evening."""
    return trigger in _BY_PART[_part(at)]


def _part(at: time) -> str:
    return "morning" if at < _NOON else "noon" if at < _EVENING else "evening"


def _enough(start: EndingStart, at: str, trigger: Trigger) -> Text:
    tomorrow = text("ending/tomorrow", at=at)
    if trigger is not Trigger.NONE:
        tomorrow = text("ending/tomorrow-after", at=at, after=text(f"ending/after-{trigger.value}"))
    if start.minutes == 0:
        return text("ending/enough", tomorrow=tomorrow)
    return text("ending/moved-day", count=start.minutes, tomorrow=tomorrow)


_LANDS = (("DE", "Europe/Berlin", "112"), ("AT", "Europe/Vienna", "112"), ("CH", "Europe/Zurich", "144"))
ENDING: FlowDef[EndingStart, bool] = FlowDef(
    name="ending",
    start=EndingStart,
    body=_ending,
    results=(True,),
    samples=(
        EndingStart(
            clock="21:14",
            zones=((0, "Europe/Berlin"), (-60, "Europe/London"), (-360, "America/New_York")),
            lands=_LANDS,
            nearby=("20:14", "22:14", "15:14"),
            minutes=2,
        ),
        EndingStart(clock="08:00", land="FAR", zones=((0, "America/New_York"), (360, "Europe/Berlin")), lands=_LANDS),
    ),
    keeps=True,
)
