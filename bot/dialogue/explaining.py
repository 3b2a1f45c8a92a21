"""Why the plan is as it is: rule, the member's own numbers, sources by name. What is only recalled is not cited."""

from bot.dialogue.dates import date_text
from bot.dialogue.flows.session import SESSION
from bot.dialogue.kit import Kit
from bot.dialogue.member import Member, adapter_for
from bot.dialogue.session_start import lasting
from bot.dialogue.text import Joined, Number, Text, text
from bot.library.library import Library

TOLD_INPUTS = ("before", "peak", "rise", "next_morning", "over", "usual", "effort", "good")
OWN = "D_DESIGN"  # the source that is named where all others are only recalled


def present_reasons(member: Member, kit: Kit) -> list[Text]:
    """Of the open session; without one, the last decision about each exercise."""
    standing = member.open
    if standing is not None and standing.flow == SESSION.name:
        start = adapter_for(SESSION.start).validate_json(standing.start)
        return [_reason(c.exercise, c.rule, c.inputs, c.sources, kit.library) for c in lasting(start.changes)]
    latest = {made.decided.exercise: made.decided for made in member.known.decisions}
    return [_reason(d.exercise, d.rule, d.inputs, d.sources, kit.library) for d in latest.values()]


def _reason(
    exercise: str, rule: str, inputs: tuple[tuple[str, str], ...], sources: tuple[str, ...], library: Library
) -> Text:
    numbers = tuple(
        text("why/input", name=Text(f"why/name/{name}"), value=Number(value))
        for name, value in inputs
        if name in TOLD_INPUTS
    )
    return text(
        "why/decision",
        exercise=Text(f"exercise/{exercise}/name"),
        rule=rule,
        says=Text(f"why/{rule}"),
        inputs=Joined(numbers) if numbers else text("why/no-input"),
        sources=Joined(tuple(Text(f"source/{key}") for key in checked_sources(sources, library)), " · "),
    )


def checked_sources(sources: tuple[str, ...], library: Library) -> tuple[str, ...]:
    """Only what was read at its source is shown to members."""
    return tuple(key for key in sources if key in library.sources and library.sources[key].checked) or (OWN,)


def reviewed_text(library: Library) -> Text:
    """Whether a clinician has looked at the content: one entry that nobody has signed is enough to say so."""
    reviews = [exercise.reviewed for exercise in library.exercises.values() if exercise.reviewed is not None]
    if library.unreviewed() or not reviews:
        return text("help/not-reviewed")
    latest = max(reviews, key=lambda review: review.on)
    return text("help/reviewed", by=latest.by, day=date_text(latest.on), year=latest.on.year)
