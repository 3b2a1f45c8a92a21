"""The questions after a yes or unsure: since when, does a doctor know it. They only lower what is locked already."""

from enum import StrEnum

from bot.coach.disposition import gravity
from bot.dialogue.appointments import Nature
from bot.dialogue.flows.lines import KNOWN, LATE, UNDECIDED, WAITS, Line, SafetyPage, YesNoUnsure, judge, leads_to
from bot.dialogue.messages import Kind
from bot.dialogue.questions import SafetyChoice
from bot.dialogue.steps import After, Flow, ask, book
from bot.dialogue.text import Text, text


class Since(StrEnum):
    """Since when a sign is there; `SAME` means long and unchanged."""

    NEW = "new"
    WORSE = "worse"
    SAME = "same"
    UNKNOWN = "unknown"


class Ago(StrEnum):
    """How long ago the accident was: 72 hours and four weeks are the rule's cut points."""

    DAYS = "days"
    WEEKS = "weeks"
    LONGER = "longer"
    UNKNOWN = "unknown"


def can_lower(line: Line, answers: dict[str, str]) -> bool:
    """Whether a follow-up could make this line milder than it is now."""
    given = answers.get(line.item, "no")
    if given not in {"yes", "unsure"} or line.follow == "none":
        return False
    now = gravity(leads_to(line, given, answers))
    return any(gravity(leads_to(line, way, answers)) < now for way in _ways(line))


def is_unclear(line: Line, answers: dict[str, str]) -> bool:
    """Whether one more question is owed before an unsure counts for less than a yes (clinical rules 2.2)."""
    return line.clarify and answers.get(line.item, "no") == "unsure"


def clarified(lines: tuple[Line, ...], answers: dict[str, str]) -> Flow[dict[str, str]]:
    """Every unsure line once more, in other words; still unsure stays unsure."""
    for line in lines:
        if is_unclear(line, answers):
            answer = yield from ask(
                SafetyChoice(
                    id=f"clear/{line.item}",
                    text=text("screening/clear", question=Text(f"screening/clear/{line.item}")),
                    options=tuple(YesNoUnsure),
                    labels="screening/single",
                    row=3,
                    back=False,
                    done="screening/line-done",
                )
            )
            answers = {**answers, line.item: answer.value}
    return answers


def _ways(line: Line) -> tuple[str, ...]:
    return (KNOWN, LATE) if line.follow == "accident" else (KNOWN,)


def followed(page: SafetyPage, answers: dict[str, str]) -> Flow[dict[str, str]]:
    """One named line after the other, the gravest first. A line that stays the gravest ends the questions."""
    order = sorted(
        (line for line in page.lines if can_lower(line, answers)),
        key=lambda line: -gravity(leads_to(line, answers[line.item], answers)),
    )
    for line in order:
        given = answers[line.item]
        yield from book(UNDECIDED, After(WAITS), nature=Nature.SAFETY, at_once=True)
        told = yield from _told(page, line, given)
        answers = {**answers, line.item: told}
        if told == given and leads_to(line, given, answers).value == judge(page.lines, answers).disposition:
            break
    return answers


def _told(page: SafetyPage, line: Line, given: str) -> Flow[str]:
    match line.follow:
        case "accident":
            return (yield from _accident(page, line, given))
        case "checked":
            checked = yield from _yes_no(page, line, "screening/checked", "checked")
            return KNOWN if checked is YesNoUnsure.YES else given
        case _:
            return (yield from _since(page, line, given))


def _since(page: SafetyPage, line: Line, given: str) -> Flow[str]:
    """Only "long and unchanged", and known to a doctor, lowers."""
    since = yield from ask(
        SafetyChoice(
            id=f"since/{line.item}",
            text=text("screening/since", doctor=page.doctor, line=Text(f"screening/{line.item}")),
            options=tuple(Since),
            labels="screening/since-reply",
            kind=Kind.EMERGENCY,
            back=False,
            done="screening/since-done",
        )
    )
    if since is not Since.SAME:
        return given
    knows = yield from _yes_no(page, line, "screening/doctor-knows", "knows")
    return KNOWN if knows is YesNoUnsure.YES else given


def _accident(page: SafetyPage, line: Line, given: str) -> Flow[str]:
    """Up to three days or very strong stays; up to four weeks is for the practice; longer ago it is known."""
    ago = yield from ask(
        SafetyChoice(
            id=f"ago/{line.item}",
            text=text("screening/ago", doctor=page.doctor),
            options=tuple(Ago),
            labels="screening/ago-reply",
            kind=Kind.EMERGENCY,
            back=False,
            done="screening/since-done",
        )
    )
    if ago is Ago.LONGER:
        return KNOWN
    if ago is not Ago.WEEKS or given != "yes":
        return given
    strong = yield from _yes_no(page, line, "screening/strong", "strong")
    return LATE if strong is YesNoUnsure.NO else given


def _yes_no(page: SafetyPage, line: Line, key: str, name: str) -> Flow[YesNoUnsure]:
    asked = {
        "screening/checked": text("screening/checked", line=Text(f"screening/{line.item}")),
        "screening/doctor-knows": text("screening/doctor-knows", doctor=page.doctor),
        "screening/strong": text("screening/strong", doctor=page.doctor),
    }
    return (
        yield from ask(
            SafetyChoice(
                id=f"{name}/{line.item}",
                text=asked[key],
                options=tuple(YesNoUnsure),
                labels="screening/single",
                row=3,
                kind=Kind.EMERGENCY,
                back=False,
                done="screening/line-done",
            )
        )
    )
