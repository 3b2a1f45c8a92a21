"""`rueckgrat doctor`: looks at settings, content, database and tokens, and says how to mend what is wrong."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass

from bot.channels.channel import DeliveryError
from bot.channels.wall_clock import now_us
from bot.dialogue.facts import ProblemTold
from bot.dialogue.failures import StoreAwayError
from bot.dialogue.journal import load_fact
from bot.library.errors import ContentError
from bot.runtime.kitting import read_kit
from bot.runtime.telegram import who_is_the_bot
from bot.settings import Settings
from bot.store.intake import DAMAGED
from bot.store.rows import NewerStoreError
from bot.store.store import Store

SHOWN = 20
PROBLEMS_US = 30 * 24 * 3600 * 1_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: whether it is well, what was looked at, what was seen, and what to do."""

    ok: bool
    what: str
    seen: str
    mend: str = ""

    def __str__(self) -> str:
        mark = "ok  " if self.ok else "BAD "
        return f"{mark} {self.what}: {self.seen}" + (f". {self.mend}" if self.mend else "")


async def examine(settings: Settings) -> list[Finding]:
    """All findings, the good ones too."""
    return [
        _operator(settings),
        _content(settings),
        *[finding async for finding in _database(settings)],
        await _telegram(settings),
        await _matrix(settings),
    ]


def _operator(settings: Settings) -> Finding:
    if settings.operator_name and settings.operator_contact:
        return Finding(True, "operator", f"{settings.operator_name}, {settings.operator_contact}")
    return Finding(
        True, "operator", "nameless", "Good for the local demo only; set RUECKGRAT_OPERATOR_NAME and _CONTACT"
    )


def _content(settings: Settings) -> Finding:
    try:
        kitted = read_kit(settings)
    except ContentError as error:
        return Finding(False, "content", str(error), "Run `rueckgrat content check`")
    unreviewed = len(kitted.kit.library.unreviewed())
    seen = f"{kitted.root}, {len(kitted.kit.library.exercises)} exercises, {unreviewed} entries not yet reviewed"
    return Finding(True, "content", seen)


async def _database(settings: Settings) -> AsyncIterator[Finding]:
    where = "SQLite" if settings.is_sqlite else "PostgreSQL"
    try:
        store = await Store.open(settings.database_url.get_secret_value())
    except ValueError as error:
        yield Finding(False, "database", str(error), "Correct RUECKGRAT_DATABASE_URL")
        return
    except StoreAwayError:
        yield Finding(False, "database", f"{where} cannot be reached", "Is it running, is the folder writable?")
        return
    try:
        if await store.needs_upgrade():
            mend = "`rueckgrat run` does it" if settings.is_sqlite else "Run `rueckgrat db upgrade`"
            yield Finding(settings.is_sqlite, "database", f"{where}, tables are older than this version", mend)
            return
        counts = await store.counts()
        seen = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
        yield Finding(True, "database", f"{where}: {seen}")
        yield await _problems(store)
        for dead in await store.dead_events(SHOWN):
            seen = (
                f"event {dead.id} ({dead.kind} on {dead.channel or 'the clock'}, member {dead.member_id}): {dead.error}"
            )
            yield Finding(False, "set aside", seen, _mend(dead.error))
    except NewerStoreError:
        yield Finding(False, "database", f"{where} was written by a newer version", "Update this installation")
    except StoreAwayError:
        yield Finding(False, "database", f"{where} went away while it was examined", "Try again")
    finally:
        await store.aclose()


def _mend(error: str) -> str:
    if error == DAMAGED:
        return "The platform sent what nobody can read: look for an update of this installation"
    return "See the log of that moment; the member got a neutral line"


async def _problems(store: Store) -> Finding:
    """What members said does not work about the coach (/problem): choices and how often, nobody's name."""
    bodies = await store.told(ProblemTold.kind, now_us() - PROBLEMS_US)
    facts = (load_fact(ProblemTold.kind, body) for body in bodies)
    chosen = Counter(fact.what for fact in facts if isinstance(fact, ProblemTold))
    seen = ", ".join(f"{what} {count} ×" for what, count in chosen.most_common()) or "none"
    return Finding(True, "problems told in 30 days", seen)


async def _telegram(settings: Settings) -> Finding:
    if settings.telegram_token is None:
        return Finding(True, "telegram", "not configured")
    try:
        name = await who_is_the_bot(settings)
    except DeliveryError as error:
        return Finding(False, "telegram", type(error).__name__, "Check RUECKGRAT_TELEGRAM_TOKEN and the network")
    return Finding(True, "telegram", f"@{name}")


async def _matrix(settings: Settings) -> Finding:
    if not settings.has_matrix:
        return Finding(True, "matrix", "not configured")
    from bot.channels.matrix.checkup import CheckupError, look_at  # noqa: PLC0415  loads the encryption
    from bot.runtime.matrix import access_of  # noqa: PLC0415  loads the encryption

    try:
        seen = await look_at(access_of(settings))
    except CheckupError as error:
        return Finding(False, "matrix", str(error), error.mend)
    return Finding(True, "matrix", seen)
