"""What the doctor wants to know of the account. Only looks: no login, no key, no file is made."""

from nio import AsyncClient

from bot.channels.matrix.account import Access, KeyRing
from bot.channels.matrix.errors import UNREACHED
from bot.channels.matrix.signing import identity_of
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
        if access.password is None and access.token is None:
            raise CheckupError("never logged in", "Set RUECKGRAT_MATRIX_PASSWORD for the first start")
        return f"{access.user}, not logged in yet: the first start does it"
    if not ring.has_keys(login):
        raise CheckupError(
            f"the keys of device {login.device} are missing",
            "Bring RUECKGRAT_MATRIX_STORE back from the backup; with the password the next start makes a new device",
        )
    client.access_token = login.token
    try:
        await wire.get("account/whoami")
        identity = await identity_of(wire, login.user, login.device)
    except WireError as error:
        raise CheckupError(
            f"the homeserver refuses the login ({error})", "With RUECKGRAT_MATRIX_PASSWORD the next start logs in anew"
        ) from None
    if login.key and identity.device_known != login.key:
        raise CheckupError(
            f"the homeserver knows other keys for device {login.device}", "Bring RUECKGRAT_MATRIX_STORE back"
        )
    if not identity.device_signed:
        raise CheckupError(
            f"device {login.device} is not cross-signed, many clients will not talk to it",
            "Set RUECKGRAT_MATRIX_PASSWORD and start once; or verify the device with another one of the account",
        )
    return f"{login.user}, device {login.device}, keys in place, cross-signed"


async def _reached(wire: Wire) -> None:
    try:
        await wire.get("/_matrix/client/versions")
    except WireError as error:
        raise CheckupError(
            f"the homeserver does not answer ({error})", "Check RUECKGRAT_MATRIX_HOMESERVER and the network"
        ) from None
