"""What comes next: which flow begins when a member arrives, when a flow has ended, and which is no longer due."""

from datetime import time, timedelta

from bot.coach.allowing import Exercises
from bot.dialogue.advising import advise, send_postcard
from bot.dialogue.beside import wording
from bot.dialogue.clearances import soft_clearance_start
from bot.dialogue.contact import NOON, days_ahead, is_wanted
from bot.dialogue.conversation import SLOTS, Ended, end_early, open_flow, show_again, state_in
from bot.dialogue.endings import begin_ending, wants_ending
from bot.dialogue.facts import ROTATE, AlarmRaised
from bot.dialogue.flaring import flare_start
from bot.dialogue.flows.clarify import CLARIFY, Clarified
from bot.dialogue.flows.clearing import CLEARANCE, Opened
from bot.dialogue.flows.disposed import FOLLOW_UP, Way
from bot.dialogue.flows.ending import ENDING
from bot.dialogue.flows.flare import FLARING, Eased
from bot.dialogue.flows.lists import LISTS, ListsStart
from bot.dialogue.flows.morning import MORNING, MorningStart
from bot.dialogue.flows.onboarding import ONBOARDING, Onboarded
from bot.dialogue.flows.portion import Kept
from bot.dialogue.flows.relief import NIGHT
from bot.dialogue.flows.relief import After as Night
from bot.dialogue.flows.round_joining import ROUND_JOIN, RoundJoinStart
from bot.dialogue.flows.session import HARD, PROMPT, REST, SESSION, decision_of, reason_of
from bot.dialogue.flows.session import Ended as SessionResult
from bot.dialogue.flows.settings import STOPPING, Stop, StopStart
from bot.dialogue.lock import end_outdated
from bot.dialogue.locked import after_visit, begin_clarify, begin_clearance, open_room
from bot.dialogue.member import Known, Status
from bot.dialogue.messages import Where
from bot.dialogue.nights import begin_relief, is_bad_night
from bot.dialogue.planning import RestDay, plan_session
from bot.dialogue.portioning import begin_portion, begin_usual
from bot.dialogue.quoting import greeted, quoted
from bot.dialogue.rescreening import lists_start
from bot.dialogue.session_start import lasting
from bot.dialogue.starts import news_start, onboarding_start
from bot.dialogue.steps import Book, OnDay
from bot.dialogue.text import Joined, text
from bot.dialogue.turn import Draft
from bot.dialogue.walks import walk_text
from bot.dialogue.whose import kept_at
from bot.library.quick import altered


def greet(draft: Draft, said: str = "") -> list[Ended]:
    """A person without consent: the welcome, or why there is none. `said`: what was written, or came with the link."""
    if not _is_taken_on(draft, said):
        operator, number = draft.kit.operator, draft.emergency_number
        closed = text("signup/closed", contact=operator.contact, emergency=number)
        coded = text("signup/code", contact=operator.contact, emergency=number)
        why = draft.words(coded if operator.signup == "code" else closed)
        draft.send(why, buttons=draft.link_rows(("emergency",)))
        return []
    return open_flow(draft, ONBOARDING, onboarding_start(draft.kit, draft.member.known, draft.channel))


def _is_taken_on(draft: Draft, said: str) -> bool:
    """Whether the operator takes this person on. Whoever has consented stays a member, whatever is set later."""
    operator = draft.kit.operator
    if operator.signup == "code":
        return said.strip() == operator.signup_code
    return operator.signup == "open"


def is_ready(draft: Draft) -> bool:
    """Consented, screened and not locked: the only state in which an exercise may be offered."""
    known = draft.member.known
    return bool(known.consents) and known.lock is None and known.disposition is not None and known.tags is not None


def after(draft: Draft, ended: Ended) -> list[Ended]:
    """What follows a flow's end. Draws no conclusion about exercise itself: `offer_session` looks at the lock."""
    match ended.result:
        case Onboarded.REFUSED:
            draft.erase = True
        case Onboarded.UNDERAGE:
            draft.turn_away()
        case Onboarded.READY:
            draft.minor = False
            return begin_relief(draft) if is_bad_night(draft) else offer_session(draft)
        case Onboarded.LOCKED | SessionResult.LOCKED | Eased.LOCKED:
            return open_room(draft)
        case Way.CLEARANCE:
            return begin_clearance(draft)
        case Way.CORRECTED:
            return go_on(draft)
        case Stop():
            _stopped(draft, ended.result)
        case SessionResult():
            return _after_session(draft, ended.result)
        case Kept():
            return _after_portion(draft, ended.result)
        case _:
            return _after_others(draft, ended)
    return []


def _join_at_last(draft: Draft) -> list[Ended]:
    """The round whose link brought this person here, now that the first answers are given."""
    code = draft.member.start_code
    if not code or draft.member.open is not None:
        return []
    draft.change(start_code="")
    return open_flow(draft, ROUND_JOIN, RoundJoinStart(code=code, open=draft.channel == "matrix"))


def _after_session(draft: Draft, result: SessionResult) -> list[Ended]:
    if result in {SessionResult.FLARE, SessionResult.HARD}:
        return ease(draft, said=result is SessionResult.FLARE)
    if result is SessionResult.STOP:
        return open_flow(draft, STOPPING, StopStart())
    if result in {SessionResult.DONE, SessionResult.BRIEF} and wants_ending(draft):
        return begin_ending(draft)
    if result is not SessionResult.DONE or advise(draft) or send_postcard(draft):
        return _join_at_last(draft)
    return _ask_more(draft)


def _ask_more(draft: Draft) -> list[Ended]:
    """A small portion of the profile, if there is one for now."""
    begun = begin_portion(draft)
    return _join_at_last(draft) if begun is None else begun


def _after_portion(draft: Draft, kept: Kept) -> list[Ended]:
    """The second portion of the day follows an answer, never a [Later]."""
    match kept:
        case Kept.LOCKED:
            return open_room(draft)
        case Kept.HEAVY:
            draft.record(AlarmRaised(level="crisis", category="suicidal", certainty="ask", rule="mood"))
            return begin_clarify(draft, "crisis", "suicidal")
        case Kept.LATER:
            return _join_at_last(draft)
        case Kept.ANSWERED:
            return _ask_more(draft)


def _told_today(draft: Draft) -> bool:
    """A pain number of today is known, so that the day need not be asked whether it is a hard one."""
    day = draft.moment.day.isoformat()
    return any(pain.day == day and pain.when != "after" and pain.value is not None for pain in draft.member.known.pains)


def begin_news(draft: Draft) -> list[Ended]:
    """/neu: a symptom, a fall, pregnancy, a medicine, an operation."""
    if draft.member.known.lock is not None:
        return open_room(draft)
    if not is_ready(draft):
        return _finish_onboarding(draft)
    for slot in SLOTS:
        end_early(draft, slot)
    return open_flow(draft, ONBOARDING, news_start(draft.kit, draft.member.known, draft.channel, draft.moment.day))


def begin_practice(draft: Draft) -> list[Ended]:
    """/praxis: what a practice said. Under a lock its own room leads there; where nothing waits, say so."""
    known = draft.member.known
    if known.lock is not None:
        return open_room(draft)
    if not is_ready(draft):
        return _finish_onboarding(draft)
    start = soft_clearance_start(draft.kit, known, draft.moment.day)
    if start is None:
        draft.send(draft.words(text("clearance/nothing")), buttons=draft.link_rows(("limits", "news", "today")))
        return []
    for slot in SLOTS:
        end_early(draft, slot)
    return open_flow(draft, CLEARANCE, start)


def begin_flare(draft: Draft) -> list[Ended]:
    """The member says that today is bad."""
    if draft.member.known.lock is not None:
        return open_room(draft)
    return ease(draft, said=True) if is_ready(draft) else _finish_onboarding(draft)


def ease(draft: Draft, *, said: bool) -> list[Ended]:
    """A gentle day; exercises planned for another kind of day end by their own rule."""
    _end_sessions(draft)
    start = flare_start(draft.member, draft.moment, draft.kit, said=said)
    return open_flow(draft, FLARING, altered(start, helped=quoted(draft, start.helped)))


def _end_sessions(draft: Draft) -> None:
    """What was done of them counts before anything is planned: nothing comes twice because it was left half-way."""
    for slot in SLOTS:
        state = state_in(draft, slot)
        if state is not None and state.flow == SESSION.name:
            end_early(draft, slot)


def _after_others(draft: Draft, ended: Ended) -> list[Ended]:
    is_locked = draft.member.known.lock is not None
    match (ended.flow, ended.result):
        case (CLARIFY.name, _) | (CLEARANCE.name, Opened.LOCKED) | (NIGHT.name, Night.LOCKED) if is_locked:
            return open_room(draft, ended.result.others if isinstance(ended.result, Clarified) else ())
        case (CLEARANCE.name, Opened.OPEN):
            return go_on(draft)
        case (FOLLOW_UP.name, True):
            return after_visit(draft)
        case _ if _begins_anew(draft, ended):
            return offer_session(draft)  # after a night: or the answers that are still missing
        case (ONBOARDING.name, Onboarded.NIGHT):
            return begin_relief(draft)
        case (FLARING.name, Eased.EASED):
            return _after_easing(draft)
        case (ENDING.name, _):
            return _join_at_last(draft)
        case ("erasing", True):
            draft.erase = True
            whose = draft.kit.operator
            place = kept_at(whose.place, whose.name)
            draft.send(draft.words(text("erase/done", place=place)), where=Where.EVERYWHERE)
        case _:
            pass
    return []


def _after_easing(draft: Draft) -> list[Ended]:
    """The first day's end, or the usual anew where only what was told makes the day a hard one, or advice."""
    begun = begin_ending(draft) if wants_ending(draft) else begin_usual(draft)
    if begun is None:
        advise(draft)
    return begun or []


def _begins_anew(draft: Draft, ended: Ended) -> bool:
    """After a night; and where words that were no alarm interrupted exercises: these end, the rest is planned anew."""
    is_no = (ended.flow, ended.result) == (CLARIFY.name, Clarified(stands=False))
    return ended.flow == NIGHT.name or (is_no and end_outdated(draft, "open"))


def go_on(draft: Draft) -> list[Ended]:
    """After a corrected tap or a practice's okay: what was locked before, the rest of the onboarding, or the day."""
    if draft.member.known.lock is not None:
        return open_room(draft)
    start = onboarding_start(draft.kit, draft.member.known, draft.channel)
    if not draft.member.known.consents:
        return greet(draft)
    if start.parts and not is_ready(draft):
        return open_flow(draft, ONBOARDING, start)
    return []


def _stopped(draft: Draft, stop: Stop) -> None:
    if stop is Stop.QUESTION:
        end_early(draft, "parked")
        draft.send(draft.words(text("stop/question")))
    if stop in {Stop.ALL, Stop.PAUSE}:
        draft.drop_appointments(PROMPT)
        for slot in ("open", "parked"):
            end_early(draft, slot)


def offer_session(draft: Draft, *, minute: bool = False) -> list[Ended]:
    """Today's exercises, if the member may have any; else the reason why not, or the next missing question.

    `minute`: one minute was asked for; where it can be had, it begins without an offer.
    """
    if draft.member.known.lock is not None:
        return open_room(draft)
    if not is_ready(draft):
        return _finish_onboarding(draft)
    lists = lists_start(draft.member.known, draft.moment, draft.kit)
    if lists is not None:
        return _begin_lists(draft, lists)
    _end_sessions(draft)
    if draft.kit.exercises is Exercises.OFF:
        say_off(draft)
        return begin_ending(draft) if wants_ending(draft) else []
    planned = plan_session(draft.member, draft.moment, draft.kit)
    if planned.gate in HARD and (_told_today(draft) or isinstance(planned, RestDay)):
        return ease(draft, said=False)
    if isinstance(planned, RestDay):
        _rest(draft, planned)
        return []
    return open_flow(draft, SESSION, altered(greeted(draft, planned), minute=minute and planned.micro is not None))


def say_off(draft: Draft) -> None:
    """The operator wants no exercises: what there is instead."""
    draft.send(draft.words(text("session/off")), buttons=draft.link_rows(("walk", "learn")))


def _begin_lists(draft: Draft, start: ListsStart) -> list[Ended]:
    """The lists before the next exercises; those that stand open already are asked again below."""
    standing = draft.member.open
    if standing is not None and standing.flow == LISTS.name:
        show_again(draft, "open")
        return []
    return open_flow(draft, LISTS, start)


def _rest(draft: Draft, rest: RestDay) -> None:
    """Say that there is nothing to do today, and why; a walk may still suit. The decision is made once."""
    walk = (walk_text(rest.walk),) if rest.walk.minutes else ()
    links = draft.link_rows((*(("why",) if rest.changes else ()), *(("walk",) if walk else ())))
    if rest.changes:
        reasons = (reason_of(change) for change in lasting(rest.changes))
        draft.send(draft.words(text("session/resting", reasons=Joined((*reasons, *walk)))), buttons=links)
    else:
        draft.send(draft.words(Joined((text("session/nothing"), *walk))), buttons=links)
    for change in rest.changes:
        if change.change in {REST, ROTATE}:
            draft.record(decision_of(change))


def _finish_onboarding(draft: Draft) -> list[Ended]:
    standing = draft.member.open
    if standing is not None and standing.flow == ONBOARDING.name:
        return []
    return open_flow(draft, ONBOARDING, onboarding_start(draft.kit, draft.member.known, draft.channel))


def begin_day(draft: Draft) -> list[Ended]:
    """The prompt: the morning number first if yesterday had exercises and it is still morning, then the offer."""
    return begin_morning(draft) if wants_morning(draft) else offer_session(draft)


def wants_morning(draft: Draft) -> bool:
    """Yesterday had exercises, it is still morning, and the number is not known yet."""
    day = draft.moment.day
    yesterday = (day - timedelta(days=1)).isoformat()
    trained = any(memo.day == yesterday and memo.exercises for memo in draft.member.known.sessions)
    asked = any(pain.day == day.isoformat() and pain.when == "morning" for pain in draft.member.known.pains)
    return is_ready(draft) and trained and not asked and draft.moment.local.time() < NOON


def begin_morning(draft: Draft) -> list[Ended]:
    return open_flow(draft, MORNING, MorningStart(wording=wording(draft.member, draft.moment)))


def book_prompt(draft: Draft, *, today: bool = False) -> None:
    """The next prompt at the member's own time. `today`: today's counts if it is one of the member's days."""
    known, day = draft.member.known, draft.moment.day
    if known.prompt_time is not None and draft.member.status is Status.ACTIVE:
        ahead = 0 if today and is_wanted(known, day) else days_ahead(known, day)
        draft.book(Book(kind=PROMPT, when=OnDay(time.fromisoformat(known.prompt_time), days=ahead)))


def prompt_again(draft: Draft, before: Known) -> None:
    """A lock takes the prompt's appointment with it; once it is gone, days go on. `before`: known before this turn."""
    if before.lock is not None and draft.member.known.lock is None and is_ready(draft):
        book_prompt(draft)
