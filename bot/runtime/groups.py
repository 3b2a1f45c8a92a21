"""Events of groups: taps on a card are counted, words are answered with one public line, in private, or not at all.

What anybody writes in a group is not here any more: the intake has kept the alarm or the command, and nothing else.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.coach.alarm import Alarm, AlarmDetector, AlarmLevel
from bot.coach.challenge import active_day_of
from bot.dialogue.commands import Command, read_command
from bot.dialogue.events import (
    Address,
    AlarmOverheard,
    ButtonTapped,
    Event,
    GroupChange,
    GroupChanged,
    RoomMoved,
    RoundNews,
    Tapped,
    TextReceived,
)
from bot.dialogue.failures import StoreAwayError
from bot.dialogue.groups import group_reply
from bot.dialogue.kit import Kit
from bot.dialogue.messages import Kind, Message, Priority
from bot.dialogue.moment import from_micros
from bot.dialogue.round_questions import name_text
from bot.dialogue.rounding import ROOM_CODE, code_typed
from bot.dialogue.rounds import UNSEEN, TapAnswer, answered, read_invite
from bot.dialogue.text import render, text
from bot.dialogue.wire import WireError, decode_event, decode_message, encode
from bot.runtime.group_taps import Answer, Said, beside_buttons, count, language_around, languages, told_language
from bot.runtime.wishes import plan_of, seen_news
from bot.store.ids import Ids
from bot.store.round_hosts import SeenRound
from bot.store.round_rooms import Brought, person_of
from bot.store.round_ticks import Tick
from bot.store.rows import NewSend, Posted, Waiting
from bot.store.turns import TurnBatch

log = logging.getLogger(__name__)

GROUP_LINE_LIVES_US = 3600 * 1_000_000
HELP_STANDS_US = 5 * 1_000_000  # twelve lines a minute at most, of the twenty that Telegram lets into a group
QUIET_US = 60 * 1_000_000  # a room hears no second line before then, but for help
HEARS_ALL = "matrix"  # there the coach is told whatever is written in a room
NO_MEMBER = -1  # 0 would be whoever started a round and has left
NOBODY = ""  # whom a group's own messages answer
LINKS = "telegram"  # there a code can be a link


@dataclass(slots=True)
class Heard:
    """What became of what groups said: events that raised, and words beside buttons, to be said after the commit."""

    failed: list[tuple[Waiting, Exception]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)


async def answer_groups(batch: TurnBatch, kit: Kit, detector: AlarmDetector, ids: Ids, now: int) -> Heard:
    """Answer what groups said and finish their events, whatever they were.

    They raise for themselves alone: not for members, and not for what other groups said.
    """
    if not batch.strangers:
        return Heard()
    try:
        return Heard(answers=await _answer_together(batch, batch.strangers, kit, detector, ids, now))
    except StoreAwayError:
        raise
    except Exception as error:  # noqa: BLE001  one of them raises: now each for itself
        log.warning("groups are answered singly", extra={"action": "groups-singly", "error": type(error).__name__})
        return await _answer_singly(batch, kit, detector, ids, now)


async def _answer_singly(batch: TurnBatch, kit: Kit, detector: AlarmDetector, ids: Ids, now: int) -> Heard:
    heard = Heard()
    for waiting in batch.strangers:
        try:
            heard.answers += await _answer_together(batch, (waiting,), kit, detector, ids, now)
        except StoreAwayError:
            raise
        except Exception as error:  # noqa: BLE001  one group's trouble must not reach the others
            heard.failed.append((waiting, error))
    return heard


async def _answer_together(
    batch: TurnBatch, strangers: Sequence[Waiting], kit: Kit, detector: AlarmDetector, ids: Ids, now: int
) -> list[Answer]:
    """All of it or nothing."""
    async with batch.apart():
        said = [each for waiting in strangers if (each := _read(waiting, detector)) is not None]
        for each in said:
            if isinstance(each.event, RoomMoved):
                await batch.rounds.move(each.where, each.event.new_room)
        became = await count(batch, said, kit)
        await batch.send(await _lines(batch, said, became, kit, ids, now))
        answers = await beside_buttons(batch, said, became, kit)
        await batch.finish([waiting.id for waiting in strangers])
    return answers


async def _lines(
    batch: TurnBatch, said: Sequence[Said], became: dict[int, TapAnswer], kit: Kit, ids: Ids, now: int
) -> list[NewSend]:
    """Help always, unless the very same line has just been said there; else one line a room and minute."""
    sends: list[NewSend] = []
    spoken: set[str] = set()
    helped: set[tuple[str, str]] = set()
    for each in said:
        words = await _answered(batch, each, became, kit, ids, now)
        if words and _is_urgent(each.event):
            here = replace(each.where, person=NOBODY)
            if (here.key, words) not in helped and words not in await _just_said(batch, here, now):
                helped.add((here.key, words))
                sends.append(_line(words, here, ids, now, urgent=True))
            continue
        at_home = isinstance(each.event, ButtonTapped) and each.event.home
        room = replace(each.where, private=True) if at_home else replace(each.where, person=NOBODY)
        if words and not (room.key in spoken or await batch.rounds.has_line(room, now - QUIET_US)):
            spoken.add(room.key)
            sends.append(_line(words, room, ids, now, urgent=False))
    return sends


async def _just_said(batch: TurnBatch, where: Address, now: int) -> set[str]:
    """Help that stands right above: many who call at once read one line, and a group is written to no faster."""
    bodies = await batch.rounds.help_said(where, now - HELP_STANDS_US)
    return {decode_message(body).text for body in bodies}


def _read(waiting: Waiting, detector: AlarmDetector) -> Said | None:
    if waiting.address is None:
        return None
    try:
        event = decode_event(waiting.kind, waiting.body)
    except WireError:
        return None
    if isinstance(event, TextReceived) and event.alarm is None:
        event = replace(event, alarm=detector.check(event.text))
    return Said(waiting.id, waiting.address, event, waiting.received)


async def _answered(
    batch: TurnBatch, said: Said, became: dict[int, TapAnswer], kit: Kit, ids: Ids, now: int
) -> str | None:
    """The line for the group, if it gets one; or for a private room in which a round's button was tapped."""
    match said.event:
        case ButtonTapped(data=data) if (code := read_invite(data)) is not None:
            return await _invited(batch, said, code, kit)
        case ButtonTapped(home=True, query="") if said.id in became and became[said.id] in UNSEEN:
            return answered(became[said.id], kit.catalogs[(await languages(batch, [said], kit))[said.id]])
        case GroupChanged():
            return await _changed(batch, said, said.event, kit)
        case TextReceived(alarm=alarm) if alarm is not None and alarm.level is not AlarmLevel.NONE:
            return await _alarmed(batch, said, alarm, kit)
        case TextReceived():
            return await _commanded(batch, said, said.event, kit, ids, now)
        case _:
            return None


async def _invited(batch: TurnBatch, said: Said, code: str, kit: Kit) -> str | None:
    """A guest takes part by a code, in private: their card is the answer."""
    found = await batch.rounds.find_code(code)
    rules = kit.library.thresholds.challenge
    if found is None or active_day_of(from_micros(said.received), found.zone, rules) > plan_of(found).last_day:
        return kit.catalogs[(await languages(batch, [said], kit))[said.id]].text("round/news-unknown")
    joining = Tick(round=found.id, person=person_of(said.where), day=found.begins, what=Tapped.JOIN, adult=True)
    await batch.rounds.tick([joining])
    if isinstance(said.event, ButtonTapped) and said.event.home:
        await batch.rounds.place_privately(found.id, replace(said.where, private=True), told_language(said.event))
    return None


async def _changed(batch: TurnBatch, said: Said, event: GroupChanged, kit: Kit) -> str | None:
    """Asked in by somebody with one running round, the coach shows that one. Where it hears all, it says what for."""
    where = said.where
    if where.channel != HEARS_ALL:
        await batch.rounds.note_hearing(where, hears=event.admin)
    match event.what:
        case GroupChange.LEFT:
            await batch.rounds.lost(where)
        case GroupChange.PROMOTED:
            if not await batch.rounds.revive(where):
                await batch.rounds.pin_again(where)
        case GroupChange.DEMOTED:
            await batch.rounds.pin_again(where)
        case GroupChange.ENTERED:
            if await batch.rounds.revive(where):
                return None
            await batch.rounds.come_again(where)
            if not await batch.rounds.bring_only(where) and where.channel == HEARS_ALL:
                return kit.catalogs[await language_around(batch, said, kit)].text("round/entered")
    return None


async def _alarmed(batch: TurnBatch, said: Said, alarm: Alarm, kit: Kit) -> str | None:
    """In private where there is a private chat that can be reached; else one line without name or reply."""
    member = await batch.rounds.reached_member_of(said.where)
    if member is None:
        return await _public(batch, said, kit)
    overheard = Posted(member=member, event=AlarmOverheard(alarm=alarm), source=f"overheard:{said.id}")
    await batch.rounds.post([overheard])
    return None


async def _commanded(batch: TurnBatch, said: Said, event: TextReceived, kit: Kit, ids: Ids, now: int) -> str | None:
    """`/start r_…` in a group shows a round there, and its card is the answer; an admin ends it with /stopp.

    An admin's /gruppe is answered in private, where it can be changed.
    """
    where = said.where
    called = None if event.edited else read_command(event.text)
    is_start = called is not None and called.command is Command.START
    if called is not None and is_start and (code := code_typed(ROOM_CODE, called.argument)) is not None:
        brought = await batch.rounds.bring(code, where, told_language(event))
        if brought is not None:
            await _tell_host(batch, brought, where, kit, ids, now)
            return None
        return kit.catalogs[await language_around(batch, said, kit)].text("round/cannot-bring")
    if called is not None and called.command is Command.STOP and event.governs and await batch.rounds.end_here(where):
        return None
    if (
        called is not None
        and called.command is Command.GROUP
        and event.governs
        and await _lets_change(batch, where, now)
    ):
        return None
    return await _public(batch, said, kit)


async def _tell_host(batch: TurnBatch, brought: Brought, by: Address, kit: Kit, ids: Ids, now: int) -> None:
    """The code stands readable wherever it was used: whose round it is hears of every group it comes to."""
    found, members = brought.round, await batch.rounds.members_of([person_of(by)])
    if not brought.is_new or await batch.rounds.is_host(
        found.id, members.get(person_of(by), NO_MEMBER), [person_of(by)]
    ):
        return
    for host in await batch.rounds.hosts_of(found.id):
        await batch.rounds.inform(host, RoundNews(what="brought", round=found.id, name=found.name))
    if (there := await batch.rounds.lone_host_at(found.id)) is not None:
        where, language = there
        words = render(text("round/news-brought", name=name_text(found.name)), kit.catalogs[language])
        await batch.send([_line(words, where, ids, now, urgent=False)])


async def _lets_change(batch: TurnBatch, where: Address, now: int) -> bool:
    """False where there is nothing to change, or nobody to tell it to."""
    member, found = await batch.rounds.reached_member_of(where), await batch.rounds.shown_at(where)
    if member is None or found is None:
        return False
    people = [person_of(where)]
    own = next((each for each in await batch.rounds.seen(member, people) if each.round.id == found.id), None)
    seen = own or SeenRound(round=found, starts=False)
    await batch.rounds.inform(member, seen_news([seen], granted=now))
    return True


async def _public(batch: TurnBatch, said: Said, kit: Kit) -> str | None:
    language = await language_around(batch, said, kit)
    return group_reply(said.event, kit, language, linkable=said.where.channel == LINKS)


def _is_urgent(event: Event) -> bool:
    """Whether the line it earns tells of help."""
    if not isinstance(event, TextReceived):
        return False
    called = read_command(event.text)
    alarmed = event.alarm is not None and event.alarm.level is not AlarmLevel.NONE
    return alarmed or (called is not None and called.command is Command.EMERGENCY)


def _line(words: str, where: Address, ids: Ids, now: int, *, urgent: bool) -> NewSend:
    priority, kind = (Priority.EMERGENCY, Kind.EMERGENCY) if urgent else (Priority.GROUP, Kind.TALK)
    message = Message(id=ids.next(now), text=words, priority=priority, kind=kind)
    return NewSend(
        id=message.id,
        address=where,
        priority=int(message.priority),
        kind=message.kind.value,
        body=encode(message),
        expires=now + GROUP_LINE_LIVES_US,
    )
