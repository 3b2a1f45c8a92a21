"""What the rules answer, in words: the texts that members read, without marks."""

from bot.coach.decision import Decision
from bot.coach.gate import Input
from bot.coach.reasons import reason_key
from bot.dialogue.kit import Kit
from bot.dialogue.markup import plain
from bot.dialogue.text import Number, Param, Text, render

NUMBERS = ("before", "peak", "over", "next_morning", "usual")
UNKNOWN = "–"


def say(key: str, language: str, kit: Kit, **params: Param) -> str:
    return plain(render(Text(key, tuple(sorted(params.items()))), kit.catalogs[language]))


def say_reason(decision: Decision, kit: Kit, advice: tuple[str, ...] = ()) -> dict[str, str]:
    """The most exact reason the catalogs have, in every language; behind it what is recommended beside."""
    exact = decision.reason
    key = (
        exact
        if all(catalog.has(exact) for catalog in kit.catalogs.values())
        else reason_key(decision.rule, decision.change)
    )
    params = reason_params(decision.exercise, dict(decision.inputs))
    return {
        language: " ".join((say(key, language, kit, **params), *(say(f"advice/{a}", language, kit) for a in advice)))
        for language in kit.catalogs
    }


def reason_params(exercise: str, inputs: dict[str, float | int | str | None]) -> dict[str, Param]:
    numbers: dict[str, Param] = {name: Number(written(inputs.get(name))) for name in NUMBERS}
    return {**numbers, "exercise": Text(f"exercise/{exercise}/name")}


def written(value: Input | float | str | None) -> str:
    return f"{value:g}" if isinstance(value, int | float) else UNKNOWN if value is None else str(value)
