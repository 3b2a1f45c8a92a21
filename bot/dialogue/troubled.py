"""When turns of a member fail again and again: what stands open ends, as far as its own rule still works. Pure."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.dialogue.conversation import Slot, end_early, state_in
from bot.dialogue.facts import Disposed
from bot.dialogue.kit import Kit
from bot.dialogue.lock import enforce
from bot.dialogue.locked import asked_in, open_room
from bot.dialogue.member import FlowState, Member
from bot.dialogue.moment import Moment, from_micros, micros
from bot.dialogue.turn import Draft, Turn


def end_flows(
    member: Member, now: datetime, kit: Kit, *, channel: str, first_id: int, elsewhere: tuple[str, ...] = ()
) -> Turn:
    """End all flows; the room of a lock is opened anew, and an alarm that could not be asked about counts as sure.

    `now`: aware, UTC. `first_id`: the first of `IDS_A_TURN` ids reserved for this.
    """
    moment = Moment(from_micros(micros(now) + member.shift), ZoneInfo(member.zone))
    draft = Draft(member=member, moment=moment, kit=kit, channel=channel, next_id=first_id, elsewhere=elsewhere)
    alarm = member.alarm
    slots: tuple[Slot, ...] = ("open", "parked", "alarm")
    for slot in slots:
        _end(draft, slot)
    _open_room(draft, alarm)
    enforce(draft, member.known)
    return draft.finish()


def without_flows(member: Member) -> Member:
    """Nothing stands open; what is known stays as it is."""
    return replace(member, alarm=None, open=None, parked=None)


def bare(member: Member, zone: str) -> Member:
    """For a cry for help: without flows, which may have raised, and in a time zone that exists. `zone` is one."""
    try:
        ZoneInfo(member.zone)
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        member = replace(member, zone=zone)
    return without_flows(member)


def _end(draft: Draft, slot: Slot) -> None:
    try:
        end_early(draft, slot)
    except Exception:  # noqa: BLE001  a flow that raises while it is ended leaves nothing behind but is ended
        draft.change(**{slot: None})
    if state_in(draft, slot) is not None:
        draft.change(**{slot: None})


def _open_room(draft: Draft, alarm: FlowState | None) -> None:
    for level, category in asked_in(alarm):
        draft.record(Disposed(disposition=level, items=(category,), heard=True))
    if alarm is not None and draft.member.known.lock is not None:
        open_room(draft)
