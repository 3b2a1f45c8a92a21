"""Where the sync stands: one value, written in the same transaction as the messages it covers.

It holds the server's token, the messages that could not be read yet, the invitations that are not yet carried out, what
a sync left out and was not told since, and rooms in which a word of our own is due: each is told by the homeserver only
once.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.channels.matrix.updates import identifier

log = logging.getLogger(__name__)

CURSOR = "sync"


@dataclass(frozen=True, slots=True)
class Invitation:
    """Somebody asked us in; or a room says where it lives on. `at`: epoch microseconds.

    `ours`: a room that we made and asked the person into, who has not come yet.
    """

    room: str
    person: str
    at: int
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Unread:
    """A message whose key has not come. `since`: epoch seconds, 0 where nobody noted it; `told`: its sender knows."""

    room: str
    event: str
    since: int = 0
    told: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """What lies in a room between two tokens, newer one first. `at`: epoch microseconds, when it was left out."""

    room: str
    start: str
    since: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """`token` is `None` before the very first sync.

    `crowded`: rooms in which it must still be said that we are no longer alone, and by which event. `told`: rooms in
    which it was said that something cannot be read, and when (epoch seconds). `key`, `heard`: see `marks`. `behind`:
    rooms that are still to be left, and where we are instead.
    """

    token: str | None = None
    unread: tuple[Unread, ...] = ()
    invitations: Mapping[str, Invitation] = field(default_factory=dict)
    gaps: tuple[Gap, ...] = ()
    crowded: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[str, int] = field(default_factory=dict)
    key: str = ""
    heard: Mapping[str, str] = field(default_factory=dict)
    behind: Mapping[str, str] = field(default_factory=dict)

    def dump(self) -> str:
        invitations = [[each.room, each.person, each.at, each.ours] for each in self.invitations.values()]
        gaps = [[each.room, each.start, each.since, each.at] for each in self.gaps]
        unread = [[each.room, each.event, each.since, each.told] for each in self.unread]
        held = {"token": self.token, "unread": unread, "invitations": invitations}
        said = {"crowded": dict(self.crowded), "told": dict(self.told), "key": self.key, "heard": dict(self.heard)}
        return json.dumps({**held, "gaps": gaps, **said, "behind": dict(self.behind)})


def load(saved: str | None) -> Position:
    """What was saved; damage is logged, and the sync begins anew."""
    if saved is None:
        return Position()
    try:
        held: Any = json.loads(saved)
        invitations = [_invitation(*each) for each in held["invitations"]]
        gaps = [Gap(str(room), str(a), str(b), int(at)) for room, a, b, at in held.get("gaps", [])]
        return Position(
            token=identifier(held["token"]),
            unread=tuple(_unread(*each) for each in held["unread"]),
            invitations={each.room: each for each in invitations},
            gaps=tuple(gaps),
            crowded={str(room): str(event) for room, event in held.get("crowded", {}).items()},
            told={str(room): int(at) for room, at in held.get("told", {}).items()},
            key=str(held.get("key", "")),
            heard={str(mark): str(event) for mark, event in held.get("heard", {}).items()},
            behind={str(old): str(new) for old, new in held.get("behind", {}).items()},
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        log.exception("the sync position is damaged", extra={"action": "matrix-position"})
        return Position()


def _invitation(room: Any, person: Any, at: Any, ours: Any = False) -> Invitation:  # noqa: FBT002  as it is written
    """Older positions do not name the last."""
    return Invitation(str(room), str(person), int(at), bool(ours))


def _unread(room: Any, event: Any, since: Any = 0, told: Any = False) -> Unread:  # noqa: FBT002  as it is written
    """Older positions name only the first two."""
    return Unread(str(room), str(event), int(since), bool(told))
