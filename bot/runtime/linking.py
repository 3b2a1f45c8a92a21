"""What members' turns decided about their places, carried out in the transaction that saves the turns.

The last confirmation is a turn of two members: both rows are held, the one that stays hears the other's flags and is
saved with them, the other's places become its own. A SIGKILL leaves either both or one, never anything between.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.dialogue.events import Address, LinkNews, StepsKeyMade
from bot.dialogue.flows.disposed import DISPOSED
from bot.dialogue.member import DocumentError, Member, load_member
from bot.dialogue.messages import Kind
from bot.dialogue.uniting import flags_of, is_onboarded
from bot.dialogue.wire import encode, event_kind
from bot.dialogue.wishes import Agree, Decline, MakeCode, MakeStepsKey, Part, PlaceWish, RedeemCode
from bot.runtime.living import Living
from bot.runtime.placing import place_edits
from bot.runtime.standby import owed_lock
from bot.runtime.step_door import new_key
from bot.runtime.wishes import new_code
from bot.store.fairness import address_of
from bot.store.linking import StoredLink
from bot.store.rows import Claim, Posted, StoredAddress, Waiting
from bot.store.turns import TurnBatch

log = logging.getLogger(__name__)
OWN, OTHER = "own", "other"


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two, with its document and the address at which it takes part."""

    claim: Claim
    member: Member
    key: str

    @property
    def channel(self) -> str:
        return self.key.partition("\n")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Linking:
    """For one batch, after its turns are saved."""

    batch: TurnBatch
    living: Living
    emptied: list[Address] = field(default_factory=list)  # places whose history is erased: what they show goes too

    async def carry_out(self, claim: Claim, wishes: Sequence[tuple[PlaceWish, Address | None]]) -> None:
        for wish, where in wishes:
            here = where or claim.addresses[0].address
            match wish:
                case MakeCode():
                    code = new_code()
                    await self.batch.places.make(claim.member, here.key, code)
                    await self._tell(claim.member, here, LinkNews(what="code", code=code))
                case RedeemCode(code=code):
                    await self._redeem(claim.member, here, code)
                case Agree():
                    await self._agree(claim.member, here, wish)
                case Decline(link=number):
                    await self._decline(claim.member, number)
                case Part(here=is_here):
                    keys = [known.address.key for known in claim.addresses]
                    gone = [key for key in keys if (key == here.key) is is_here]
                    await self.batch.places.part(claim.member, gone)
                case MakeStepsKey():
                    await self._make_key(claim.member, here)
                case _:
                    raise AssertionError(wish)

    async def _redeem(self, member: int, here: Address, code: str) -> None:
        desk = self.batch.places
        if not await desk.may_try(here.key):
            await self._tell(member, here, LinkNews(what="enough"))
            return
        found = await desk.redeem(member, here.key, code)
        if found is None or found.other == found.member:
            await self._tell(member, here, LinkNews(what="wrong" if found is None else "same"))
            return
        sides = self._sides(found, await self.batch.look([found.member, found.other]))
        if sides is None:
            await self._late(found)
            return
        own, other = sides
        both = is_onboarded(own.member.known) and is_onboarded(other.member.known)
        await self._tell(member, here, LinkNews(what="asked", link=found.id, there=own.channel, both=both))

    async def _agree(self, member: int, here: Address, agreed: Agree) -> None:
        """The side that gave the code comes first; with the other's yes it is done."""
        found = await self.batch.places.find(agreed.link, member)
        if found is None:
            await self._tell(member, here, LinkNews(what="late"))
            return
        if member == found.other and not found.agreed:
            keep = {"here": OTHER, "there": OWN}.get(agreed.keep, "")
            await self.batch.places.agree(found.id, keep)
            asked = LinkNews(
                what="asked",
                link=found.id,
                there=found.other_key.partition("\n")[0],
                both=bool(keep),
                keep={OTHER: "there", OWN: "here"}.get(keep, ""),
            )
            await self._tell(found.member, address_of(found.address_key, private=True), asked)
            await self._tell(member, here, LinkNews(what="waiting"))
        elif member == found.member and found.agreed:
            await self._unite(found, here)

    async def _decline(self, member: int, number: int) -> None:
        found = await self.batch.places.find(number, member)
        if found is None:
            return
        await self.batch.places.drop(number)
        party, key = (found.member, found.address_key) if member == found.other else (found.other, found.other_key)
        if member == found.member or found.agreed:  # the side of the code has not been asked yet
            await self._tell(party, address_of(key, private=True), LinkNews(what="declined"))

    async def _unite(self, found: StoredLink, here: Address) -> None:
        claims = await self.batch.hold([found.member, found.other])
        if len(claims) < 2 and await self.batch.is_there(found.other):  # another worker holds it for a moment
            keep = {OWN: "here", OTHER: "there"}.get(found.keep, "")
            await self._tell(found.member, here, LinkNews(what="again", link=found.id, keep=keep))
            return
        sides = self._sides(found, claims)
        if sides is None:
            await self._late(found)
            return
        own, other = sides
        histories = [side for side in sides if is_onboarded(side.member.known)]
        if any(_asks_about_safety(side) for side in sides) or (len(histories) > 1) is not bool(found.keep):
            await self._late(found)  # something has changed since they were asked
            return
        kept = histories[0] if len(histories) == 1 else other if found.keep == OTHER else own
        lost = other if kept is own else own
        waits = await self.batch.places.is_waiting(lost.claim.member, Kind.EXPORT.value)  # the file has not left yet
        if waits or not await self._save(kept, lost, here):
            await self._late(found)
            return
        await self.batch.places.merge(kept.claim.member, lost.claim.member, had_history=len(histories) > 1)
        self.living.documents.forget(lost.claim.document)
        if len(histories) > 1:
            self.emptied.extend(known.address for known in lost.claim.addresses)
        self.batch.has_erased = True

    async def _save(self, kept: _Side, lost: _Side, here: Address) -> bool:
        """The kept side's turn, with the other's flags and places; false if it failed, and nothing has changed then."""
        united = flags_of(lost.member.known, lost.channel)
        event = LinkNews(what="linked", there=lost.channel, united=united)
        waiting = Waiting(
            id=self.living.ids.next(self.living.now),
            kind=event_kind(event),
            body=encode(event),
            address=here,
            received=self.living.now,
            attempts=0,
        )
        joining = tuple(replace(known, preferred=False) for known in lost.claim.addresses)
        places: tuple[StoredAddress, ...] = (*kept.claim.addresses, *joining)
        lived = self.living.live(replace(kept.claim, addresses=places, events=(waiting,)))
        if not lived.turns:
            return False
        await place_edits(self.batch.places, [lived], self.living.ids, self.living.now)
        await self.batch.save([lived.outcome])
        return True

    def _sides(self, found: StoredLink, claims: Mapping[int, Claim]) -> tuple[_Side, _Side] | None:
        """The side of the code and the other one; `None` if one of them is gone or cannot be read."""
        if len(claims) < 2:
            return None
        try:
            own, other = (_document(claims[number]) for number in (found.member, found.other))
        except DocumentError as error:
            log.warning("no link", extra={"action": "link-document", "error": type(error).__name__})
            return None
        return (
            _Side(claims[found.member], own, found.address_key),
            _Side(claims[found.other], other, found.other_key),
        )

    async def _late(self, found: StoredLink) -> None:
        await self.batch.places.drop(found.id)
        for member, key in ((found.member, found.address_key), (found.other, found.other_key)):
            if member and await self.batch.is_there(member):
                await self._tell(member, address_of(key, private=True), LinkNews(what="late"))

    async def _make_key(self, member: int, where: Address) -> None:
        made = StepsKeyMade(key=new_key(member))
        source = f"steps-key:{self.living.ids.next(self.living.now)}"
        await self.batch.rounds.post([Posted(member=member, event=made, source=source, address=where)])

    async def _tell(self, member: int, where: Address, news: LinkNews) -> None:
        source = f"link:{self.living.ids.next(self.living.now)}"
        await self.batch.rounds.post([Posted(member=member, event=news, source=source, address=where)])


def _document(claim: Claim) -> Member:
    if not claim.document:
        return Member(language=claim.locale or "de", zone=claim.zone or "Europe/Berlin")
    return load_member(claim.document)


def _asks_about_safety(side: _Side) -> bool:
    """An alarm's question waits for its answer, or an alarm has not reached the document yet.

    The room of a lock may stand, its lock comes along.
    """
    alarm = side.member.alarm
    return bool(owed_lock(side.claim, side.member)) or (alarm is not None and alarm.flow != DISPOSED.name)
