"""`rueckgrat rules alarm`: what the coach hears in free text (DESIGN 8). Both languages are always heard."""

from typing import Any, Literal

from bot.runtime.kitting import Kitted
from bot.shell.lines import Asked


class AlarmAsked(Asked):
    text: str
    lang: Literal["de", "en"] | None = None


def answer_alarm(asked: AlarmAsked, kitted: Kitted) -> dict[str, Any]:
    found = kitted.detector.check(asked.text)
    return {"level": found.level.value, "category": found.category.value, "certainty": found.certainty.value}
