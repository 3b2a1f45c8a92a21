"""Taps on rounds' cards: counted together, and each answered to nobody but whoever tapped.

On Telegram the answer stands beside the button for a moment. Elsewhere the private card shows what it can; the rest is
said in private. A group reads nothing of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.dialogue.events import Address, ButtonTapped, Event, ReactionTakenBack, RoundNews
from bot.dialogue.kit import Kit
from bot.dialogue.moment import from_micros
from bot.dialogue.rounds import RoundTap, TapAnswer, answered, read_round_tap, refused
from bot.runtime.wishes import plan_of
from bot.store.round_rooms import person_of, place_of
from bot.store.round_ticks import Tick
from bot.store.rows import Posted
from bot.store.turns import TurnBatch

_TOLD = {TapAnswer.LATE: "late", TapAnswer.ENDED: "not-in"}  # what nothing in the group shows


@dataclass(frozen=True, slots=True)
class Said:
    """One event of a group."""

    id: int
    where: Address
    event: Event
    received: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Words beside a button. `query`: the platform's id of the tap."""

    where: Address
    query: str
    words: str


async def count(batch: TurnBatch, said: Sequence[Said], kit: Kit) -> dict[int, TapAnswer]:
    """Taps on cards; one that is too late, too early or forged counts for nothing. By event: what became of it."""
    back = await _taken_back(batch, said)
    touched = [
        (each, each.event if isinstance(each.event, ButtonTapped) else back[each.id])
        for each in said
        if isinstance(each.event, ButtonTapped) or each.id in back
    ]
    taps = [(each, event, tap) for each, event in touched if (tap := read_round_tap(event.data)) is not None]
    rules = kit.library.thresholds.challenge
    running = await batch.rounds.find(sorted({tap.round for _, _, tap in taps}))
    answers: dict[int, TapAnswer] = {}
    ticks: list[tuple[int, Tick]] = []
    for each, event, tap in taps:
        found, received, waited = running.get(tap.round), from_micros(each.received), timedelta(seconds=event.waited_s)
        why: TapAnswer | None = TapAnswer.ENDED
        if found is not None:
            why = refused(tap, received, found.zone, plan_of(found), rules, waited)
        if why is not None:
            answers[each.id] = why
        else:
            ticks.append((each.id, _tick(each, event, tap)))
    for (number, _), answer in zip(ticks, await batch.rounds.tick([tick for _, tick in ticks]), strict=True):
        answers[number] = answer
    await _tell_members(batch, [(each, tap, answers[each.id]) for each, event, tap in taps if _is_open(each, event)])
    return answers


def _tick(said: Said, event: ButtonTapped, tap: RoundTap) -> Tick:
    place = place_of(said.where) if isinstance(said.event, ButtonTapped) and not event.home else ""
    tick = Tick(round=tap.round, person=person_of(said.where), day=tap.day.isoformat(), what=tap.what, place=place)
    return replace(tick, reaction=event.reaction, back=event.back, room=said.where.room)


def _is_open(said: Said, event: ButtonTapped) -> bool:
    """A reaction in a group, which nothing can be said beside."""
    return isinstance(said.event, ButtonTapped) and not (event.query or event.home)


async def _tell_members(batch: TurnBatch, taps: Sequence[tuple[Said, RoundTap, TapAnswer]]) -> None:
    """Whoever is known in private hears there why a reaction did not count."""
    for each, tap, answer in taps:
        if answer in _TOLD and (member := await batch.rounds.reached_member_of(each.where)) is not None:
            news = RoundNews(what=_TOLD[answer], round=tap.round)
            await batch.rounds.post([Posted(member=member, event=news, source=f"tap:{each.id}")])


async def _taken_back(batch: TurnBatch, said: Sequence[Said]) -> dict[int, ButtonTapped]:
    """By event: what a reaction taken back means. Whoever else removes one undoes nothing of its owner's."""
    gone = {each.id: (each, each.event) for each in said if isinstance(each.event, ReactionTakenBack)}
    if not gone:
        return {}
    known = await batch.rounds.reactions([event.reaction for _, event in gone.values()])
    known |= {
        each.event.reaction: (person_of(each.where), each.event.back)
        for each in said
        if isinstance(each.event, ButtonTapped) and each.event.reaction
    }
    found = {number: (*known.get(event.reaction, ("", "")), each, event) for number, (each, event) in gone.items()}
    return {
        number: ButtonTapped(data=data, waited_s=event.waited_s)
        for number, (person, data, each, event) in found.items()
        if person == person_of(each.where)
    }


async def beside_buttons(
    batch: TurnBatch, said: Sequence[Said], became: dict[int, TapAnswer], kit: Kit
) -> list[Answer]:
    """In the language of whoever tapped, where it is known, else in the group's."""
    taps = [(each, each.event) for each in said if isinstance(each.event, ButtonTapped) and each.event.query]
    taps = [(each, event) for each, event in taps if each.id in became]
    spoken = await languages(batch, [each for each, _ in taps], kit)
    return [
        Answer(each.where, event.query, answered(became[each.id], kit.catalogs[spoken[each.id]]))
        for each, event in taps
    ]


async def languages(batch: TurnBatch, said: Sequence[Said], kit: Kit) -> dict[int, str]:
    """By event: what its person speaks with the coach, else on the platform, else what the group does."""
    members = await batch.rounds.languages_of(sorted({person_of(each.where) for each in said}))
    return {each.id: members.get(person_of(each.where), "") or await language_around(batch, each, kit) for each in said}


async def language_around(batch: TurnBatch, said: Said, kit: Kit) -> str:
    """What the platform says about the person; else what the group speaks; else the operator's language."""
    return told_language(said.event) or await batch.rounds.language_in(said.where) or kit.operator.language


def told_language(event: Event) -> str:
    """What the platform says about the person; empty if it says nothing."""
    told: str | None = getattr(event, "language", None)
    if not told:
        return ""
    return "de" if told.lower().startswith("de") else "en"
