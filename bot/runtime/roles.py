"""Which parts run in a process. Named roles split the coach over processes, which needs a database they can share."""

from collections.abc import Collection

from bot.runtime.failures import CannotStartError
from bot.settings import PREFIX, Settings

CHANNELS = ("telegram", "matrix", "web")
ROLES = frozenset({*CHANNELS, "worker", "clock"})


def roles_of(settings: Settings, named: Collection[str] | None) -> frozenset[str]:
    """All roles if none is named. Raises `CannotStartError` where a process would do nothing, or nobody the rest."""
    if not named:
        return ROLES
    roles = frozenset(named)
    if settings.is_sqlite and not {"worker", "clock"} <= roles:
        raise CannotStartError(
            f"--role: on SQLite one process does everything; several need PostgreSQL in {PREFIX}DATABASE_URL"
        )
    if not settings.is_sqlite and not (settings.operator_name and settings.operator_contact):
        # A worker knows of no channel; without this it would speak as the nameless demo.
        raise CannotStartError(
            f"--role needs {PREFIX}OPERATOR_NAME and {PREFIX}OPERATOR_CONTACT, also without a channel"
        )
    needs = {
        "telegram": (settings.telegram_token is not None, "TELEGRAM_TOKEN"),
        "matrix": (settings.has_matrix, "MATRIX_HOMESERVER"),
        "web": (settings.serves_web, "WEB_PORT"),
    }
    for role in CHANNELS:
        there, variable = needs[role]
        if role in roles and not there:
            raise CannotStartError(f"--role {role} needs {PREFIX}{variable}")
    return roles
