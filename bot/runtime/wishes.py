"""What a member's turn decided about rounds, carried out in the transaction that saves the turn."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.coach.challenge import Plan, active_day_of
from bot.coach.records import Mode
from bot.dialogue.beside import GRIEF_DAYS
from bot.dialogue.events import Address, RoundNews, Tapped
from bot.dialogue.facts import AlarmRaised, FlareSaid, SessionEnded, SessionStarted
from bot.dialogue.facts import Fact as Wished
from bot.dialogue.facts_rounds import (
    RoundAgain,
    RoundChanged,
    RoundJoining,
    RoundMoved,
    RoundParted,
    RoundsAsked,
    RoundSeen,
    RoundWished,
)
from bot.dialogue.journal import load_fact
from bot.dialogue.kit import Kit
from bot.dialogue.moment import from_micros
from bot.dialogue.rounding import CARDS
from bot.dialogue.rounds import RoundTap, counts_now
from bot.store.desk import RoundDesk
from bot.store.ids import Ids
from bot.store.round_hosts import SeenRound
from bot.store.round_rooms import StoredRound, person_of
from bot.store.rows import Claim, Fact

_SAID = {
    *(RoundsAsked.kind, RoundWished.kind, RoundChanged.kind, RoundAgain.kind),
    *(RoundJoining.kind, RoundMoved.kind, RoundParted.kind),
}
_ALWAYS = {*_SAID, FlareSaid.kind, AlarmRaised.kind}
_WISHES = {*_ALWAYS, SessionStarted.kind, SessionEnded.kind}
_FLARING = {Mode.FLARE.value, Mode.SCREEN.value}
_SPARED = timedelta(days=1)  # today and tomorrow; while a flare-up lasts it is said or seen again
_GRIEVING = timedelta(days=GRIEF_DAYS - 1)
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that are mistaken for one another
CODE_SIGNS = 10
GRANTED_FOR_US = 3600 * 1_000_000


def plan_of(found: StoredRound) -> Plan:
    return Plan(begins=date.fromisoformat(found.begins), weeks=found.weeks, goal=found.goal)


def concerns_rounds(facts: Sequence[Fact], *, shares: bool) -> bool:
    """Whether there is anything to carry out. `shares`: the member's sessions count by themselves in some round.

    Nearly every turn with exercises begins and ends a session that means nothing to any round.
    """
    return any(fact.kind in _ALWAYS or (shares and fact.kind == SessionEnded.kind) or _spares(fact) for fact in facts)


def ends_session(facts: Sequence[Fact]) -> bool:
    return any(fact.kind == SessionEnded.kind for fact in facts)


def _spares(fact: Fact) -> bool:
    """A session of a hard day."""
    if fact.kind != SessionStarted.kind:
        return False
    started = load_fact(fact.kind, fact.body)
    return isinstance(started, SessionStarted) and started.gate in _FLARING


def is_wish(facts: Sequence[Fact]) -> bool:
    """Whether the member asked for something, and waits to hear of it."""
    return any(fact.kind in _SAID for fact in facts)


async def apply_wishes(desk: RoundDesk, claim: Claim, facts: Sequence[Fact], kit: Kit, ids: Ids, now: int) -> None:
    """What a member's turn decided about rounds, in the same transaction."""
    for fact in facts:
        if fact.kind not in _WISHES:
            continue
        wish = load_fact(fact.kind, fact.body)
        match wish:
            case SessionEnded(finished=finished):
                if finished:
                    await _count_session(desk, claim.member, fact.at, kit)
            case FlareSaid() | SessionStarted() | AlarmRaised():
                await _spare(desk, claim.member, wish, date.fromisoformat(fact.local_date))
            case RoundChanged() | RoundAgain() | RoundParted():
                await _rearrange(desk, claim, wish, kit, now)
            case _:
                await _take_part(desk, claim, wish, kit, ids, now)


async def _take_part(desk: RoundDesk, claim: Claim, wish: Wished, kit: Kit, ids: Ids, now: int) -> None:
    match wish:
        case RoundsAsked(leaving=leaving):
            found = await desk.seen(claim.member, _people(claim))
            await _tell(desk, claim, RoundNews(what="none") if leaving and not found else seen_news(found))
        case RoundWished():
            await _start(desk, claim, wish, kit, ids, now)
        case RoundJoining():
            await _join(desk, claim, wish)
        case RoundMoved(round=number, day=day):
            await _move(desk, claim, number, day, kit, now)
        case _:  # the kinds are looked at above
            raise AssertionError(wish.kind)


async def _rearrange(
    desk: RoundDesk, claim: Claim, wish: RoundChanged | RoundAgain | RoundParted, kit: Kit, now: int
) -> None:
    """Leaving is everybody's own affair; the rest is for whoever may change the round."""
    if isinstance(wish, RoundParted) and not wish.ends:
        await desk.leave(wish.round, claim.member, _people(claim))
    elif not await _may_change(desk, claim, wish.round, wish.granted, now):
        await _tell(desk, claim, RoundNews(what="not-yours"))
    elif isinstance(wish, RoundChanged):
        await _change(desk, claim, wish, kit, now)
    elif isinstance(wish, RoundAgain):
        await _go_on(desk, claim, wish, kit, now)
    else:
        await desk.end(wish.round, claim.member)
        await _tell(desk, claim, RoundNews(what="ended"))


async def _count_session(desk: RoundDesk, who: int, at: int, kit: Kit) -> None:
    """It counts by itself where the member wanted that, for the day that a tap would count for there."""
    rules = kit.library.thresholds.challenge
    for found in await desk.shared_by(who):
        day = active_day_of(from_micros(at), found.zone, rules)
        plan = plan_of(found)
        if plan.begins <= day <= plan.last_day:
            await desk.tick_member(who, day.isoformat(), found.id)


async def _spare(desk: RoundDesk, who: int, trouble: FlareSaid | SessionStarted | AlarmRaised, day: date) -> None:
    """In a flare-up, and for two weeks after a crisis, a member is written nothing about rounds."""
    if isinstance(trouble, AlarmRaised):
        if trouble.level == "crisis":
            await desk.spare(who, (day + _GRIEVING).isoformat())
    elif isinstance(trouble, FlareSaid) or trouble.gate in _FLARING:
        await desk.spare(who, (day + _SPARED).isoformat())


async def _move(desk: RoundDesk, claim: Claim, number: int, day: str, kit: Kit, now: int) -> None:
    """Only here is known what counts, so here it is said. A question left open since yesterday counts for nothing."""
    found = (await desk.find([number])).get(number)
    said = RoundTap(number, date.fromisoformat(day), Tapped.MOVED)
    rules = kit.library.thresholds.challenge
    what = "not-in"
    if found is not None and not counts_now(said, from_micros(now), found.zone, plan_of(found), rules):
        what = "late"
    elif found is not None and await desk.tick_member(claim.member, day, number, _people(claim)):
        what = "counted"
        await desk.also_at(number, claim.member, _home(claim))
        await _place(desk, number, _home(claim))
    await _tell(desk, claim, RoundNews(what=what, round=number))


async def _start(desk: RoundDesk, claim: Claim, wished: RoundWished, kit: Kit, ids: Ids, now: int) -> None:
    zone = claim.zone or kit.operator.zone
    made = StoredRound(
        id=ids.next(now),
        starter=claim.member,
        code=new_code(),
        room_code=new_code(),
        name=wished.name,
        language=claim.locale or "de",
        zone=zone,
        begins=_not_past(wished.begins, zone, kit, now),
        weeks=wished.weeks,
        goal=wished.goal,
    )
    where = _home(claim)
    host = person_of(where) if wished.guest else ""
    if not await desk.start(made, kit.library.thresholds.challenge.rounds_most, host):
        await _tell(desk, claim, RoundNews(what="enough"))
        return
    await desk.join(made.code, where, claim.member, name=wished.shown, shares=wished.shares)
    await _place(desk, made.id, where)
    await _tell(desk, claim, _news("made", made, room_code=made.room_code))


async def _join(desk: RoundDesk, claim: Claim, joining: RoundJoining) -> None:
    where = _home(claim)
    found = await desk.join(joining.code, where, claim.member, name=joining.shown, shares=joining.shares)
    if found is not None:
        await _place(desk, found.id, where)
    news = RoundNews(what="unknown") if found is None else _news("mine" if joining.anew else "joined", found)
    await _tell(desk, claim, news)


async def _change(desk: RoundDesk, claim: Claim, changed: RoundChanged, kit: Kit, now: int) -> None:
    """It never ends in the past, and what has begun has begun."""
    found = (await desk.find([changed.round])).get(changed.round)
    if found is None:
        await _tell(desk, claim, RoundNews(what="not-yours"))
        return
    today = active_day_of(from_micros(now), found.zone, kit.library.thresholds.challenge)
    begins = (
        found.begins if today >= date.fromisoformat(found.begins) else _not_past(changed.begins, found.zone, kit, now)
    )
    weeks = max(changed.weeks, plan_of(replace(found, begins=begins)).week_of(today))
    new = replace(found, name=changed.name, weeks=weeks, goal=changed.goal, begins=begins)
    await desk.change(new)
    await _tell(desk, claim, _news("changed", new))


async def _go_on(desk: RoundDesk, claim: Claim, again: RoundAgain, kit: Kit, now: int) -> None:
    found = await desk.find_over(again.round)
    if found is None:
        await _tell(desk, claim, RoundNews(what="not-yours"))
        return
    most = kit.library.thresholds.challenge.rounds_most
    made = await desk.go_on(found, _not_past(again.begins, found.zone, kit, now), most)
    if made is None:
        await _tell(desk, claim, RoundNews(what="enough"))
        return
    starts = await desk.is_host(made.id, claim.member, _people(claim))
    await _tell(desk, claim, _news("again", made, room_code=made.room_code if starts else ""))


def _not_past(begins: str, zone: str, kit: Kit, now: int) -> str:
    """The ISO day a round begins, though the question has stood open for days."""
    return max(begins, active_day_of(from_micros(now), zone, kit.library.thresholds.challenge).isoformat())


async def _may_change(desk: RoundDesk, claim: Claim, number: int, granted: int, now: int) -> bool:
    """Whoever started it; or an admin whose group has just said so: who is one may be none tomorrow."""
    return now - granted < GRANTED_FOR_US or await desk.is_host(number, claim.member, _people(claim))


def _people(claim: Claim) -> list[str]:
    """Somebody's platform ids: a guest is known by nothing else, and may have become a member since."""
    return sorted({person_of(known.address) for known in claim.addresses})


def seen_news(found: Sequence[SeenRound], *, granted: int = 0) -> RoundNews:
    """What somebody may know of their rounds."""
    return RoundNews(
        what="seen",
        rounds=tuple(
            RoundSeen(
                round=each.round.id,
                name=each.round.name,
                code=each.round.code,
                begins=each.round.begins,
                weeks=each.round.weeks,
                goal=each.round.goal,
                zone=each.round.zone,
                room_code=each.round.room_code if each.starts else "",
                starts=each.starts,
                takes_part=each.takes_part,
                is_over=bool(each.round.settled),
                granted=granted,
            )
            for each in found
        ),
    )


async def _tell(desk: RoundDesk, claim: Claim, news: RoundNews) -> None:
    """Whoever asked hears of it where they did."""
    spoken = (each.address for each in reversed(claim.events) if each.address is not None and each.address.private)
    await desk.inform(claim.member, news, next(spoken, None))


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


def new_code() -> str:
    """50 random bits, easy to read out."""
    return "".join(secrets.choice(_LETTERS) for _ in range(CODE_SIGNS))
