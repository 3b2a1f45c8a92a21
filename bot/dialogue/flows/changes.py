"""Has something come on top: pregnancy, bones, medicines, an operation, the next age? What was named before stays.

Asked by /neu, every four weeks and where a week brought something. It only ever adds; taking away is the settings' own.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from bot.coach.disposition import Disposition
from bot.dialogue.facts import Disposed, ProfileAnswered, Screened, TagsGiven
from bot.dialogue.flows.lines import Line, YesNoUnsure, judge
from bot.dialogue.questions import Many, SafetyChoice
from bot.dialogue.steps import Flow, FlowDef, ask, record
from bot.dialogue.text import text
from bot.library.quick import altered


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesStart:
    """`tags`: what may come on top. `known`: what is minded already. `lines`: warning signs of these tags only.

    `becomes`: with time the first becomes the second, so who has the first is asked. `older`: the next age band.
    """

    tags: tuple[str, ...]
    known: tuple[str, ...] = ()
    lines: tuple[tuple[tuple[str, ...], Line], ...] = ()
    becomes: tuple[tuple[str, str], ...] = ()
    older: str = ""

    def without(self, items: set[str]) -> "ChangesStart":
        """The same without warning signs whose answer is known."""
        return altered(self, lines=tuple(each for each in self.lines if each[1].item not in items))


class Changed(StrEnum):
    NOTHING = "changes-nothing"
    MORE = "changes-more"
    LOCKED = "changes-locked"


@lru_cache(maxsize=64)
def tag_options(ids: tuple[str, ...]) -> tuple[StrEnum, ...]:
    return tuple(StrEnum("Tag", {tag: tag for tag in ids}))  # type: ignore[arg-type]  # functional API


def _changes(start: ChangesStart) -> Flow[Changed]:
    new = yield from _on_top(start)
    tags = (*start.known, *new)
    if not (yield from tag_lines(start.lines, tags)):
        return Changed.LOCKED
    later = yield from _later(start, tags)
    return Changed.MORE if new or later else Changed.NOTHING


def _on_top(start: ChangesStart) -> Flow[tuple[str, ...]]:
    """What is named counts in this turn, so that nothing that follows can lose it."""
    options = (*start.tags, start.older) if start.older else start.tags
    chosen: frozenset[str] = frozenset()
    if options:
        marked = yield from ask(
            Many(
                id="changes",
                text=text("changes/ask"),
                options=tag_options(options),
                labels="tag",
                done="onboarding/tags-done",
            )
        )
        chosen = frozenset(option.value for option in marked)
    new = tuple(tag for tag in start.tags if tag in chosen)
    yield from _add(new)
    if start.older and start.older in chosen:
        yield from record(ProfileAnswered(field="age", value=start.older), at_once=True)
    return new


def _add(tags: tuple[str, ...]) -> Flow[None]:
    yield from record(TagsGiven(tags=tags, joins=True), at_once=bool(tags))
    if tags:
        yield from record(Disposed(disposition=Disposition.CAUTION.value, tags=tags), at_once=True)


def _later(start: ChangesStart, tags: tuple[str, ...]) -> Flow[tuple[str, ...]]:
    """What becomes something else with time; who is not sure counts as there already."""
    for before, becomes in start.becomes:
        if before not in tags or becomes in tags:
            continue
        answer = yield from ask(
            SafetyChoice(
                id=f"becomes/{becomes}",
                text=text(f"changes/becomes-{becomes}"),
                options=tuple(YesNoUnsure),
                labels="screening/single",
                row=3,
                done="screening/line-done",
            )
        )
        if answer is not YesNoUnsure.NO:
            yield from _add((becomes,))
            return (becomes,)
    return ()


def tag_lines(lines: tuple[tuple[tuple[str, ...], Line], ...], tags: tuple[str, ...]) -> Flow[bool]:
    """Warning signs that only concern some (pregnancy); false means: locked."""
    for concerned, line in lines:
        if not set(concerned) & set(tags):
            continue
        answer = yield from ask(
            SafetyChoice(
                id=f"line/{line.item}",
                text=text("screening/one-line", line=text(f"screening/{line.item}")),
                options=tuple(YesNoUnsure),
                labels="screening/single",
                row=3,
                done="screening/line-done",
            )
        )
        judged = judge((line,), {line.item: answer.value})
        yield from record(Screened(list=0, answers=((line.item, answer.value),)), at_once=judged.locked)
        if judged.locked:
            yield from record(Disposed(disposition=judged.disposition, items=judged.items), at_once=True)
            return False
    return True


PREGNANT = (
    (("PG", "P20"), Line(item="rf_preg", yes="emergency", unsure="urgent")),
    (("PG", "P20"), Line(item="rf_preg_ban", yes="doctor_first", unsure="caution")),
)
SAMPLE_CHANGES = ChangesStart(
    tags=("KN", "PG", "P20"), known=("FL",), lines=PREGNANT, becomes=(("PG", "P20"),), older="65_plus"
)
CHANGES: FlowDef[ChangesStart, Changed] = FlowDef(
    name="changes",
    start=ChangesStart,
    body=_changes,
    results=tuple(Changed),
    samples=(
        SAMPLE_CHANGES,
        ChangesStart(tags=("KN", "P20"), known=("PG",), lines=PREGNANT, becomes=(("PG", "P20"),)),
    ),
    parkable=False,
)
