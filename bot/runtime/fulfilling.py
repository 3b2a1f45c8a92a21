"""Pictures that were not drawn in time: each follows its message by an edit as soon as it is there.

Kept in memory only: after a restart a message stays as it left, whole in its words.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot.channels.channel import Pictures
from bot.dialogue.failures import StoreAwayError
from bot.dialogue.messages import Message, Picture, Priority
from bot.dialogue.wire import encode
from bot.store.rows import NewSend, SendRow
from bot.store.store import Store

log = logging.getLogger(__name__)

LONGEST_S = 600.0  # a film drawn behind all others on a slow machine; later nobody looks at it any more
MOST = 500  # followed at once; whoever comes then keeps the still


@dataclass(slots=True)
class LatePictures:
    """`on_written`: there is something to send."""

    store: Store
    pictures: Pictures
    now: Callable[[], int]
    on_written: Callable[[], None]
    _following: set[asyncio.Task[None]] = field(default_factory=set)

    def follow(self, row: SendRow, message: Message) -> None:
        """Its picture is drawn on; then it is brought, unless the message says something else by then."""
        if message.picture is None or len(self._following) >= MOST:
            return
        task = asyncio.create_task(self._bring(row, message, message.picture))
        self._following.add(task)
        task.add_done_callback(self._following.discard)

    async def aclose(self) -> None:
        for task in self._following:
            task.cancel()
        await asyncio.gather(*self._following, return_exceptions=True)

    async def _bring(self, row: SendRow, message: Message, picture: Picture) -> None:
        try:
            async with asyncio.timeout(LONGEST_S):
                await self.pictures.picture(picture)
            if await self.store.look.complete(row, self._edit(row, message), self.now()):
                self.on_written()
        except StoreAwayError:
            log.info("a picture does not follow", extra={"action": "late-picture", "error": "StoreAwayError"})
        except Exception as error:  # noqa: BLE001  whatever the drawing room raises: the words stand
            log.error(  # noqa: TRY400  only its class: its text may hold what was drawn
                "a picture does not follow", extra={"action": "late-picture", "error": type(error).__name__}
            )

    def _edit(self, row: SendRow, message: Message) -> NewSend:
        """In the place of a prompt: whatever is said meanwhile goes first, and a lock takes it away."""
        number, priority = self.store.ids.next(self.now()), max(row.priority, Priority.PROMPT)
        edit = replace(message, id=number, replaces=row.id, only_edit=True, silent=True, priority=Priority(priority))
        return NewSend(
            id=number,
            address=row.address,
            priority=int(priority),
            kind=row.kind,
            body=encode(edit),
            expires=row.expires,
            replaces=row.id,
            only_edit=True,
            silent=True,
        )
