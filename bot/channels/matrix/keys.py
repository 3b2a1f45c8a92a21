"""The keys behind the messages: whoever is in a room can read what is sent next, or it is not sent yet.

nio does this too, but takes no notice when the homeserver refuses a part of it: the message then leaves, and nobody can
ever read it. So devices are asked for, their keys claimed and the room's key handed out here, each step checked.
An answer may also say, with success, that another homeserver gave none.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from nio.responses import KeysClaimResponse, KeysQueryResponse, ShareGroupSessionResponse

from bot.channels.channel import RetryLaterError
from bot.channels.matrix.errors import is_error
from bot.channels.matrix.wire import Wire, WireError, put_off

log = logging.getLogger(__name__)

_TO_DEVICE = "sendToDevice/m.room.encrypted"
AGAIN_S = 60.0  # what a homeserver could not tell is not asked for again before
Devices = Mapping[str, list[str]]  # by person


class _BrokenError(Exception):
    """An answer that nio cannot take in: one person's or device's part of it spoils the whole."""


@dataclass(slots=True)
class Keys:
    """Of one account. `clock`: seconds that only grow."""

    client: Any
    clock: Callable[[], float] = time.monotonic
    _asking: dict[str, asyncio.Task[None]] = field(default_factory=dict)  # by person
    _asked: dict[str, float] = field(default_factory=dict)  # people whose homeserver did not answer
    _claimed: dict[tuple[str, str], float] = field(default_factory=dict)  # devices that had no key to give

    async def share(self, room: str) -> None:
        """Everybody's devices have the key of what comes next. Raises a `DeliveryError`; then nothing may be sent."""
        olm = self.client.olm
        own = self.client.user_id  # another device of the coach's own is no reader to wait for
        people = [person for person in self.client.rooms[room].users if person != own]
        await self.query(people)
        self.client.rooms[room].members_synced = True  # every sync of ours tells all members: nio need not ask again
        if await self._claim_missing(room):  # a device had none before: it must not wait for the next key
            olm.outbound_group_sessions.pop(room, None)
        in_vain = self._unanswered(people)
        if in_vain:
            raise RetryLaterError(max(0.0, min(in_vain) + AGAIN_S - self.clock()), only_here=True)
        if olm.should_share_group_session(room):
            await self._hand_out(room)

    async def query(self, people: Iterable[str] | None = None) -> None:
        """Ask which devices these people have, or all, where that may have changed. Raises a `DeliveryError`.

        Each homeserver's people are asked for by themselves, and nobody waits for an answer about others.
        """
        now, open_ = self.clock(), self.client.olm.users_for_key_query
        wanted = set(open_) if people is None else open_ & set(people)
        due = {person for person in wanted if now - self._asked.get(person, -AGAIN_S) >= AGAIN_S}
        servers: dict[str, list[str]] = {}
        for person in sorted(due - set(self._asking)):
            servers.setdefault(person.partition(":")[2], []).append(person)
        for asked in servers.values():
            task = asyncio.create_task(self._answered(asked))
            task.add_done_callback(lambda done: done.cancelled() or done.exception())  # somebody else may hear of it
            self._asking |= dict.fromkeys(asked, task)
        under_way = {self._asking[person] for person in due}
        outcomes = await asyncio.gather(*map(asyncio.shield, under_way), return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome

    async def _answered(self, people: list[str]) -> None:
        try:
            self.client.changed.difference_update(people)
            await self._ask(people)
            open_, now = self.client.olm.users_for_key_query, self.clock()
            still = set(people) & open_
            self._asked = {p: at for p, at in self._asked.items() if p in open_} | dict.fromkeys(still, now)
            open_.update(self.client.changed.intersection(people))  # the answer may be older than the change
        finally:
            for person in people:
                self._asking.pop(person, None)

    async def claim(self, devices: Devices) -> None:
        """Begin a conversation between devices. Raises a `DeliveryError`."""
        try:
            wanted = {person: dict.fromkeys(theirs, "signed_curve25519") for person, theirs in devices.items()}
            await self._called(KeysClaimResponse, "keys/claim", {"one_time_keys": wanted}, "")
        except _BrokenError:
            each = [(person, device) for person, theirs in devices.items() for device in theirs]
            if len(each) > 1:
                for person, device in each:
                    await self.claim({person: [device]})
                return
            log.warning("a device's keys are broken", extra={"action": "matrix-broken-device"})
            self._let_go(each[0])

    async def _claim_missing(self, room: str) -> bool:
        """True if a device can be reached now that could not be before."""
        missing = self.client.get_missing_sessions(room)
        if not missing:
            return False
        now = self.clock()
        due = {(person, device) for person, theirs in missing.items() for device in theirs}
        due = {each for each in due if now - self._claimed.get(each, -AGAIN_S) >= AGAIN_S}
        if not due:
            return False
        wanted: dict[str, list[str]] = {}
        for person, device in sorted(due):
            wanted.setdefault(person, []).append(device)
        await self.claim(wanted)
        left = self.client.get_missing_sessions(room)
        still = {(person, device) for person, theirs in left.items() for device in theirs}
        for each in due - still:
            self._claimed.pop(each, None)
        self._claimed |= dict.fromkeys(due & still, now)
        return bool(due - still)

    def _unanswered(self, people: Iterable[str]) -> list[float]:
        """When was asked in vain, where nobody could read it and a device may yet be told or have a key.

        One that can be reached is enough. Whoever is known to have none, as after logging out everywhere, is not waited
        for.
        """
        olm, asked = self.client.olm, set(people)
        devices = [device for person in asked for device in olm.device_store.active_user_devices(person)]
        if any(olm.session_store.get(device.curve25519) for device in devices):
            return []
        keyless = {(device.user_id, device.id) for device in devices} & self._claimed.keys()
        untold = asked & olm.users_for_key_query
        return [*(self._claimed[each] for each in keyless), *(self._asked.get(each, -AGAIN_S) for each in untold)]

    async def _hand_out(self, room: str) -> None:
        """A new key for the room, to all devices; not kept if one of them could not be sent it."""
        client, olm = self.client, self.client.olm
        try:
            shares = olm.share_group_session_parallel(room, list(client.rooms[room].users), True)
            for to, body in shares:
                await self._called(ShareGroupSessionResponse, f"{_TO_DEVICE}/{uuid4()}", body, room, to)
            olm.outbound_group_sessions[room].shared = True
        except BaseException:
            olm.outbound_group_sessions.pop(room, None)
            raise

    async def _ask(self, people: Iterable[str]) -> None:
        """In halves, where one person's devices spoil the whole answer; of that person the sound ones are taken in."""
        asked = list(people)
        try:
            await self._called(KeysQueryResponse, "keys/query", {"device_keys": {person: [] for person in asked}})
        except _BrokenError:
            self._renew(asked)  # nio may have noted some devices without noting that they are new
            if len(asked) == 1:
                await self._ask_for_sound(asked[0])
                return
            half = len(asked) // 2
            await self._ask(asked[:half])
            await self._ask(asked[half:])

    async def _ask_for_sound(self, person: str) -> None:
        """Whoever has one broken device reads on with the others."""
        log.warning("a person's devices are broken", extra={"action": "matrix-broken-devices"})
        try:
            found = await Wire(self.client).post("keys/query", {"device_keys": {person: []}})
            theirs = dict(found["device_keys"][person])
            sound = {device: keys for device, keys in theirs.items() if self._is_sound(person, device, keys)}
            await self.client.receive_response(KeysQueryResponse({person: sound}, {}))
        except WireError as error:
            raise put_off(error) from None
        except Exception as error:  # noqa: BLE001  whatever it is: it is this one person
            log.warning("keys cannot be taken in", extra={"action": "matrix-keys", "error": type(error).__name__})
        self.client.olm.users_for_key_query.discard(person)

    def _is_sound(self, person: str, device: str, keys: Any) -> bool:
        """Whether nio can look at it without raising."""
        try:
            answer = KeysQueryResponse.from_dict({"device_keys": {person: {device: keys}}, "failures": {}})
            ours = deepcopy(keys)
            return not is_error(answer) and self.client.olm.verify_json(
                ours, ours["keys"][f"ed25519:{device}"], ours["user_id"], ours["device_id"]
            )
        except Exception:  # noqa: BLE001  it raises what it likes
            return False

    def _renew(self, people: Iterable[str]) -> None:
        wanted = set(people)
        for room in [name for name, room in self.client.rooms.items() if wanted & set(room.users)]:
            self.client.olm.outbound_group_sessions.pop(room, None)

    def _let_go(self, each: tuple[str, str]) -> None:
        olm = self.client.olm
        for waiting in (olm.wedged_devices, olm.key_request_devices_no_session):
            waiting[:] = [device for device in waiting if (device.user_id, device.device_id) != each]

    async def _called(self, kind: Any, path: str, body: Mapping[str, Any], *given: Any) -> None:
        """Raises a `DeliveryError`, or `_BrokenError`. What nio has for this takes a refusal for an answer."""
        wire = Wire(self.client)
        try:
            found = await (wire.put(path, body) if kind is ShareGroupSessionResponse else wire.post(path, body))
        except WireError as error:
            log.warning("keys are refused", extra={"action": "matrix-keys", "error": str(error)})
            raise put_off(error) from None
        try:
            answer = kind.from_dict(found, *given)
            if not is_error(answer):
                await self.client.receive_response(answer)
                return
        except Exception as error:
            log.warning("keys cannot be taken in", extra={"action": "matrix-keys", "error": type(error).__name__})
            raise _BrokenError from error
        raise _BrokenError
