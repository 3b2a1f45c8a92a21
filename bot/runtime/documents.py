"""Member documents as bytes and back. The recent ones are kept at hand, for reading one costs more than most turns.

A turn changes little of what is known, so only those fields of `known` that changed are written anew. The bytes alone
decide: what another process has written is read as it stands. A flow that stands at its question stays at hand too, and
serves only the very answers it was run over.
"""

from collections import OrderedDict
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, get_type_hints

from pydantic import TypeAdapter

from bot.dialogue.member import Known, Member, dump_head, load_member
from bot.dialogue.turn import AtHand

MOST = 512  # documents at hand, about 25 KB each after some weeks
_HINTS = get_type_hints(Known)
_BARE = Known()
_NAMES = tuple(each.name for each in fields(Known))


@dataclass(frozen=True, slots=True)
class _Recent:
    """A document taken apart, and the JSON of each field of `known` that does not stand at its default."""

    member: Member
    parts: dict[str, bytes] | None  # not known of one that was only read


@dataclass(slots=True)
class Documents:
    """Reads and writes documents; `most` of them are kept."""

    most: int = MOST
    _recent: OrderedDict[bytes, _Recent] = field(default_factory=OrderedDict)
    _runs: OrderedDict[int, AtHand] = field(default_factory=OrderedDict)

    def read(self, document: bytes) -> Member:
        """Raises `DocumentError`."""
        found = self._recent.get(document)
        if found is None:
            found = _Recent(load_member(document), None)
            self._keep(document, found)
        return found.member

    def write(self, member: Member, before: bytes | None) -> bytes:
        """The document of `member`; `before` is the one it was made from."""
        old = self._recent.pop(before, None) if before else None
        parts = _parts(member.known, old)
        document = _joined(dump_head(member), parts)
        self._keep(document, _Recent(member, parts))
        return document

    def take_run(self, member: Member) -> AtHand | None:
        """The flow that the member's last turn left standing; it is handed out once, for a turn uses it up."""
        state = member.alarm or member.open
        return None if state is None else self._runs.pop(state.run, None)

    def keep_run(self, run: AtHand | None) -> None:
        if run is not None:
            self._runs[run[0].run] = run
            if len(self._runs) > self.most:
                self._runs.popitem(last=False)

    def forget(self, document: bytes | None) -> None:
        """Nothing of an erased member stays at hand."""
        found = self._recent.pop(document, None) if document else None
        if found is not None:
            for state in (found.member.alarm, found.member.open, found.member.parked):
                self._runs.pop(state.run if state else 0, None)

    def _keep(self, document: bytes, recent: _Recent) -> None:
        self._recent[document] = recent
        if len(self._recent) > self.most:
            self._recent.popitem(last=False)


@cache
def _codec(name: str) -> TypeAdapter[Any]:
    """Made when its field is first written: all of them would hold up the start."""
    return TypeAdapter(_HINTS[name])


def _parts(known: Known, old: _Recent | None) -> dict[str, bytes]:
    if old is not None and old.parts is not None and known is old.member.known:
        return old.parts  # most answers are kept with their flow until it ends
    parts: dict[str, bytes] = {}
    for name in _NAMES:
        value = getattr(known, name)
        if old is not None and old.parts is not None and value is getattr(old.member.known, name):
            if name in old.parts:
                parts[name] = old.parts[name]
        elif value != getattr(_BARE, name):
            parts[name] = _codec(name).dump_json(value, exclude_defaults=True, ensure_ascii=True)
    return parts


def _joined(head: bytes, parts: dict[str, bytes]) -> bytes:
    """Two JSON objects as one: the second stands in the first as `known`."""
    if not parts:
        return head
    known = b",".join(b'"%s":%s' % (name.encode(), value) for name, value in parts.items())
    return b'%s%s"known":{%s}}' % (head[:-1], b"," if len(head) > 2 else b"", known)
