"""One exercise: animation, dose, one cue, four buttons; what hurt is asked twice at most, and stopping is praised."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from bot.dialogue.facts import UNWELL, ExerciseDone, Vetoed
from bot.dialogue.flows.screening import SCREENING
from bot.dialogue.flows.session_start import Planned, SessionStart, dose_text
from bot.dialogue.messages import Form, Kind, Picture
from bot.dialogue.questions import Choice, Place, Scale, Words
from bot.dialogue.steps import Flow, ask, record, run, say
from bot.dialogue.text import Text, text
from bot.dialogue.unwell import says_unwell
from bot.library.quick import altered

E = TypeVar("E", bound=StrEnum)
STRONG = 4  # a pull above this number is left for today (texts.md, 5)
_TIMED = frozenset({"sec", "sec_side", "min"})  # nobody holds "two more"


class Went(StrEnum):
    FINE = "fine"
    MORE = "more"  # fine, and two more would have gone; offered for the one exercise nearest to a rise
    LONGER = "longer"  # the same of what is held or lasts minutes
    EASY = "easy"
    HARD = "hard"
    HURT = "hurt"
    MENU = "menu"
    UNWELL = "unwell"  # dizzy or short of breath; only typed here, its button stands behind [Tat weh]


_MORE = {Went.MORE, Went.LONGER}


class Instead(StrEnum):
    """What stands behind the dots of an exercise; Back is the way out."""

    OTHER = "other"
    SKIP = "skip"


class HowMuch(StrEnum):
    WHOLE = "whole"
    HALF = "half"
    NONE = "none"


class Quality(StrEnum):
    PULLING = "pulling"
    DULL = "dull"
    STABBING = "stabbing"
    LEG = "leg"
    BURN = "burn"
    UNWELL = "unwell"


class Next(StrEnum):
    ON = "on"
    ENOUGH = "enough"


class Way(StrEnum):
    """How the day goes on after an exercise."""

    ON = "on"
    ENOUGH = "enough"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stoppable(Choice[E]):
    """A question of an exercise under way: typed words of dizziness or short breath are its answer too."""

    unwell: E

    def accept(self, token: str) -> E | None:
        return self.unwell if token == self.unwell.value else Choice.accept(self, token)

    def parse(self, typed: str, words: Words) -> E | None:
        return self.unwell if says_unwell(typed) else Choice.parse(self, typed, words)


@dataclass(slots=True)
class Told:
    """What the answers said so far, for the sentence at the end; and what may still come instead of something."""

    spares: list[Planned]
    hurt: list[str] = field(default_factory=list)
    hard: list[str] = field(default_factory=list)


def tell(spares: Iterable[Planned]) -> Told:
    return Told(list(spares))


def exercise(start: SessionStart, each: Planned, number: int, of: int, told: Told) -> Flow[Way]:
    """Show one exercise and hear how it went."""
    went = yield from ask(_question(each, number, of, asks_more=start.more_for == each.exercise))
    if went is Went.MENU:
        instead = yield from ask(_menu(each, has_other=bool(told.spares)))
        if instead is Instead.OTHER:
            unwanted, each = each.exercise, told.spares.pop(0)
            yield from record(Vetoed(exercise=unwanted))
            yield from say(
                text(
                    "session/other",
                    name=Text(f"exercise/{unwanted}/name"),
                    other=Text(f"exercise/{each.exercise}/name"),
                )
            )
            return (yield from exercise(start, each, number, of, told))
        yield from record(altered(_done(each), done=0, effort=None))
        return Way.ON
    return (yield from _heard(start, each, went, told, is_last=number == of))


def _heard(start: SessionStart, each: Planned, went: Went, told: Told, *, is_last: bool) -> Flow[Way]:
    done = _done(each)
    match went:
        case Went.EASY:
            yield from record(altered(done, effort=3, more=None if start.minute else True))
        case Went.HARD:
            told.hard.append(each.exercise)
            yield from _went_hard(done)
        case Went.HURT:
            return (yield from _hurt(start, done, told, is_last=is_last))
        case Went.UNWELL:
            return (yield from _stopped(done, told))
        case _:
            asked = start.more_for == each.exercise
            yield from record(altered(done, more=went in _MORE if asked else None))
    return Way.ON


def _done(each: Planned) -> ExerciseDone:
    return ExerciseDone(exercise=each.exercise, level=each.level, dose_step=each.step, sets=each.sets, done=2, effort=5)


def _question(each: Planned, number: int, of: int, *, asks_more: bool) -> Choice[Went]:
    """One tap an exercise: "would two more have gone?" is one of the buttons, not a question behind them."""
    stem = f"exercise/{each.exercise}"
    more = Went.LONGER if each.unit in _TIMED else Went.MORE
    return _Stoppable(
        id=f"went/{each.exercise}",
        unwell=Went.UNWELL,
        text=text(
            "session/exercise",
            name=Text(f"{stem}/level-{each.level}/name"),
            how=Text(f"{stem}/level-{each.level}/how"),
            dose=dose_text(each),
            cue=Text(f"{stem}/cue"),
            number=number,
            of=of,
        ),
        picture=Picture(figure=each.exercise, level=each.level, form=Form.CLIP),
        options=tuple(
            went for went in Went if went is not Went.UNWELL and (went not in _MORE or (asks_more and went is more))
        ),
        labels="session/went",
        place=Place.BELOW,
        kind=Kind.EXERCISE,
        done=f"{stem}/done",
    )


def _menu(each: Planned, *, has_other: bool) -> Choice[Instead]:
    return Choice(
        id=f"menu/{each.exercise}",
        reactable=True,
        text=text("session/exercise-menu", name=Text(f"exercise/{each.exercise}/name")),
        options=tuple(Instead) if has_other else (Instead.SKIP,),
        labels="session/instead",
        kind=Kind.EXERCISE,
        links=("why",),
    )


def _stopped(done: ExerciseDone, told: Told) -> Flow[Way]:
    """Dizzy or short of breath: the day's exercises end here (clinical rules 5.4)."""
    told.hurt.append(done.exercise)
    yield from record(altered(done, done=1, effort=None, more=False, quality=UNWELL))
    yield from say(text("session/unwell"), links=("emergency", "news"))
    return Way.ENOUGH


def _went_hard(done: ExerciseDone) -> Flow[None]:
    how_much = yield from ask(
        Choice(
            id=f"how-much/{done.exercise}",
            text=text("session/how-much"),
            options=tuple(HowMuch),
            labels="session/how-much-reply",
            row=3,
        )
    )
    halves = {HowMuch.WHOLE: 2, HowMuch.HALF: 1, HowMuch.NONE: 0}[how_much]
    yield from record(altered(done, done=halves, effort=8, more=False, too_hard=True))


def _hurt(start: SessionStart, done: ExerciseDone, told: Told, *, is_last: bool) -> Flow[Way]:
    """Praise stopping, ask at most twice. New pain down the leg: the lists before the next exercise."""
    quality = yield from ask(
        _Stoppable(
            id=f"quality/{done.exercise}",
            unwell=Quality.UNWELL,
            text=text("session/hurt"),
            options=tuple(Quality),
            labels="session/quality",
            place=Place.BELOW,
        )
    )
    if quality is Quality.BURN:
        yield from record(done)
        yield from say(text("session/burn"))
        return Way.ON
    if quality is Quality.UNWELL:
        return (yield from _stopped(done, told))
    peak = yield from ask(
        Scale(
            id=f"peak/{done.exercise}",
            of_pain=True,
            text=text("session/hurt-much"),
            done="session/hurt-done",
            mend=True,
        )
    )
    told.hurt.append(done.exercise)
    yield from record(altered(done, done=1, effort=None, more=False, quality=quality.value, peak=peak))
    is_much = peak >= start.asks_from
    if quality is Quality.LEG or is_much:
        yield from say(text("session/leg"))
        judged = yield from run(SCREENING, start.screening)
        if judged.locked:
            return Way.LOCKED
        return Way.ENOUGH if is_much else Way.ON
    strong = quality is Quality.STABBING or peak >= STRONG
    how = "session/stabbing" if quality is Quality.STABBING else "session/left-out" if strong else "session/pulling"
    if is_last or not strong:
        yield from say(text(how))
        return Way.ON
    chosen = yield from ask(
        Choice(
            id=f"next/{done.exercise}",
            text=text(how),
            options=tuple(Next),
            labels="session/next-reply",
            place=Place.BELOW,
        )
    )
    return Way.ENOUGH if chosen is Next.ENOUGH else Way.ON
