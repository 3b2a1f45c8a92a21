"""What a member's turn decided about rounds, carried out in the transaction that saves the turn."""

import secrets
from collections.abc import Sequence
from datetime import date, timedelta

from bot.coach.challenge import Plan, active_day_of
from bot.coach.records import Mode
from bot.dialogue.beside import GRIEF_DAYS
from bot.dialogue.events import Address, RoundNews, Tapped
from bot.dialogue.facts import AlarmRaised, FlareSaid, SessionEnded, SessionStarted
from bot.dialogue.facts_rounds import RoundJoining, RoundMoved, RoundParted, RoundWished
from bot.dialogue.journal import load_fact
from bot.dialogue.kit import Kit
from bot.dialogue.moment import from_micros
from bot.dialogue.rounding import CARDS
from bot.dialogue.rounds import RoundTap, counts_now
from bot.store.desk import RoundDesk
from bot.store.ids import Ids
from bot.store.round_rooms import StoredRound
from bot.store.rows import Claim, Fact, Posted

_SAID = {RoundWished.kind, RoundJoining.kind, RoundMoved.kind, RoundParted.kind}
_WISHES = {
    *_SAID,
    *(SessionStarted.kind, SessionEnded.kind, FlareSaid.kind, AlarmRaised.kind),
}
_FLARING = {Mode.FLARE.value, Mode.SCREEN.value}
_SPARED = timedelta(days=1)  # today and tomorrow; while a flare-up lasts it is said or seen again
_GRIEVING = timedelta(days=GRIEF_DAYS - 1)
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that are mistaken for one another
CODE_SIGNS = 10


def plan_of(found: StoredRound) -> Plan:
    return Plan(begins=date.fromisoformat(found.begins), weeks=found.weeks, goal=found.goal)


def concerns_rounds(facts: Sequence[Fact]) -> bool:
    """Whether there is anything to carry out."""
    return any(fact.kind in _WISHES for fact in facts)


def is_wish(facts: Sequence[Fact]) -> bool:
    """Whether the member asked for something, and waits to hear of it."""
    return any(fact.kind in _SAID for fact in facts)


async def apply_wishes(desk: RoundDesk, claim: Claim, facts: Sequence[Fact], kit: Kit, ids: Ids, now: int) -> None:
    """What a member's turn decided about rounds, in the same transaction."""
    for fact in facts:
        if fact.kind not in _WISHES:
            continue
        match load_fact(fact.kind, fact.body):
            case RoundWished() as wished:
                await _start(desk, claim, wished, kit, ids, now)
            case RoundJoining() as joining:
                await _join(desk, claim, joining, ids, now)
            case RoundMoved(round=number, day=day):
                await _move(desk, claim, number, day, kit, ids, now)
            case RoundParted(round=number, ends=ends):
                await desk.part(number, claim.member, ends=ends)
            case SessionEnded(finished=finished):
                if finished:
                    await _count_session(desk, claim.member, fact.at, kit)
            case FlareSaid() | SessionStarted() | AlarmRaised() as trouble:
                await _spare(desk, claim.member, trouble, date.fromisoformat(fact.local_date))
            case _:  # the kinds are looked at above
                raise AssertionError(fact.kind)


async def _count_session(desk: RoundDesk, who: int, at: int, kit: Kit) -> None:
    """It counts by itself where the member wanted that, for the day that a tap would count for there."""
    rules = kit.library.thresholds.challenge
    for found in await desk.shared_by(who):
        day = active_day_of(from_micros(at), found.zone, rules)
        await desk.tick_member(who, day.isoformat(), found.id)


async def _spare(desk: RoundDesk, who: int, trouble: FlareSaid | SessionStarted | AlarmRaised, day: date) -> None:
    """In a flare-up, and for two weeks after a crisis, a member is written nothing about rounds."""
    if isinstance(trouble, AlarmRaised):
        if trouble.level == "crisis":
            await desk.spare(who, (day + _GRIEVING).isoformat())
    elif isinstance(trouble, FlareSaid) or trouble.gate in _FLARING:
        await desk.spare(who, (day + _SPARED).isoformat())


async def _move(desk: RoundDesk, claim: Claim, number: int, day: str, kit: Kit, ids: Ids, now: int) -> None:
    """Only here is known what counts, so here it is said. A question left open since yesterday counts for nothing."""
    found = (await desk.find([number])).get(number)
    said = RoundTap(number, date.fromisoformat(day), Tapped.MOVED)
    rules = kit.library.thresholds.challenge
    what = "not-in"
    if found is not None and not counts_now(said, from_micros(now), found.zone, plan_of(found), rules):
        what = "late"
    elif found is not None and await desk.tick_member(claim.member, day, number):
        what = "counted"
        await _place(desk, number, _home(claim))
    await _tell(desk, claim, RoundNews(what=what, round=number), ids, now)


async def _start(desk: RoundDesk, claim: Claim, wished: RoundWished, kit: Kit, ids: Ids, now: int) -> None:
    made = StoredRound(
        id=ids.next(now),
        starter=claim.member,
        code=new_code(),
        room_code=new_code(),
        name=wished.name,
        language=claim.locale or "de",
        zone=claim.zone or kit.operator.zone,
        begins=wished.begins,
        weeks=wished.weeks,
        goal=wished.goal,
    )
    if not await desk.start(made, kit.library.thresholds.challenge.rounds_most):
        await _tell(desk, claim, RoundNews(what="enough"), ids, now)
        return
    where = _home(claim)
    await desk.join(made.code, where, claim.member, name=wished.shown, shares=True)
    await _place(desk, made.id, where)
    await _tell(desk, claim, _news("made", made, room_code=made.room_code), ids, now)


async def _join(desk: RoundDesk, claim: Claim, joining: RoundJoining, ids: Ids, now: int) -> None:
    where = _home(claim)
    found = await desk.join(joining.code, where, claim.member, name=joining.shown, shares=joining.shares)
    if found is not None:
        await _place(desk, found.id, where)
    news = RoundNews(what="unknown") if found is None else _news("joined", found)
    await _tell(desk, claim, news, ids, now)


def _home(claim: Claim) -> Address:
    """Where a member wants to be spoken to."""
    return next((known.address for known in claim.addresses if known.preferred), claim.addresses[0].address)


async def _place(desk: RoundDesk, number: int, where: Address) -> None:
    """A card of their own, so that nobody has to tap before others."""
    if where.channel in CARDS:
        await desk.place_privately(number, where)


def _news(what: str, found: StoredRound, *, room_code: str = "") -> RoundNews:
    return RoundNews(
        what=what,
        round=found.id,
        name=found.name,
        code=found.code,
        room_code=room_code,
        begins=found.begins,
        weeks=found.weeks,
        zone=found.zone,
    )


async def _tell(desk: RoundDesk, claim: Claim, news: RoundNews, ids: Ids, now: int) -> None:
    await desk.post([Posted(member=claim.member, event=news, source=f"round:{ids.next(now)}")])


def new_code() -> str:
    """50 random bits, easy to read out."""
    return "".join(secrets.choice(_LETTERS) for _ in range(CODE_SIGNS))
