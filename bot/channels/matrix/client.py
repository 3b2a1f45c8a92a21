"""nio's client, hardened: what one stranger sends must not make the coach deaf for everybody.

nio decrypts while it takes in a sync, and some of what it is sent makes it raise: a key message that is no base64, for
example, which anybody may send to any device. The homeserver would tell the same sync again and again.
"""

import logging
from typing import Any

from nio import Api, AsyncClient, KeysUploadResponse, MegolmEvent
from nio.event_builders.direct_messages import RoomKeyRequestMessage
from nio.exceptions import EncryptionError, LocalProtocolError
from vodozemac import SessionCreationException

from bot.channels.matrix.errors import is_error
from bot.channels.matrix.marks import MARK

log = logging.getLogger(__name__)


class CoachClient(AsyncClient):  # type: ignore[misc]  # nio is untyped
    """One event that cannot be read is left as it is; all others are taken in."""

    is_vouched_for = False  # the account's own signature under this device

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.changed = set[str]()  # people whose devices have changed since they were asked for

    def _handle_decrypt_to_device(self, to_device_event: Any) -> Any:
        try:
            return super()._handle_decrypt_to_device(to_device_event)
        except SessionCreationException as error:  # it took a key that is not ours any more: it must take another
            self.olm._mark_device_for_unwedging(to_device_event.sender, to_device_event.sender_key)  # noqa: SLF001
            _passed_over("matrix-broken-key-message", error)
            return None
        except Exception as error:  # noqa: BLE001  whatever it raises: it is this one message
            _passed_over("matrix-broken-key-message", error)
            return None

    def _handle_timeline_event(self, event: Any, *given: Any) -> Any:
        try:
            return super()._handle_timeline_event(event, *given)
        except Exception as error:  # noqa: BLE001  see above
            _passed_over("matrix-broken-event", error)
            return None

    def _handle_olm_events(self, response: Any) -> None:
        super()._handle_olm_events(response)
        self.changed.update(response.device_list.changed)

    def _handle_messages_response(self, response: Any) -> None:
        """As nio does it, one event at a time."""
        for index, event in enumerate(response.chunk):
            if not isinstance(event, MegolmEvent):
                continue
            event.room_id = event.room_id or response.room_id
            try:
                response.chunk[index] = self.decrypt_event(event)
            except EncryptionError:
                continue  # its key may come later

    def decrypt_event(self, event: Any) -> Any:
        """Raises `EncryptionError`, nothing else."""
        try:
            return super().decrypt_event(event)
        except EncryptionError:
            raise
        except Exception as error:  # noqa: BLE001  see above
            if not isinstance(error, LocalProtocolError):
                _passed_over("matrix-broken-event", error)
            raise EncryptionError(type(error).__name__) from None

    def encrypt(self, room_id: str, message_type: str, content: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """The mark of a message stands beside what is encrypted too."""
        kind, sealed = super().encrypt(room_id, message_type, content)
        return kind, sealed | ({MARK: content[MARK]} if MARK in content else {})

    async def keys_upload(self) -> Any:
        """Keys are kept here before anybody can take one there: the answer may get lost, or this process with it.

        What is refused is not offered again: its numbers may be taken, and would be refused for ever.
        """
        made = self.olm.share_keys()
        self.olm.save_account()
        answer = await self._send(KeysUploadResponse, *Api.keys_upload(self.access_token, made))
        if is_error(answer):
            self.olm.mark_keys_as_published()
        return answer

    async def send_to_device_messages(self) -> Any:
        """No key is asked for: clients pass keys on to their own person's devices only, and each retry would ask."""
        waiting = self.olm.outgoing_to_device_messages
        waiting[:] = [each for each in waiting if not isinstance(each, RoomKeyRequestMessage)]
        return await super().send_to_device_messages()

    async def _collect_key_requests(self) -> None:
        """No key is given to anybody who asks for one: whoever should read a message was sent its key before it.

        A member's new device gets older keys from the member's own devices or backup, which can look at its owner's
        signature; nio cannot. A new device of the coach's own account may be somebody who knows its password.
        """
        self.olm.received_key_requests = {}


def _passed_over(action: str, error: Exception) -> None:
    log.warning("something sent cannot be read", extra={"action": action, "error": type(error).__name__})
