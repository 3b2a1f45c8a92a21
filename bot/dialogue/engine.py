"""`step`: one event, one turn. Pure: document, event, moment and ids come in; everything else comes out."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.coach.alarm import AlarmLevel, Certainty
from bot.dialogue.agenda import prompt_again
from bot.dialogue.below import keep_below
from bot.dialogue.commands import Command, read_command
from bot.dialogue.conversation import Ended
from bot.dialogue.counting import hear_count, hear_key
from bot.dialogue.due import on_due
from bot.dialogue.events import (
    AlarmOverheard,
    ButtonTapped,
    DamagedReceived,
    Due,
    Event,
    GroupChanged,
    LinkNews,
    MediaReceived,
    Notice,
    ReachChanged,
    ReactionTakenBack,
    RoomMoved,
    RoundNews,
    SendRefused,
    StepsCounted,
    StepsKeyMade,
    TextReceived,
    TimeShifted,
)
from bot.dialogue.kit import Kit
from bot.dialogue.linking import hear_link
from bot.dialogue.lock import enforce
from bot.dialogue.member import Member, Status
from bot.dialogue.messages import Where
from bot.dialogue.moment import Moment, from_micros, micros
from bot.dialogue.outdated import expire_stale
from bot.dialogue.rhythm import after, keep_rhythm
from bot.dialogue.rounding import hear_news
from bot.dialogue.router import on_media, on_tap, on_text, raise_alarm
from bot.dialogue.silence import end_silence, keep_time
from bot.dialogue.text import text
from bot.dialogue.turn import AtHand, Draft, Turn

TEXTS_A_MINUTE = 30  # beyond this only alarm words are answered
IDS_A_TURN = 64
CHAIN_LIMIT = 8  # flows that may follow one another within one turn


def step(
    member: Member,
    event: Event,
    now: datetime,
    kit: Kit,
    *,
    channel: str,
    first_id: int,
    elsewhere: tuple[str, ...] = (),
    run: AtHand | None = None,
) -> Turn:
    """Work on one event.

    `now`: aware, UTC. `first_id`: the first of `IDS_A_TURN` ids reserved for this turn. `elsewhere`: the channels of
    the member's other places. `run`: of this member's last turn, if it is at hand; it is used up.
    """
    if isinstance(event, TimeShifted):
        return Turn(member=replace(member, shift=max(member.shift, event.to - micros(now))))
    before = member.known
    moment = Moment(from_micros(micros(now) + member.shift), ZoneInfo(member.zone))
    draft = Draft(member=member, moment=moment, kit=kit, channel=channel, next_id=first_id, elsewhere=elsewhere)
    draft.run = run
    draft.unprompted = isinstance(event, Due)
    _hear(draft, event)
    if not _is_flood(draft, event):
        expire_stale(draft)
        _settle(draft, _route(draft, event))
        enforce(draft, before)
        if isinstance(event, TextReceived | ButtonTapped | MediaReceived):
            keep_below(draft, event)
        prompt_again(draft, before)
        keep_rhythm(draft, before)
        keep_time(draft, before)
    return draft.finish()


def _route(draft: Draft, event: Event) -> list[Ended]:
    match event:
        case TextReceived():
            return on_text(draft, event)
        case ButtonTapped():
            return on_tap(draft, event)
        case MediaReceived():
            return on_media(draft, event)
        case Due():
            return on_due(draft, event)
        case Notice(what=what):
            draft.send(draft.words(text(f"notice/{what}", contact=draft.kit.operator.contact)), where=Where.PREFERRED)
            return []
        case RoundNews() | LinkNews() | StepsKeyMade() | StepsCounted():
            return _hear_news(draft, event)
        case AlarmOverheard(alarm=alarm):
            return raise_alarm(draft, replace(alarm, certainty=Certainty.ASK))  # in a group it may be about anybody
        case (
            DamagedReceived()
            | GroupChanged()
            | ReachChanged()
            | ReactionTakenBack()
            | RoomMoved()
            | SendRefused()
            | TimeShifted()
        ):
            return []  # the store's and the groups' affairs; the conversation stands as it stood


def _hear_news(draft: Draft, event: RoundNews | LinkNews | StepsKeyMade | StepsCounted) -> list[Ended]:
    """What became of a wish, and what a phone tells."""
    match event:
        case RoundNews():
            return hear_news(draft, event)
        case LinkNews():
            return hear_link(draft, event)
        case StepsKeyMade():
            return hear_key(draft, event)
        case StepsCounted():
            return hear_count(draft, event)


def _settle(draft: Draft, ended: list[Ended]) -> None:
    """What follows a flow's end, and what follows that."""
    for _ in range(CHAIN_LIMIT):
        if not ended:
            return
        first, *rest = ended
        ended = [*rest, *after(draft, first)]


def _hear(draft: Draft, event: Event) -> None:
    """Note that the member is there, and count texts a minute."""
    if not isinstance(event, TextReceived | ButtonTapped | MediaReceived):
        return
    draft.change(heard=draft.moment.micros)
    end_silence(draft)
    if not isinstance(event, ButtonTapped):  # taps are bounded by the buttons there are
        minute = draft.moment.micros // 60_000_000
        texts = draft.member.texts + 1 if draft.member.minute == minute else 1
        draft.change(minute=minute, texts=texts)
    if not isinstance(event, ButtonTapped):
        draft.change(bottom=None)
    if draft.member.status is Status.NEW and not draft.member.open and event.language:
        draft.change(language="de" if event.language.lower().startswith("de") else "en")


def _is_flood(draft: Draft, event: Event) -> bool:
    """Beyond so many texts a minute only alarm words and the call for help are answered."""
    if not isinstance(event, TextReceived | MediaReceived) or draft.member.texts <= TEXTS_A_MINUTE:
        return False
    if isinstance(event, MediaReceived):
        return True
    called = read_command(event.text)
    wants_help = called is not None and called.command is Command.EMERGENCY
    return not wants_help and (event.alarm is None or event.alarm.level is AlarmLevel.NONE)
