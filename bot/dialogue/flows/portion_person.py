"""Who is there: the activity that should go better, everyday movement, work, and the name to be called."""

from enum import StrEnum

from bot.dialogue.flows.portion import Kept, Portion, PortionStart, ask_on, begin_asking, keep
from bot.dialogue.own_words import Named, OwnWords
from bot.dialogue.questions import Choice, Question, Scale
from bot.dialogue.steps import Flow, FlowDef, say
from bot.dialogue.text import text

OWN_CHIPS = "portion/own-chip"


class Own(StrEnum):
    """What people often want to do again."""

    WALKING = "walking"
    SITTING = "sitting"
    CARRYING = "carrying"
    HOUSE = "house"
    GARDEN = "garden"
    CHILDREN = "children"
    SLEEPING = "sleeping"
    SPORT = "sport"


class Everyday(StrEnum):
    """How much somebody moves anyway; the values are those of `coach.profile.Activity`."""

    INACTIVE = "inactive"
    SOME = "some"
    ACTIVE = "active"


class Work(StrEnum):
    SITTING = "sitting"
    STANDING = "standing"
    HEAVY = "heavy"
    MIXED = "mixed"
    NONE = "none"


class Shown(StrEnum):
    """Whether a trainer or physiotherapist has shown how to lift."""

    YES = "yes"
    NO = "no"


_CHOICES: dict[str, Question[StrEnum]] = {
    Portion.ACTIVITY: Choice(
        id="activity",
        text=text("portion/activity"),
        options=tuple(Everyday),
        labels="portion/activity-reply",
        row=3,
        done="portion/activity-done",
    ),
    Portion.WORK: Choice(
        id="work",
        reactable=True,
        text=text("portion/work"),
        options=tuple(Work),
        labels="portion/work-reply",
        done="portion/work-done",
    ),
    Portion.SHOWN: Choice(
        id="shown",
        reactable=True,
        text=text("portion/shown"),
        options=tuple(Shown),
        labels="portion/shown-reply",
        done="portion/shown-done",
    ),
}


def _person(start: PortionStart) -> Flow[Kept]:
    if start.portion == Portion.OWN:
        return (yield from _own(start))
    if start.portion == Portion.NAME:
        return (yield from _name(start))
    chosen = yield from begin_asking(_CHOICES[start.portion], second=start.second)
    return (yield from keep(start.portion, None if chosen is None else chosen.value))


def _own(start: PortionStart) -> Flow[Kept]:
    """What it is, and how well it goes today: the weekly check asks again."""
    own = yield from begin_asking(
        OwnWords(id="own", text=text("portion/own"), chips=tuple(Own), labels=OWN_CHIPS, done="portion/own-done"),
        second=start.second,
    )
    kept = yield from keep("own", own)
    if own is None:
        return kept
    question = Scale(id="own-now", text=text("portion/own-now"), done="portion/own-now-done")
    yield from keep("own_now", (yield from ask_on(question)))
    return kept


def _name(start: PortionStart) -> Flow[Kept]:
    question = Named(id="name", text=text("portion/name"), done="portion/name-done")
    name = yield from begin_asking(question, second=start.second)
    if name is not None:
        yield from say(text("portion/named", name=name))
    return (yield from keep("name", name))


PORTION_PERSON: FlowDef[PortionStart, Kept] = FlowDef(
    name="portion-person",
    start=PortionStart,
    body=_person,
    results=(Kept.ANSWERED, Kept.LATER),
    samples=tuple(PortionStart(portion=portion) for portion in (*_CHOICES, Portion.OWN, Portion.NAME)),
    keeps=True,
)
