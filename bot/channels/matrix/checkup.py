"""What the doctor wants to know of the account. Only looks: no login, no key, no file is made."""

from nio import AsyncClient

from bot.channels.matrix.account import Access, KeyRing, Login, needs_publishing
from bot.channels.matrix.errors import UNREACHED
from bot.channels.matrix.pulse import count_there
from bot.channels.matrix.signing import Identity, identity_of
from bot.channels.matrix.wire import Wire, WireError


class CheckupError(Exception):
    """What is wrong, in a few words; `mend` says what to do."""

    def __init__(self, seen: str, mend: str) -> None:
        super().__init__(seen)
        self.mend = mend


async def look_at(access: Access) -> str:
    """The account in one line. Raises `CheckupError`."""
    client = AsyncClient(access.homeserver, access.user)
    try:
        return await _looked(Wire(client), access, client)
    except UNREACHED as error:
        raise CheckupError(type(error).__name__, "Check RUECKGRAT_MATRIX_HOMESERVER and the network") from None
    finally:
        await client.close()


async def _looked(wire: Wire, access: Access, client: AsyncClient) -> str:
    await _reached(wire)
    ring = KeyRing(access.store)
    login = ring.login()
    if login is None or login.user != access.user:
        return await _before_the_first(wire, access, client)
    if not ring.has_keys(login):
        raise CheckupError(
            f"the keys of device {login.device} are missing",
            "Bring RUECKGRAT_MATRIX_STORE back from the backup; with the password the next start makes a new device",
        )
    client.user_id, client.device_id, client.access_token = login.user, login.device, login.token
    try:
        await wire.get("account/whoami")
        identity = await identity_of(wire, login.user, login.device)
        there = await count_there(client)
    except WireError as error:
        raise _refused(error, "With RUECKGRAT_MATRIX_PASSWORD the next start logs in anew") from None
    if (login.key and identity.device_known != login.key) or there > login.count:
        older = "older keys" if there > login.count else "other keys"
        raise CheckupError(
            f"RUECKGRAT_MATRIX_STORE holds {older} than the homeserver knows for device {login.device}",
            "Bring the newest RUECKGRAT_MATRIX_STORE back; with the password the next start makes a new device",
        )
    _signed(ring, login, identity)
    return f"{login.user}, device {login.device}, keys in place, cross-signed"


async def _before_the_first(wire: Wire, access: Access, client: AsyncClient) -> str:
    """A token can be tried; a password cannot without making a device."""
    if access.token is not None:
        client.access_token = access.token
        try:
            who = await wire.get("account/whoami")
        except WireError as error:
            raise _refused(error, "Correct RUECKGRAT_MATRIX_TOKEN") from None
        if who.get("user_id") != access.user or who.get("device_id", access.device) != access.device:
            raise CheckupError(
                "the token belongs to another user or device",
                "Correct RUECKGRAT_MATRIX_USER, RUECKGRAT_MATRIX_TOKEN and RUECKGRAT_MATRIX_DEVICE together",
            )
        return f"{access.user}, not started yet: the token is accepted"
    if access.password is None:
        raise CheckupError("never logged in", "Set RUECKGRAT_MATRIX_PASSWORD for the first start")
    try:
        flows = (await wire.get("login")).get("flows", [])
    except WireError as error:
        raise _refused(error, "Check RUECKGRAT_MATRIX_HOMESERVER") from None
    if not any(isinstance(flow, dict) and flow.get("type") == "m.login.password" for flow in flows):
        mend = "Set RUECKGRAT_MATRIX_TOKEN and RUECKGRAT_MATRIX_DEVICE"
        raise CheckupError("the homeserver takes no passwords", mend)
    return f"{access.user}, not logged in yet: the first start does it; user and password are not checked before"


def _refused(error: WireError, mend: str) -> CheckupError:
    if error.status == 429 or error.status >= 500 or error.status == 0:
        return CheckupError(f"the homeserver gives no answer now ({error})", "Try again in a minute")
    return CheckupError(f"the homeserver refuses the login ({error})", mend)


def _signed(ring: KeyRing, login: Login, identity: Identity) -> None:
    """Raises `CheckupError` where device and seeds are not those of the account's identity."""
    seeds = ring.seeds()
    if seeds is None:
        raise CheckupError(
            "the cross-signing keys are missing, no later device could be vouched for",
            "Bring them back with `rueckgrat matrix import`; with the password the next start makes new ones",
        )
    if needs_publishing(identity, seeds):
        raise CheckupError(
            "the account's cross-signing belongs to another device",
            "Reset it there and start with RUECKGRAT_MATRIX_PASSWORD, or `rueckgrat matrix import` what was exported",
        )
    if not identity.device_signed:
        raise CheckupError(
            f"device {login.device} is not cross-signed, many clients will not talk to it",
            "The running coach tries again by itself within the hour; look again then",
        )


async def _reached(wire: Wire) -> None:
    try:
        await wire.get("/_matrix/client/versions")
    except WireError as error:
        raise CheckupError(
            f"the homeserver does not answer ({error})", "Check RUECKGRAT_MATRIX_HOMESERVER and the network"
        ) from None
