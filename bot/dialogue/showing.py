"""Commands that only show something: help, exercises, progress, support, consent, export. The open question follows."""

from datetime import date, timedelta

from bot.coach.allowing import Exercises
from bot.coach.profile import tags_of
from bot.coach.records import RISES
from bot.dialogue.agenda import is_ready, say_off
from bot.dialogue.beside import planned_as
from bot.dialogue.charts import pain_picture, week_summary
from bot.dialogue.choosing import choose_other, other_button
from bot.dialogue.commands import GROUPS, name_of
from bot.dialogue.conversation import Ended
from bot.dialogue.dates import date_text
from bot.dialogue.explaining import checked_sources, reviewed_text
from bot.dialogue.flows.session_start import dose_text
from bot.dialogue.history import in_turn, profile_of
from bot.dialogue.lock import forbidden
from bot.dialogue.locked import open_room
from bot.dialogue.messages import Attachment, Button, Form, Kind, Picture
from bot.dialogue.progress import pain_by_week, week_done
from bot.dialogue.telling import go_back
from bot.dialogue.text import Joined, Number, Text, text
from bot.dialogue.turn import UNSEALED, Draft
from bot.dialogue.whose import run_by
from bot.library.card import Card

SUPPORT = ("physio", "rehasport", "kurse", "rueckenschule", "diga")  # cards about help from others
RECENT = timedelta(days=28)
_IN_A_ROW = 2


def show_help(draft: Draft) -> list[Ended]:
    """The way to help first; then everything by what it is for, and whether a clinician has looked at it."""
    language, operator = draft.member.language, draft.kit.operator
    groups = tuple(
        text(
            "help/group",
            title=Text(f"help/group-{group}"),
            lines=Joined(
                tuple(
                    text("help/line", command=f"/{name_of(command, language)}", what=Text(f"command/{command.value}"))
                    for command in commands
                )
            ),
        )
        for group, commands in GROUPS
    )
    body = text(
        "help/text",
        emergency=draft.emergency_number,
        groups=Joined(groups, "\n\n"),
        reviewed=Joined((*_how_set(draft), reviewed_text(draft.kit.library)), " "),
        operator=run_by(operator.name),
        contact=operator.contact,
    )
    draft.send(draft.words(body), buttons=draft.link_rows(("today", "pain", "progress", "settings", "emergency")))
    return go_back(draft)


def _how_set(draft: Draft) -> tuple[Text, ...]:
    """What the operator has decided about exercises, where it is not the usual."""
    match draft.kit.exercises:
        case Exercises.FIXED:
            return (text("help/exercises-fixed"),)
        case Exercises.OFF:
            return (text("help/exercises-off"),)
        case Exercises.ADAPTIVE:
            return ()


def show_exercises(draft: Draft, argument: str) -> list[Ended]:
    """The member's own exercises; the one that is named with its moving picture; or something else (`choosing`)."""
    if Kind.EXERCISE in forbidden(draft.member.known):
        return open_room(draft)
    if draft.kit.exercises is Exercises.OFF:
        say_off(draft)
        return go_back(draft)
    own = _own(draft) if is_ready(draft) else {}
    if not own:
        draft.send(draft.words(text("exercises/none")), buttons=draft.link_rows(("today",)))
    elif argument in own:
        _show_one(draft, argument, *own[argument])
    elif not argument or not choose_other(draft, argument):
        lines = tuple(
            text("exercises/line", name=Text(f"exercise/{exercise}/level-{level}/name"), dose=dose)
            for exercise, (level, dose) in own.items()
        )
        buttons = [_button(draft, f"exercise/{each}/name", f"/exercises {each}") for each in own]
        body = draft.words(text("exercises/list", lines=Joined(lines)))
        draft.send(body, buttons=(*_rows(buttons), (other_button(draft),)), kind=Kind.EXERCISE)
    return go_back(draft)


def _own(draft: Draft) -> dict[str, tuple[int, Text]]:
    """Exercise → level and dose, as far as what is to be minded allows them today."""
    library, known = draft.kit.library, draft.member.known
    tags = tags_of(profile_of(known, library, draft.moment.day), library)
    return {
        exercise: (place.level, dose_text(planned_as(exercise, place, library)))
        for exercise, place in in_turn(known).items()
        if exercise in library.exercises and place.level in library.exercises[exercise].allowed_levels(tags)
    }


def _show_one(draft: Draft, exercise: str, level: int, dose: Text) -> None:
    stem = f"exercise/{exercise}"
    body = text(
        "exercises/one",
        name=Text(f"{stem}/level-{level}/name"),
        dose=dose,
        how=Text(f"{stem}/level-{level}/how"),
        cue=Text(f"{stem}/cue"),
        mistake=Text(f"{stem}/mistake"),
    )
    picture = draft.described(Picture(figure=exercise, level=level, form=Form.CLIP))
    draft.send(draft.words(body), buttons=draft.link_rows(("exercises", "today")), picture=picture, kind=Kind.EXERCISE)


def show_progress(draft: Draft) -> list[Ended]:
    """The pain chart and three plain sentences: this week, pain against one's own past, what has grown."""
    if Kind.WALKING in forbidden(draft.member.known):
        return open_room(draft)
    week = week_summary(week_done(draft.member.known, draft.kit.library, draft.moment.day))
    body = text("progress/text", week=text("progress/week", summary=week), pain=_pain(draft), forms=_forms(draft))
    draft.send(draft.words(body), picture=pain_picture(draft), buttons=draft.link_rows(("today", "exercises")))
    return go_back(draft)


def _pain(draft: Draft) -> Text:
    weeks = pain_by_week(draft.member.known)
    if not weeks:
        return text("progress/no-pain")
    first, last = (_mean(pain) for _, pain in (weeks[0], weeks[-1]))
    return text("progress/pain", first=first, last=last) if len(weeks) > 1 else text("progress/pain-first", last=last)


def _mean(pain: float) -> Number:
    return Number(f"{round(pain, 1):g}")


def _forms(draft: Draft) -> Text:
    """What became more in the last four weeks; else how many exercises there are."""
    since = (draft.moment.day - RECENT).isoformat()
    grown = {
        made.decided.exercise: None
        for made in draft.member.known.decisions
        if made.decided.change in RISES and not made.decided.declined and made.day >= since
    }
    if grown:
        names = Joined(tuple(Text(f"exercise/{exercise}/name") for exercise in grown), ", ")
        return text("progress/grown", names=names)
    count = len(draft.member.known.programme)
    return text("progress/exercises", count=count) if count else text("progress/begins")


def show_support(draft: Draft, argument: str) -> list[Ended]:
    """Help from others: prescription, courses, apps. What exists depends on the country."""
    cards = _support_cards(draft)
    if argument in cards:
        card = cards[argument]
        body = text(
            "card/shown",
            title=Text(f"card/{argument}/title"),
            text=Text(f"card/{argument}/text"),
            source=_source(draft, card),
        )
        draft.send(draft.words(body), buttons=draft.link_rows(("support",)))
    else:
        buttons = [_button(draft, f"support/{each}", f"/support {each}") for each in cards]
        draft.send(draft.words(text("support/text")), buttons=_rows(buttons))
    return go_back(draft)


def _support_cards(draft: Draft) -> dict[str, Card]:
    country = draft.member.known.about.country or draft.kit.operator.country
    known = {card.id: card for card in draft.kit.library.cards}
    return {
        each: known[each]
        for each in SUPPORT
        if each in known and (not known[each].countries or country in known[each].countries)
    }


def _source(draft: Draft, card: Card) -> str:
    return draft.kit.library.sources[checked_sources(card.sources, draft.kit.library)[0]].citation


def show_consent(draft: Draft) -> list[Ended]:
    """What was agreed to, since when, and how it is taken back."""
    known = draft.member.known
    lines = tuple(
        text("consent/line", what=Text(f"consent/for-{purpose}"), wording=wording)
        for purpose, wording in known.consents
    )
    joined = date.fromisoformat(known.joined) if known.joined else draft.moment.day
    body = text("consent/text", lines=Joined(lines), day=date_text(joined), year=joined.year)
    draft.send(draft.words(body), buttons=draft.link_rows(("privacy", "erase")))
    return go_back(draft)


def show_export(draft: Draft) -> list[Ended]:
    """All that is kept, as a file that is made for this one send; where it goes says who can see it there.

    It holds own words: where those may not be shown, it is to be had in the other place. Whoever has no other place
    any more gets it here all the same: it is theirs.
    """
    if draft.channel == UNSEALED and draft.elsewhere and draft.was_sealed:
        draft.send(draft.words(text("export/elsewhere")), kind=Kind.EXPORT)
        return go_back(draft)
    body = text("export/text", where=text(f"export/in-{draft.channel}"))
    draft.send(draft.words(body), buttons=draft.link_rows(("privacy",)), kind=Kind.EXPORT, file=Attachment.EXPORT)
    return go_back(draft)


def _button(draft: Draft, label: str, data: str) -> Button:
    return Button(label=draft.words(Text(label)), data=data)


def _rows(buttons: list[Button]) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(buttons[i : i + _IN_A_ROW]) for i in range(0, len(buttons), _IN_A_ROW))
