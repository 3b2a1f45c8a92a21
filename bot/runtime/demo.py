"""The local demo's time control: a visitor lives through a week in minutes. Shifts that member's clock only."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import time
from zoneinfo import ZoneInfo

from bot.dialogue.events import Address, Due, TimeShifted
from bot.dialogue.flows.session import PROMPT
from bot.dialogue.member import DocumentError, Member, load_member
from bot.dialogue.moment import Moment, from_micros, micros
from bot.dialogue.rhythm import MORNING_NUMBER
from bot.store.rows import Posted, StoredMember
from bot.store.store import Store

MORNING = time(8)
LONGEST = 30  # appointments that one tap may live through


@dataclass(slots=True)
class TimeControl:
    """Moves members' clocks. `clock` tells a page its member's time."""

    store: Store
    now: Callable[[], int]
    on_posted: Callable[[], None]
    _shifts: dict[str, int] = field(default_factory=dict)

    def clock(self, address: Address) -> int:
        """Epoch microseconds as this member's page shows them."""
        return self.now() + self._shifts.get(address.key, 0)

    async def move(self, address: Address, to: str) -> None:
        """`to`: the next appointment ("event"), or the next morning's ("morning") with everything before it."""
        stored = await self.store.member_by_address(address.key)
        if stored is None or not stored.document:
            return
        try:
            member = load_member(stored.document)
        except DocumentError:
            return
        posted = await self._until(stored, member, to)
        if not posted:
            return
        last = max(event.event.to for event in posted if isinstance(event.event, TimeShifted))
        self._shifts[address.key] = max(0, last - self.now())
        await self.store.post(posted, self.now())
        self.on_posted()

    async def _until(self, stored: StoredMember, member: Member, to: str) -> list[Posted]:
        posted: list[Posted] = []
        for number in range(LONGEST):
            taken = await self.store.take_appointment(stored.member, self.now())
            if taken is None:
                break
            source = f"demo:{self.now()}:{number}"
            posted.append(Posted(member=stored.member, event=TimeShifted(to=taken.due), source=f"{source}:shift"))
            due = Due(kind=taken.kind, local_date=taken.local_date, due_at=taken.due)
            posted.append(Posted(member=stored.member, event=due, source=source))
            if to == "event" or taken.kind in {PROMPT, MORNING_NUMBER}:
                return posted
        if not posted:
            posted.append(self._next_morning(stored, member))
        return posted

    def _next_morning(self, stored: StoredMember, member: Member) -> Posted:
        """Nothing is booked: simply tomorrow at eight."""
        moment = Moment(from_micros(self.now() + member.shift), ZoneInfo(member.zone))
        to = micros(moment.at(MORNING, days=1))
        return Posted(member=stored.member, event=TimeShifted(to=to), source=f"demo:{self.now()}:morning")
