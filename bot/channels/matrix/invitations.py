"""Being asked in: who may, joining, and what is done in a room that has just been entered.

An invitation is told once, so it stands in the sync position until it is carried out.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from nio import RoomPreset

from bot.channels.matrix.errors import UNREACHED, http_status, is_error, is_limited, is_token_refused
from bot.channels.matrix.position import Invitation
from bot.channels.matrix.rooms import InvitePolicy, Rooms
from bot.channels.matrix.updates import identifier, whole

log = logging.getLogger(__name__)

GIVEN_UP_US = 24 * 3600 * 1_000_000
AGAIN_US = 60 * 1_000_000
BROKEN = 500  # and above: the homeserver's own trouble
ENCRYPTION = {"algorithm": "m.megolm.v1.aes-sha2"}


@dataclass(slots=True)
class Invitations:
    """Of one account. `pending`: by room. `opening`: a room of ours is being made, still without its guest."""

    client: Any
    rooms: Rooms
    policy: InvitePolicy
    now: Callable[[], int]
    pending: dict[str, Invitation] = field(default_factory=dict)
    opening: bool = False
    _put_off: dict[str, int] = field(default_factory=dict)  # by room, until when

    def hear(self, room: str, state: list[Any]) -> None:
        """An invitation from a sync."""
        person = _inviter(state, self.rooms.account)
        if person is not None:
            self.pending[room] = Invitation(room, person, self.now())

    def follow(self, room: str, person: str) -> None:
        """A room lives on as this one."""
        if not self.rooms.known(room):
            self.pending.setdefault(room, Invitation(room, person, self.now()))

    def entered(self, room: str) -> Invitation | None:
        """The invitation behind a room that we are in now; it is done."""
        return self.pending.pop(room, None)

    async def carry_out(self) -> None:
        """Join what may be joined, decline the rest, put off what the homeserver does not let us do now."""
        for each in list(self.pending.values()):
            if each.ours or self.rooms.known(each.room) or self._put_off.get(each.room, 0) > self.now():
                continue
            if not self.policy.admits(each.person):
                self.pending.pop(each.room, None)
                log.info("an invitation is declined", extra={"action": "matrix-declined"})
                await self.leave(each.room)
            elif not await self._joined(each):
                return

    async def _joined(self, each: Invitation) -> bool:
        """False: the homeserver lets us join nothing now. A room that cannot be joined does not hold up the others."""
        try:
            answer = await self.client.join(each.room)
        except UNREACHED:
            answer = None
        if answer is not None and not is_error(answer):
            self._put_off.pop(each.room, None)
            return True
        if answer is not None and (is_limited(answer) or is_token_refused(answer)):
            return False
        refused = http_status(answer) in {403, 404}
        if refused or self.now() - each.at > GIVEN_UP_US:
            self.pending.pop(each.room, None)
            self._put_off.pop(each.room, None)
            log.info("a room cannot be joined", extra={"action": "matrix-join", "status": http_status(answer)})
        else:
            self._put_off[each.room] = self.now() + AGAIN_US
        return True

    async def encrypt(self, room: str) -> bool:
        """Turn encryption on, where we may."""
        try:
            answer = await self.client.room_put_state(room, "m.room.encryption", ENCRYPTION)
        except UNREACHED:
            return False
        return not is_error(answer)

    async def open_beside(self, invitation: Invitation) -> bool | None:
        """See to an encrypted room with whoever asked us into a plain one. None: not now; False: it cannot be.

        There may be one: people ask again, and an answer may have got lost. They find it among rooms or invitations.
        """
        person = invitation.person
        if self.rooms.others(invitation.room) != [person]:
            return False
        for room in self.rooms.shared_with(person):
            if self.rooms.encrypted(room):
                if self.rooms.partner(room) is None:
                    self.pending.setdefault(room, Invitation(room, person, self.now(), ours=True))
                return True
        self.opening = True
        try:
            answer = await self.client.room_create(
                is_direct=True,
                invite=[person],
                preset=RoomPreset.trusted_private_chat,  # the person may do there what we may
                initial_state=[{"type": "m.room.encryption", "state_key": "", "content": ENCRYPTION}],
            )
            if not is_error(answer):
                room = str(answer.room_id)
                self.pending[room] = Invitation(room, person, self.now(), ours=True)
                return True
        except UNREACHED:
            answer = None
        finally:
            self.opening = False
        passes = answer is None or is_limited(answer) or (http_status(answer) or 0) >= BROKEN
        return None if passes and self.now() - invitation.at < GIVEN_UP_US else False

    async def leave(self, room: str) -> bool:
        """And forget; what becomes of it is logged. False: we may still be there."""
        left = False
        try:
            answer = await self.client.room_leave(room)
            left = not is_error(answer)
            if not left:
                log.info("a room cannot be left", extra={"action": "matrix-leave", "error": str(answer.status_code)})
            await self.client.room_forget(room)
        except UNREACHED:
            log.info("a room cannot be left now", extra={"action": "matrix-leave"})
        self.rooms.forget(room)
        return left


def _inviter(state: list[Any], account: str) -> str | None:
    for event in state:
        held = whole(event)
        content = held.get("content")
        ours = held.get("type") == "m.room.member" and held.get("state_key") == account
        if ours and isinstance(content, dict) and content.get("membership") == "invite":
            return identifier(held.get("sender"))
    return None
