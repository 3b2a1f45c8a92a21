"""A member at a real Matrix client, encrypted: makes the room, writes, reacts, and sees what a client would show."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import aiohttp
from nio import AsyncClient, AsyncClientConfig, MegolmEvent, RoomPreset
from nio.crypto.attachments import decrypt_attachment
from nio.store import SqliteMemoryStore, SqliteStore

from tests.servers.synapse import Account, Synapse

PATIENCE = 60.0
RETRY_S = 0.5  # a server that was restarted is noticed soon
ENCRYPTED = {"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}


@dataclass(slots=True)
class Shown:
    """A message as the client shows it: edits have replaced its content."""

    event: str
    sender: str
    content: dict[str, Any]
    edits: int = 0
    reactions: list[tuple[str, str]] = field(default_factory=list)  # sender, key

    @property
    def body(self) -> str:
        return str(self.content.get("body", ""))


def _client(url: str, account: Account, folder: Path | None) -> AsyncClient:
    kept = SqliteMemoryStore if folder is None else SqliteStore
    config = AsyncClientConfig(
        store=kept,
        encryption_enabled=True,
        store_sync_tokens=False,
        max_timeout_retry_wait_time=RETRY_S,
    )
    client = AsyncClient(url, account.user, store_path=str(folder or ""), config=config)
    client.restore_login(account.user, account.device, account.token)
    return client


class MatrixMember:
    """Made by `at`, ended by `aclose`."""

    def __init__(self, account: Account, client: AsyncClient) -> None:
        self.account = account
        self.client = client
        self.room = ""
        self.shown: dict[str, Shown] = {}
        self.redacted: list[str] = []
        self._changed = asyncio.Event()
        self._listening: asyncio.Task[None] | None = None
        self._sent = 0
        self._folder: Path | None = None

    @classmethod
    async def at(cls, server: Synapse, name: str) -> Self:
        return await cls.of(server, await server.person(name))

    @classmethod
    async def of(cls, server: Synapse, account: Account, folder: Path | None = None) -> Self:
        """`folder`: where the client keeps its keys, for one that will be ended and opened again."""
        member = cls(account, _client(server.url, account, folder))
        member._folder = folder
        await member.client.keys_upload()
        await member.client.sync(timeout=0, full_state=True)
        member._listening = asyncio.create_task(member._listen())
        return member

    async def restarts(self) -> None:
        """The client is ended and opened again: it goes on with its keys, from what it has seen last."""
        assert self._folder is not None
        seen = self.client.next_batch
        await self.aclose()
        self.client = _client(self.client.homeserver, self.account, self._folder)
        answer = await self.client.sync(timeout=0, full_state=True, since=seen)
        await self._take(answer)
        self._listening = asyncio.create_task(self._listen())

    async def another_device(self, server: Synapse) -> Self:
        """The same person at a second client that has just been logged in, in the same room."""
        other = await self.of(server, await server.another_device(self.account))
        other.room = self.room
        return other

    async def falls_silent(self) -> None:
        """The client no longer listens."""
        if self._listening is not None:
            self._listening.cancel()
            with suppress(asyncio.CancelledError):
                await self._listening

    async def aclose(self) -> None:
        await self.falls_silent()
        await self.client.close()
        if self.client.store is not None:
            self.client.store.database.close()

    async def _listen(self) -> None:
        while True:
            try:
                answer = await self.client.sync(timeout=10_000, sync_filter={"room": {"timeline": {"limit": 100}}})
            except (TimeoutError, OSError, aiohttp.ClientError):  # the server may be away: a client goes on trying
                await asyncio.sleep(0.1)
                continue
            if not hasattr(answer, "rooms"):
                await asyncio.sleep(0.1)
                continue
            await self._take(answer)

    async def _take(self, answer: Any) -> None:
        await self._keep_house()
        for info in answer.rooms.join.values():
            for event in info.timeline.events:
                self._see(event)
        self._changed.set()

    async def _keep_house(self) -> None:
        if self.client.should_upload_keys:
            await self.client.keys_upload()
        if self.client.should_query_keys:
            await self.client.keys_query()

    def _see(self, event: Any) -> None:
        source = event.source
        kind, content = source["type"], source.get("content", {})
        relation = content.get("m.relates_to") or {}
        if isinstance(event, MegolmEvent):
            self.shown[source["event_id"]] = Shown(source["event_id"], source["sender"], {"body": "(undecryptable)"})
        elif kind == "m.room.redaction":
            self.redacted.append(source.get("redacts") or content["redacts"])
        elif kind == "m.reaction":
            target = self.shown.get(relation.get("event_id", ""))
            if target is not None:
                target.reactions.append((source["sender"], relation["key"]))
        elif kind == "m.room.message" and relation.get("rel_type") == "m.replace":
            target = self.shown.get(relation["event_id"])
            if target is not None:
                target.content, target.edits = content["m.new_content"], target.edits + 1
        elif kind == "m.room.message":
            self.shown[source["event_id"]] = Shown(source["event_id"], source["sender"], content)

    # --- what a member does ---------------------------------------------------------------------------------------

    async def invite(
        self, coach: str, *, encrypted: bool = True, others: tuple[str, ...] = (), trusts: bool = False
    ) -> str:
        """`trusts`: whoever is invited may change the room, as in direct chats that usual clients make."""
        made = await self.client.room_create(
            is_direct=True,
            invite=[coach, *others],
            initial_state=[ENCRYPTED] if encrypted else [],
            preset=RoomPreset.trusted_private_chat if trusts else None,
        )
        self.room = str(made.room_id)
        return self.room

    async def is_asked_in(self) -> str:
        """Into which room."""
        await self.until(lambda member: bool(member.client.invited_rooms), "an invitation")
        return str(next(iter(self.client.invited_rooms)))

    async def goes(self, room: str) -> None:
        """Accept the invitation."""
        await self.client.join(room)
        self.room = room
        await self.until(lambda member: bool(member.users), "the room")

    async def coach_is_in(self, coach: str) -> None:
        await self.until(
            lambda _: coach in self.users and not self.client.rooms[self.room].users[coach].invited,
            "the coach joins",
        )

    @property
    def users(self) -> dict[str, Any]:
        room = self.client.rooms.get(self.room)
        return {} if room is None else room.users

    async def says(self, words: str) -> str:
        return await self.sends("m.room.message", {"msgtype": "m.text", "body": words})

    async def sends(self, kind: str, content: dict[str, Any]) -> str:
        self._sent += 1
        answer = await self.client.room_send(
            self.room, kind, content, tx_id=f"mine-{self._sent}", ignore_unverified_devices=True
        )
        return str(answer.event_id)

    async def sends_raw(self, kind: str, content: dict[str, Any]) -> None:
        """As it stands, whatever it is."""
        self._sent += 1
        headers = {"Authorization": f"Bearer {self.account.token}"}
        path = f"_matrix/client/v3/rooms/{quote(self.room)}/send/{kind}/mine-{self._sent}"
        async with (
            aiohttp.ClientSession(headers=headers, raise_for_status=True) as session,
            session.put(f"{self.client.homeserver}/{path}", json=content),
        ):
            pass

    async def sends_to_device(self, person: str, device: str, kind: str, content: dict[str, Any]) -> None:
        """As it stands, past all rooms."""
        await self.hands_over([{"messages": {person: {device: content}}}], kind)

    async def keeps_the_key_back(self) -> list[dict[str, Any]]:
        """Make a new key for the room and give it to nobody yet."""
        await self._keep_house()
        await self.client.joined_members(self.room)
        if self.client.should_query_keys:
            await self.client.keys_query()
        missing = self.client.get_missing_sessions(self.room)
        if missing:
            await self.client.keys_claim(missing)
        olm = self.client.olm
        users = list(self.client.rooms[self.room].users)
        shares = olm.share_group_session_parallel(self.room, users, ignore_unverified_devices=True)
        keys = [payload for _, payload in shares]
        olm.outbound_group_sessions[self.room].shared = True
        return keys

    async def hands_over(self, keys: list[dict[str, Any]], kind: str = "m.room.encrypted") -> None:
        headers = {"Authorization": f"Bearer {self.account.token}"}
        async with aiohttp.ClientSession(headers=headers, raise_for_status=True) as session:
            for key in keys:
                self._sent += 1
                url = f"{self.client.homeserver}/_matrix/client/v3/sendToDevice/{kind}/key-{self._sent}"
                async with session.put(url, json=key):
                    pass

    async def reacts(self, to: Shown, key: str) -> str:
        return await self.sends(
            "m.reaction", {"m.relates_to": {"rel_type": "m.annotation", "event_id": to.event, "key": key}}
        )

    async def downloads(self, content: dict[str, Any]) -> bytes:
        """A picture's bytes, decrypted as a client does it."""
        file = content["file"]
        answer = await self.client.download(file["url"])
        assert isinstance(answer.body, bytes), answer
        key, hashed = file["key"]["k"], file["hashes"]["sha256"]
        return bytes(decrypt_attachment(answer.body, key, hashed, file["iv"]))

    async def kinds_on_the_server(self) -> set[str]:
        """What kinds of events the homeserver knows in this room, apart from the room's own state."""
        headers = {"Authorization": f"Bearer {self.account.token}"}
        path = f"{self.client.homeserver}/_matrix/client/v3/rooms/{quote(self.room)}/messages?dir=b&limit=1000"
        async with aiohttp.ClientSession(headers=headers) as session, session.get(path) as answer:
            found = await answer.json()
        return {event["type"] for event in found["chunk"] if "state_key" not in event}

    async def contents_on_the_server(self, events: list[str]) -> list[dict[str, Any]]:
        headers = {"Authorization": f"Bearer {self.account.token}"}
        path, found = f"{self.client.homeserver}/_matrix/client/v3/rooms/{quote(self.room)}/event", []
        async with aiohttp.ClientSession(headers=headers, raise_for_status=True) as session:
            for event in events:
                async with session.get(f"{path}/{quote(event)}") as answer:
                    found.append((await answer.json())["content"])
        return found

    async def own_messages_on_the_server(self) -> list[str]:
        """Their events, in the homeserver's order."""
        headers = {"Authorization": f"Bearer {self.account.token}"}
        path, at, found = f"{self.client.homeserver}/_matrix/client/v3/rooms/{quote(self.room)}/messages?dir=f", "", []
        async with aiohttp.ClientSession(headers=headers, raise_for_status=True) as session:
            while at is not None:
                async with session.get(f"{path}&limit=1000&from={quote(at)}" if at else f"{path}&limit=1000") as answer:
                    page = await answer.json()
                found += [e for e in page["chunk"] if e["sender"] == self.account.user and "state_key" not in e]
                at = page.get("end")
        return [event["event_id"] for event in found]

    # --- what a member sees ---------------------------------------------------------------------------------------

    @property
    def coachs(self) -> list[Shown]:
        return [each for each in self.shown.values() if each.sender != self.account.user]

    def showing(self, words: str) -> list[Shown]:
        return [each for each in self.coachs if words in each.body]

    async def until(self, true: Callable[["MatrixMember"], bool], what: str) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                while not true(self):
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            seen = "\n".join(f"- {each.body[:160]!r}" for each in self.coachs[-8:])
            raise AssertionError(f"waited in vain for {what!r}; the last messages were\n{seen}") from None

    async def sees(self, words: str, count: int = 1) -> Shown:
        await self.until(lambda member: len(member.showing(words)) >= count, words)
        return self.showing(words)[-1]

    async def answers(self, typed: str, then: str, count: int = 1) -> Shown:
        """Type an answer; the message that follows."""
        await self.says(typed)
        return await self.sees(then, count)
