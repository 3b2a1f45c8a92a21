"""What each command does. A command that only shows something is answered, and the open question asked again below."""

from collections.abc import Callable
from datetime import date

from bot.dialogue.agenda import begin_flare, begin_news, begin_practice, book_prompt, greet, is_ready, offer_session
from bot.dialogue.below import asks_about_alarm, explain_first
from bot.dialogue.commands import Called, Command, read_name
from bot.dialogue.conversation import Ended, end_early, open_flow, show_again
from bot.dialogue.counting import begin_steps
from bot.dialogue.dates import date_text
from bot.dialogue.explaining import present_reasons
from bot.dialogue.facts import LanguageChosen, StatusChanged
from bot.dialogue.flows.flare import FLARING
from bot.dialogue.flows.onboarding import ONBOARDING
from bot.dialogue.flows.pausing import Reason
from bot.dialogue.flows.session import PROMPT, SESSION
from bot.dialogue.flows.settings import ERASING, STOPPING, EraseStart, StopStart
from bot.dialogue.learning import begin_card
from bot.dialogue.limiting import begin_limits
from bot.dialogue.linking import LINK_CODE, begin_link, begin_unlink, redeem
from bot.dialogue.locked import show_room
from bot.dialogue.measuring import begin_test
from bot.dialogue.member import FlowState, Status
from bot.dialogue.mending import begin_mending
from bot.dialogue.messages import Button, Kind, Priority
from bot.dialogue.moment import Moment, from_micros
from bot.dialogue.preferring import begin_settings
from bot.dialogue.quantities import parse_scale
from bot.dialogue.rounding import (
    CARDS,
    CODE,
    ROOM_CODE,
    begin_round,
    code_typed,
    explain_rounds,
    invite,
    join_round,
    leave_rounds,
)
from bot.dialogue.rounds import DOOR
from bot.dialogue.showing import show_consent, show_exercises, show_export, show_help, show_progress, show_support
from bot.dialogue.talking import say_topic, topic_of
from bot.dialogue.telling import (
    PAUSE_OVER,
    begin_pain,
    begin_pause,
    begin_problem,
    begin_report,
    begin_walk,
    first,
)
from bot.dialogue.text import Joined, Text, text
from bot.dialogue.turn import Draft
from bot.dialogue.underage import hear_age
from bot.dialogue.whose import kept_at, run_by
from bot.library.catalog import Catalog

NEEDS_CONSENT = {
    Command.TODAY,
    Command.STOP,
    Command.RESUME,
    Command.WHY,
    Command.MISTYPED,
    Command.FLARE,
    Command.NEWS,
    Command.PAIN,
    Command.EXERCISES,
    Command.PROGRESS,
    Command.PAUSE,
    Command.SETTINGS,
    Command.WALK,
    Command.STEPS,
    Command.CONSENT,
    Command.EXPORT,
    Command.REPORT,
    Command.TEST,
    Command.PRACTICE,
}
# What may be had while words that may be an alarm wait to be explained: help, and what is anybody's right at any time.
BESIDE_AN_ALARM = {
    Command.EMERGENCY,
    Command.HELP,
    Command.LANGUAGE,
    Command.PRIVACY,
    Command.STOP,
    Command.ERASE,
    Command.EXPORT,
    Command.LINK,
    Command.UNLINK,
}


def obey(draft: Draft, called: Called) -> list[Ended]:
    """Carry out a command. Before consent only help, emergency, language and erasing do more than greet."""
    if asks_about_alarm(draft) and called.command not in BESIDE_AN_ALARM:
        explain_first(draft)
        return []
    if called.command is Command.START and called.argument == DOOR:
        called = Called(Command.GROUP)
    code = code_typed(CODE, called.argument) if called.command is Command.START else None
    if code is not None and not is_ready(draft):
        draft.change(start_code=code)
        if not draft.member.known.consents and draft.channel in CARDS:
            return invite(draft, code)
    if called.command is Command.START and called.argument.startswith(LINK_CODE):
        return redeem(draft, called.argument.removeprefix(LINK_CODE))
    is_rooms = called.command is Command.START and code_typed(ROOM_CODE, called.argument) is not None
    if is_rooms and is_ready(draft):
        draft.send(draft.words(text("round/room-code")))
        return []
    if called.command is Command.START and not draft.member.known.consents and draft.member.open is None:
        return greet(draft, called.argument)
    if called.command in NEEDS_CONSENT and not draft.member.known.consents:
        stops = called.command is Command.STOP and draft.member.open is None
        return leave_rounds(draft) if stops else _begin(draft)
    if code is not None and is_ready(draft):
        return join_round(draft, code)
    with_argument = _WITH_ARGUMENT.get(called.command)
    return with_argument(draft, called.argument) if with_argument else _DOES[called.command](draft)


def opt_out(draft: Draft) -> list[Ended]:
    """Nothing is sent any more, at once and without a question; safety follow-ups remain."""
    _end_flows(draft)
    draft.record(StatusChanged(status=Status.LEFT.value))
    draft.drop_appointments(PROMPT)
    draft.send(draft.words(text("stop/all")))
    return []


def say_unknown(draft: Draft, typed: str) -> list[Ended]:
    """A command's bare name is obeyed, an everyday thing gets its answer, a bare number may be a pain number.

    Anything else gets one honest line and three doors.
    """
    lock = draft.member.known.lock
    if lock is not None and draft.member.alarm is not None:
        show_again(draft, "alarm")  # the room says it itself
        return []
    if lock is not None:
        draft.send(
            draft.words(text(f"{lock.disposition}/locked", emergency=draft.emergency_number)),
            buttons=draft.link_rows(("emergency", "help")),
            kind=Kind.EMERGENCY,
        )
        return []
    named = read_name(typed)
    if named is not None:
        return obey(draft, named)
    age = hear_age(draft, typed)
    if age is not None:
        return age
    topic = topic_of(draft, typed, waiting=False)
    if topic is not None:
        say_topic(draft, topic)
        _ask_again(draft)
        return []
    value = parse_scale(typed, 0, 10)
    if value is not None:
        meant = Button(label=draft.words(text("pain/meant-yes", value=value)), data=f"/pain {value}")
        draft.send(draft.words(text("pain/meant")), buttons=((meant,),))
        return []
    draft.send(draft.words(text("unknown/line")), buttons=draft.link_rows(("hurts", "news", "menu")))
    _ask_again(draft)
    return []


def emergency_card(catalog: Catalog, emergency: str, doctor: str, crisis: str) -> str:
    """The text of /notfall: static, so that it can be shown while the database is away."""
    return catalog.text("emergency-card/text", {"emergency": emergency, "doctor": doctor, "crisis": crisis})


def _ask_again(draft: Draft) -> None:
    for slot in ("alarm", "open"):
        if getattr(draft.member, slot) is not None:
            show_again(draft, slot)
            return


def _begin(draft: Draft) -> list[Ended]:
    if draft.member.open is not None:
        show_again(draft, "open")
        return []
    return greet(draft)


def _start(draft: Draft) -> list[Ended]:
    if not draft.member.known.consents:
        return _begin(draft)
    if draft.member.status is Status.LEFT:
        return _resume(draft)
    return _today(draft)


def _today(draft: Draft) -> list[Ended]:
    """Today's card; the disposition's text while locked; the next missing question while onboarding is open."""
    standing = draft.member.open
    if draft.member.known.lock is not None:
        return show_room(draft)
    if standing is not None and (standing.flow in {SESSION.name, ONBOARDING.name} or _is_todays_flare(draft, standing)):
        show_again(draft, "open")
        return []
    return offer_session(draft)


def _is_todays_flare(draft: Draft, state: FlowState) -> bool:
    """Its lists are not asked twice."""
    opened = Moment(from_micros(state.opened), draft.moment.zone)
    return state.flow == FLARING.name and opened.day == draft.moment.day


def _emergency(draft: Draft) -> list[Ended]:
    known = draft.help_numbers
    card = emergency_card(draft.catalog, known.emergency, known.doctor, known.crisis)
    draft.send(card, kind=Kind.EMERGENCY, priority=Priority.EMERGENCY)
    _ask_again(draft)
    return []


def _stop(draft: Draft) -> list[Ended]:
    return open_flow(draft, STOPPING, StopStart(asking=draft.member.open is not None))


def _resume(draft: Draft) -> list[Ended]:
    """A parked flow first, else the end of a pause, else today."""
    if draft.member.parked is not None and draft.member.open is None:
        draft.change(open=draft.member.parked, parked=None)
        show_again(draft, "open")
        return []
    if draft.member.status is Status.ACTIVE:
        return _today(draft)
    draft.record(StatusChanged(status=Status.ACTIVE.value))
    draft.drop_appointments(PAUSE_OVER)
    book_prompt(draft)
    draft.send(draft.words(text("resume/welcome")), buttons=draft.link_rows(("today",)))
    return []


def _why(draft: Draft) -> list[Ended]:
    """The decisions behind today's plan, else the latest ones: rule, the member's own numbers, source."""
    if draft.member.known.lock is not None:
        return say_unknown(draft, "")  # what is locked explains itself by the room's own text
    if draft.member.status in {Status.PAUSED, Status.LEFT}:
        return _why_quiet(draft)
    reasons = present_reasons(draft.member, draft.kit) if is_ready(draft) else []
    if not reasons:
        draft.send(draft.words(text("why/nothing")))
    else:
        draft.send(draft.words(text("why/text", reasons=Joined(tuple(reasons)))), kind=Kind.PLAN)
    _ask_again(draft)
    return []


def _why_quiet(draft: Draft) -> list[Ended]:
    """A pause is the member's own: since when and until when it holds, and what it changes in the programme."""
    pause = draft.member.known.pause
    if draft.member.status is Status.LEFT or pause is None:
        what = text("why/left" if draft.member.status is Status.LEFT else "why/paused-open")
    else:
        until = date_text(date.fromisoformat(pause.until)) if pause.until else None
        lead = text("pause/until", day=until) if until is not None else text("pause/open")
        frozen = draft.kit.library.thresholds.pause.frozen_days
        rests = pause.why in {Reason.HOLIDAY, Reason.ILL}
        what = text("why/paused-rests", lead=lead, days=frozen) if rests else text("why/paused-other", lead=lead)
    draft.send(draft.words(what), buttons=draft.link_rows(("resume",)))
    return []


def _privacy(draft: Draft) -> list[Ended]:
    operator = draft.kit.operator
    draft.send(
        draft.words(
            text(
                "privacy/text",
                operator=run_by(operator.name),
                contact=operator.contact,
                place=kept_at(operator.place, operator.name),
                months=operator.months,
                channel=Text(f"privacy/channel-{draft.channel}"),
                more=text("privacy/more", url=operator.privacy_url) if operator.privacy_url else "",
            )
        )
    )
    _ask_again(draft)
    return []


def _erase(draft: Draft) -> list[Ended]:
    return open_flow(draft, ERASING, EraseStart())


def _language(draft: Draft) -> list[Ended]:
    """The other language; the open question is asked again in it."""
    other = "en" if draft.member.language == "de" else "de"
    draft.record(LanguageChosen(language=other))
    draft.send(draft.words(text("language/changed")))
    _ask_again(draft)
    return []


def _learn(draft: Draft) -> list[Ended]:
    if not draft.member.known.consents:
        return _begin(draft)
    before = first(draft)
    return begin_card(draft) if before is None else before


def _group(draft: Draft, argument: str) -> list[Ended]:
    """Guests have no profile, so nothing of it can be missing."""
    before = first(draft) if draft.member.known.consents else None
    return begin_round(draft, argument) if before is None else before


def _round(draft: Draft) -> list[Ended]:
    """How it works; whoever was just invited is asked again."""
    explain_rounds(draft)
    if draft.member.start_code and not draft.member.known.consents and draft.channel in CARDS:
        return invite(draft, draft.member.start_code)
    _ask_again(draft)
    return []


def _end_flows(draft: Draft) -> None:
    for slot in ("open", "parked"):
        end_early(draft, slot)


_DOES: dict[Command, Callable[[Draft], list[Ended]]] = {
    Command.START: _start,
    Command.TODAY: _today,
    Command.HELP: show_help,
    Command.EMERGENCY: _emergency,
    Command.STOP: _stop,
    Command.RESUME: _resume,
    Command.WHY: _why,
    Command.PRIVACY: _privacy,
    Command.ERASE: _erase,
    Command.LANGUAGE: _language,
    Command.MISTYPED: begin_mending,
    Command.FLARE: begin_flare,
    Command.NEWS: begin_news,
    Command.ROUND: _round,
    Command.LEARN: _learn,
    Command.PROGRESS: show_progress,
    Command.SETTINGS: begin_settings,
    Command.CONSENT: show_consent,
    Command.PROBLEM: begin_problem,
    Command.EXPORT: show_export,
    Command.REPORT: begin_report,
    Command.TEST: begin_test,
    Command.PRACTICE: begin_practice,
    Command.LIMITS: begin_limits,
}
_WITH_ARGUMENT: dict[Command, Callable[[Draft, str], list[Ended]]] = {
    Command.GROUP: _group,
    Command.PAIN: begin_pain,
    Command.EXERCISES: show_exercises,
    Command.PAUSE: begin_pause,
    Command.WALK: begin_walk,
    Command.STEPS: begin_steps,
    Command.SUPPORT: show_support,
    Command.LINK: begin_link,
    Command.UNLINK: begin_unlink,
}

__all__ = ["emergency_card", "obey", "opt_out", "say_unknown"]
