"""The room after a flag: the texts of emergency, crisis, urgent and doctor-first, what follows them, and the way back.

These texts are always new messages and go to every address. Nothing here offers an exercise.
"""

from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum

from bot.dialogue.appointments import Nature
from bot.dialogue.facts import Cleared, Disposed, Screened
from bot.dialogue.flows.following import clarified
from bot.dialogue.flows.lines import CLEAR, Line, YesNoUnsure, judge, written
from bot.dialogue.kit import Numbers
from bot.dialogue.messages import Kind
from bot.dialogue.questions import Choice, Place, SafetyChoice
from bot.dialogue.steps import After, Flow, FlowDef, OnDay, ask, book, record, run, say
from bot.dialogue.text import Text, text

AFTER_EMERGENCY = "after-emergency"
AFTER_URGENT = "after-urgent"
AFTER_CRISIS = "after-crisis"
AFTER_DOCTOR_FIRST = "after-doctor-first"  # one reminder, if wanted
DAY = timedelta(hours=24)
MISTAKE_WINDOW_S = 30 * 60  # since the lock: "[Vertippt] works within 30 minutes, once" (EXPERIENCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DisposedStart:
    """`item`: the line or category to say on the phone. `list`: the lines a mistaken tap can be corrected on."""

    disposition: str
    numbers: Numbers
    item: str = ""
    list: int = 0
    lines: tuple[Line, ...] = ()
    clearable: bool = False
    again: bool = False  # the lock is older than this text: what is asked later is booked already


class EmergencyReply(StrEnum):
    COMING = "coming"
    UNSURE = "unsure"
    MISTAKE = "mistake"
    CLEARED = "cleared"


class UrgentReply(StrEnum):
    UNDERSTOOD = "understood"
    MISTAKE = "mistake"
    CLEARED = "cleared"


class CrisisReply(StrEnum):
    READ = "read"
    CLEARED = "cleared"


class DoctorReply(StrEnum):
    CLEARED = "cleared"
    PREPARE = "prepare"
    MISTAKE = "mistake"


class Remind(StrEnum):
    YES = "yes"
    NO = "no"


class Way(StrEnum):
    """How a disposition's room was left."""

    STAYS = "stays"
    CORRECTED = "corrected"
    CLEARANCE = "clearance"


def _phone_line(start: DisposedStart) -> Text:
    return text(f"phone/{start.item}") if start.item else text("phone/unknown")


def _replies(start: DisposedStart, replies: type[StrEnum]) -> tuple[StrEnum, ...]:
    """A mistaken tap can only be corrected where a list was tapped; clearance has its time."""
    away = {*(() if start.lines else ("mistake",)), *(() if start.clearable else ("cleared",))}
    return tuple(reply for reply in replies if reply.value not in away)


def _disposed(start: DisposedStart) -> Flow[Way]:
    match start.disposition:
        case "emergency":
            return (yield from _emergency(start))
        case "crisis":
            return (yield from _crisis(start))
        case "urgent":
            return (yield from _urgent(start))
        case _:
            return (yield from _doctor_first(start))


def _room(start: DisposedStart, replies: type[StrEnum]) -> Choice[StrEnum]:
    return Choice(
        id=start.disposition,
        text=_room_text(start),
        options=_replies(start, replies),
        labels=f"{start.disposition}/reply",
        row=2,
        place=Place.BELOW,
        kind=Kind.EMERGENCY,
        back=False,
        done=f"{start.disposition}/done",
    )


def _room_text(start: DisposedStart) -> Text:
    """Violence at home and poisoning have a help line of their own."""
    if start.item == "violence":
        return text("violence/text", emergency=start.numbers.emergency, violence=start.numbers.violence)
    if start.item == "overdose":
        return text("overdose/text", emergency=start.numbers.emergency, poison=start.numbers.poison)
    return text(
        f"{start.disposition}/text",
        line=_phone_line(start),
        emergency=start.numbers.emergency,
        doctor=start.numbers.doctor,
        crisis=start.numbers.crisis,
    )


def _emergency(start: DisposedStart) -> Flow[Way]:
    if not start.again:
        yield from book(AFTER_EMERGENCY, After(timedelta(minutes=30)), nature=Nature.SAFETY, at_once=True)
    reply = yield from ask(_room(start, EmergencyReply))
    if reply == EmergencyReply.MISTAKE:
        return (yield from _corrected(start))
    if reply == EmergencyReply.CLEARED:
        return Way.CLEARANCE
    answer = "emergency/coming" if reply == EmergencyReply.COMING else "emergency/unsure"
    yield from say(text(answer, emergency=start.numbers.emergency), kind=Kind.EMERGENCY)
    return Way.STAYS


def _urgent(start: DisposedStart) -> Flow[Way]:
    if not start.again:
        yield from book(AFTER_URGENT, After(DAY), nature=Nature.SAFETY, at_once=True)
    reply = yield from ask(_room(start, UrgentReply))
    if reply == UrgentReply.MISTAKE:
        return (yield from _corrected(start))
    return Way.CLEARANCE if reply == UrgentReply.CLEARED else Way.STAYS


def _crisis(start: DisposedStart) -> Flow[Way]:
    if not start.again:
        yield from book(AFTER_CRISIS, OnDay(time(10), days=1), nature=Nature.SAFETY, at_once=True)
    reply = yield from ask(_room(start, CrisisReply))
    if reply == CrisisReply.CLEARED:
        return Way.CLEARANCE
    yield from say(text("crisis/read", emergency=start.numbers.emergency), kind=Kind.EMERGENCY)
    return Way.STAYS


def _doctor_first(start: DisposedStart) -> Flow[Way]:
    reply = yield from ask(_room(start, DoctorReply))
    if reply == DoctorReply.MISTAKE:
        return (yield from _corrected(start))
    if reply == DoctorReply.PREPARE:
        return (yield from _prepared(start))
    return Way.CLEARANCE


def _prepared(start: DisposedStart) -> Flow[Way]:
    """Not a wall: words for the appointment, everyday walking meanwhile, one reminder if wanted."""
    yield from say(text("doctor_first/note", line=_phone_line(start)))
    yield from say(text("doctor_first/walking", emergency=start.numbers.emergency), kind=Kind.WALKING)
    remind = yield from ask(
        Choice(
            id="remind",
            text=text("doctor_first/remind"),
            options=tuple(Remind),
            labels="doctor_first/remind-reply",
            place=Place.BELOW,
            done="doctor_first/remind-done",
        )
    )
    if remind is Remind.YES:
        yield from book(AFTER_DOCTOR_FIRST, After(timedelta(days=7)), nature=Nature.SAFETY)
    return Way.STAYS


def _corrected(start: DisposedStart) -> Flow[Way]:
    yield from run(CORRECTION, start)
    return Way.CORRECTED


def _correction(start: DisposedStart) -> Flow[None]:
    """Every line of the list singly; all no is an explicit clearance. Both answers stay in the journal."""
    answers: dict[str, str] = {}
    for line in start.lines:
        reply = yield from ask(
            SafetyChoice(
                id=f"correct/{line.item}",
                text=text("correction/line", line=Text(f"screening/{line.item}")),
                options=tuple(YesNoUnsure),
                labels="screening/single",
                row=3,
                kind=Kind.EMERGENCY,
                place=Place.BELOW,
                done="screening/line-done",
            )
        )
        answers[line.item] = reply.value
    answers = yield from clarified(start.lines, answers)
    judged = judge(start.lines, answers)
    yield from record(Screened(list=start.list, answers=written(start.lines, answers)), at_once=True)
    yield from record(Cleared(by="correction", disposition=start.disposition), at_once=True)
    if judged != CLEAR:
        yield from record(Disposed(disposition=judged.disposition, items=judged.items, corrected=True), at_once=True)
    if not judged.locked:
        yield from say(text("correction/clear"))


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpStart:
    """What is asked once, later: after 30 minutes, 24 hours, or the next day."""

    disposition: str
    numbers: Numbers


class FollowUpReply(StrEnum):
    YES = "yes"
    NO = "no"


def _follow_up(start: FollowUpStart) -> Flow[bool]:
    reply = yield from ask(
        Choice(
            id="follow-up",
            text=text(f"{start.disposition}/follow-up", emergency=start.numbers.emergency, doctor=start.numbers.doctor),
            options=tuple(FollowUpReply),
            labels=f"{start.disposition}/follow-up-reply",
            place=Place.BELOW,
            kind=Kind.EMERGENCY,
            back=False,
            done="follow-up/done",
        )
    )
    helped = reply == FollowUpReply.YES
    answer = f"{start.disposition}/helped" if helped else f"{start.disposition}/not-helped"
    yield from say(
        text(
            answer,
            emergency=start.numbers.emergency,
            doctor=start.numbers.doctor,
            crisis=start.numbers.crisis,
        ),
        kind=Kind.EMERGENCY,
    )
    return helped


_LINES = (Line(item="rf_saddle", yes="emergency", unsure="urgent"),)
_NUMBERS = Numbers()
DISPOSED: FlowDef[DisposedStart, Way] = FlowDef(
    name="disposed",
    start=DisposedStart,
    body=_disposed,
    results=tuple(Way),
    samples=(
        DisposedStart(disposition="emergency", numbers=_NUMBERS, item="rf_saddle", list=1, lines=_LINES),
        DisposedStart(disposition="emergency", numbers=_NUMBERS, item="chest_pain", clearable=True),
        DisposedStart(disposition="emergency", numbers=_NUMBERS, item="overdose"),
        DisposedStart(disposition="urgent", numbers=_NUMBERS, item="violence", clearable=True),
        DisposedStart(disposition="urgent", numbers=_NUMBERS, item="rf_fever", list=3, lines=_LINES),
        DisposedStart(disposition="crisis", numbers=_NUMBERS),
        DisposedStart(disposition="crisis", numbers=_NUMBERS, clearable=True),
        DisposedStart(
            disposition="doctor_first", numbers=_NUMBERS, item="rf_cancer", list=4, lines=_LINES, clearable=True
        ),
    ),
    parkable=False,
)
CORRECTION: FlowDef[DisposedStart, None] = FlowDef(
    name="correction",
    start=DisposedStart,
    body=_correction,
    results=(None,),
    samples=(DisposedStart(disposition="emergency", numbers=_NUMBERS, list=1, lines=_LINES),),
    parkable=False,
)
FOLLOW_UP: FlowDef[FollowUpStart, bool] = FlowDef(
    name="follow-up",
    start=FollowUpStart,
    body=_follow_up,
    results=(True, False),
    samples=tuple(
        FollowUpStart(disposition=d, numbers=_NUMBERS) for d in ("emergency", "urgent", "crisis", "doctor_first")
    ),
    parkable=False,
)
