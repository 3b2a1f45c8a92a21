"""On Matrix a reaction answers every choice, except where the answer says something about health."""

import ast
from pathlib import Path

import pytest

from bot.channels.matrix.drawing import content_of, seeds, tapped
from bot.dialogue import flows
from tests.dialogue.room import Room
from tests.dialogue.test_typed import last

# A reaction travels in clear. What stands here is asked about health, or only of those whose health is in question.
ABOUT_HEALTH = {
    "onboarding: age": "one of the questions about safety",
    "onboarding: episode": "since when it hurts",
    "portion_person: activity": "how fit somebody is",
    "session: easier": "what has become easier in everyday life",
    "clearing: clearance-": "what a practice has said",
    "disposed: start.disposition": "asked while exercises are locked",
    "disposed: remind": "asked while exercises are locked",
    "disposed: follow-up": "asked while exercises are locked",
    "flare: flare-choice": "asked in a flare-up",
    "relief: relief-": "asked while it hurts",
    "relief: night-after": "how it is after a bad night",
    "limits: limits": "what a physiotherapist forbids",
    "limits: limits-kind": "what a physiotherapist forbids",
    "limits: limits-exercise": "what a physiotherapist forbids",
    "limits: limits-form": "what a physiotherapist forbids",
    "portion_mood: mood-consent": "asked of whoever may be low",
    "portion_mood: name": "how often the mood is low",
    "preferences: settings-mind-sure": "what to mind: pregnancy, bones and the like",
    "portion_safety: soft-now": "asked of those with a warning sign",
    "screening: meant-": "which warning sign was meant",
    "selftest: selftest-": "what a test measured",
    "underage: underage": "the own age, and a yes deletes everything",
    "session_exercise: how-much/": "how an exercise went that was too hard",
    "session_exercise: next/": "asked after pain",
    "session_exercise: went/": "how an exercise went",
    "session_exercise: quality/": "what kind of pain it was",
}


def choices() -> dict[str, bool]:
    """What is asked with numbered options in any flow, and whether a reaction answers it."""
    found: dict[str, bool] = {}
    for path in sorted(Path(flows.__path__[0]).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"Choice", "_Stoppable"}:
                given = {keyword.arg: keyword.value for keyword in node.keywords}
                name = f"{path.stem}: {_named(given['id'])}"
                found[name] = found.get(name, True) and "reactable" in given
    return found


def _named(identity: ast.expr) -> str:
    if isinstance(identity, ast.IfExp):
        return _named(identity.body)
    if isinstance(identity, ast.JoinedStr) and isinstance(identity.values[0], ast.Constant):
        return str(identity.values[0].value)
    return str(identity.value) if isinstance(identity, ast.Constant) else ast.unparse(identity)


def test_only_what_is_about_health_takes_no_reaction() -> None:
    assert {name for name, counts in choices().items() if not counts} == set(ABOUT_HEALTH)


@pytest.mark.parametrize(("said", "number"), [("/heute", 5), ("/pause 3", 2)])
def test_of_a_harmless_choice_the_answer_about_health_is_typed(said: str, number: int) -> None:
    room = Room()
    room.first_day()
    room.channel = "matrix"
    room.says(said, after_s=3600)
    content = content_of(last(room))

    assert [place for place in range(1, 7) if tapped(content, f"{place}\ufe0f\u20e3") == ""] == [number]
    assert seeds(last(room)) == []
