"""Remote ids of uploads, from the store, with a small memory in front of it."""

from dataclasses import dataclass, field

from bot.channels.wall_clock import now_us
from bot.store.store import Store


@dataclass(slots=True)
class StoredMedia:
    """Of one channel account. Only pictures made from content come here, so the memory stays small."""

    store: Store
    channel: str = "telegram"
    account: str = ""
    _known: dict[tuple[str, str], str] = field(default_factory=dict)

    async def find(self, digest: str, kind: str) -> str | None:
        known = self._known.get((digest, kind))
        if known is None:
            known = await self.store.uploads.find(digest, self.channel, self.account, kind)
            if known is not None:
                self._known[digest, kind] = known
        return known

    async def remember(self, digest: str, kind: str, remote: str) -> None:
        await self.store.uploads.remember(digest, self.channel, self.account, kind, remote, now_us())
        self._known[digest, kind] = remote

    async def forget(self, digest: str, kind: str) -> None:
        self._known.pop((digest, kind), None)
        await self.store.uploads.forget(digest, self.channel, self.account, kind)
