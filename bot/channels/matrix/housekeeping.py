"""What encryption needs between two syncs: keys uploaded, other people's keys asked for. Only logged when it fails."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from bot.channels.matrix.errors import code_of, is_error
from bot.channels.matrix.keys import Keys

log = logging.getLogger(__name__)


async def keep_house(client: Any, keys: Keys) -> None:
    """After each sync."""
    if client.outgoing_to_device_messages:
        await _tried("messages", client.send_to_device_messages)
    if client.should_upload_keys:
        await _tried("upload", client.keys_upload)
    if client.should_query_keys:
        await _tried("query", keys.query)
    if client.should_claim_keys:
        await _tried("claim", lambda: keys.claim(client.get_users_for_key_claiming()))


async def tell_read(client: Any, read: Mapping[str, str]) -> None:
    """`read`: the last event that was read in each room, shown there as seen."""
    for room, event in read.items():
        await _tried("receipt", partial(client.room_read_markers, room, event, event))


async def _tried(what: str, work: Callable[[], Awaitable[Any]]) -> None:
    try:
        answer = await work()
    except Exception as error:  # noqa: BLE001  nothing that fails here may stop the receiving
        log.warning("keys are not in order", extra={"action": f"matrix-{what}", "error": type(error).__name__})
        return
    if answer is not None and is_error(answer):
        log.warning("keys are not in order", extra={"action": f"matrix-{what}", "error": code_of(answer)})
