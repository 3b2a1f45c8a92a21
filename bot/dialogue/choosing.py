"""/uebungen, "something else": what is allowed today beside the programme, by kind; one of it joins at a tap.

Choosing opens nothing: tags, load, things at home and what must be reached before hold as when something joins by
itself, and on a day that is not normal nothing new comes.
"""

from collections.abc import Callable

from bot.coach.programme import ProgrammeItem
from bot.coach.rotation import room_for
from bot.dialogue.beside import planned_as
from bot.dialogue.facts import ROTATE, START, Decided, ProfileAnswered
from bot.dialogue.flows.preferences import Liked
from bot.dialogue.flows.session_start import dose_text
from bot.dialogue.history import in_turn
from bot.dialogue.messages import Button, Form, Kind, Picture
from bot.dialogue.planning import Choices, choices_now
from bot.dialogue.text import Text, text
from bot.dialogue.turn import Draft
from bot.library.exercise import Category

OTHER, OF_KIND, TAKE, MORE = "other", "kind-", "+", "more-"  # what may follow the command, the last ones with a name
CHOSEN = "R_CHOSEN"
LIKEABLE = tuple(Category(kind.value) for kind in Liked)
_IN_A_ROW = 2


def choose_other(draft: Draft, argument: str) -> bool:
    """Whether the argument belonged here."""
    for begins, do in _DOES.items():
        if argument.startswith(begins):
            do(draft, argument.removeprefix(begins))
            return True
    found = _found(draft, argument)
    if found is not None:
        _show(draft, found)
    return found is not None


def other_button(draft: Draft) -> Button:
    return _button(draft, text("exercises/other-button"), OTHER)


def kind_buttons(draft: Draft, kinds: tuple[Category, ...], begins: str) -> tuple[tuple[Button, ...], ...]:
    buttons = [_button(draft, Text(f"kind/{kind.value}"), begins + kind.value) for kind in kinds]
    return tuple(tuple(buttons[n : n + _IN_A_ROW]) for n in range(0, len(buttons), _IN_A_ROW))


def other_kinds(draft: Draft) -> tuple[Category, ...]:
    """Those of which something else is allowed today."""
    items = _choices(draft).items
    present = {draft.kit.library.exercises[item.exercise].category for item in items}
    return tuple(kind for kind in LIKEABLE if kind in present)


def _choices(draft: Draft) -> Choices:
    return choices_now(draft.member, draft.moment, draft.kit)


def _found(draft: Draft, exercise: str) -> ProgrammeItem | None:
    return next((item for item in _choices(draft).items if item.exercise == exercise), None)


def _kinds(draft: Draft, _: str) -> None:
    kinds = other_kinds(draft)
    if not kinds:
        _nothing(draft)
        return
    draft.send(draft.words(text("exercises/other")), buttons=kind_buttons(draft, kinds, OF_KIND), kind=Kind.EXERCISE)


def _of_kind(draft: Draft, kind: str) -> None:
    exercises = draft.kit.library.exercises
    found = [item.exercise for item in _choices(draft).items if exercises[item.exercise].category.value == kind]
    if not found:
        _nothing(draft)
        return
    rows = tuple((_button(draft, Text(f"exercise/{name}/name"), name),) for name in found)
    draft.send(draft.words(text("exercises/of-kind", kind=Text(f"kind/{kind}"))), buttons=rows, kind=Kind.EXERCISE)


def _nothing(draft: Draft) -> None:
    draft.send(draft.words(text("exercises/no-other")), buttons=draft.link_rows(("exercises", "today")))


def _show(draft: Draft, item: ProgrammeItem) -> None:
    """As it would begin."""
    stem, level = f"exercise/{item.exercise}", item.place.level
    body = text(
        "exercises/one",
        name=Text(f"{stem}/level-{level}/name"),
        dose=dose_text(planned_as(item.exercise, item.place, draft.kit.library)),
        how=Text(f"{stem}/level-{level}/how"),
        cue=Text(f"{stem}/cue"),
        mistake=Text(f"{stem}/mistake"),
    )
    picture = draft.described(Picture(figure=item.exercise, level=level, form=Form.CLIP))
    take = (_button(draft, text("exercises/take"), TAKE + item.exercise), other_button(draft))
    draft.send(draft.words(body), buttons=(take,), picture=picture, kind=Kind.EXERCISE)


def _take(draft: Draft, exercise: str) -> None:
    """It joins; who has been there longest makes room, never the only one of its kind."""
    item = _found(draft, exercise)
    if item is None:
        _nothing(draft)
        return
    places = in_turn(draft.member.known)
    leaves = room_for(places, exercise, _choices(draft).day)
    draft.record(_decided(draft, item, START, CHOSEN))
    if leaves:
        draft.record(_decided(draft, ProgrammeItem(leaves, places[leaves]), ROTATE, "R_ROTATE"))
    name = Text(f"exercise/{exercise}/name")
    if leaves:
        said = text("exercises/taken-instead", name=name, leaves=Text(f"exercise/{leaves}/name"))
    else:
        said = text("exercises/taken", name=name)
    draft.send(draft.words(said), buttons=draft.link_rows(("today", "exercises")), kind=Kind.PLAN)


def _decided(draft: Draft, item: ProgrammeItem, change: str, rule: str) -> Decided:
    rules = draft.kit.library.thresholds
    return Decided(
        exercise=item.exercise,
        change=change,
        rule=rule,
        level=item.place.level,
        dose_step=item.place.step,
        sets=item.place.sets,
        sources=rules.sources_of("P_START"),
        version=str(rules.version),
    )


def _more(draft: Draft, kind: str) -> None:
    """More of a kind from now on: what joins next is of it, and it comes more often."""
    if kind not in {each.value for each in LIKEABLE}:
        _nothing(draft)
        return
    likes = dict.fromkeys((*(draft.member.known.about.likes or ()), kind))
    draft.record(ProfileAnswered(field="likes", value=",".join(likes)))
    draft.send(
        draft.words(text("exercises/more", kind=Text(f"kind/{kind}"))),
        buttons=draft.link_rows(("today", "exercises")),
        kind=Kind.PLAN,
    )


def _button(draft: Draft, label: Text, argument: str) -> Button:
    return Button(label=draft.words(label), data=f"/exercises {argument}")


_DOES: dict[str, Callable[[Draft, str], None]] = {OF_KIND: _of_kind, MORE: _more, TAKE: _take, OTHER: _kinds}
