"""Two weeks of one round in a Telegram group, a Matrix room and in private, with all that may happen on the way.

Set up in private, joined by code, guests, double taps, midnight, leaving, a supergroup, an upgraded room, a crash with
taps under way, a flare-up, joker days. The sums were added up by hand, and every card must say them.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from pydantic import SecretStr

from bot.channels.matrix.wire import Wire
from bot.coach.challenge import active_day_of
from bot.dialogue.moment import from_micros
from bot.dialogue.rounds import DAY_SIGNS
from bot.library.thresholds import ChallengeNumbers
from bot.runtime.lifecycle import Coach, open_coach
from bot.settings import Settings
from tests.botapi import TOKEN, BotApi
from tests.botapi.groups import Group
from tests.botapi.people import Person
from tests.botapi.views import Message
from tests.channel.matrix.member import ENCRYPTED, MatrixMember
from tests.channel.matrix.running import matrix_settings
from tests.channel.rounds_parts import hurried, sketched
from tests.channel.running import ALL_ROLES, Clock, kitted_for, seen_passing
from tests.dialogue.room import the_kit
from tests.group_words import wrong_lines
from tests.servers.synapse import Account, Synapse

BERLIN = "Europe/Berlin"
FIRST_DAY = (
    ("Ja, einverstanden", "1 von 4"), ("Nein, nichts davon", "2 von 4"), ("Nein, nichts davon", "Wie alt bist du"),
    ("18 bis 44", "Wie lange"), ("Über 12 Wochen", "3 von 4"), ("Nein, nichts davon", "4 von 4"),
    ("Nein, nichts davon", "Worauf muss ich"), ("Nichts davon", "Wie stark ist der Schmerz"),
    ("4", "Wir fangen klein an"),
    ("Jetzt anfangen", "Beckenkippen"), ("Ging gut", "Katze-Kuh"), ("Ging gut", "Und wie stark"),
    ("2", "Wann passt es"),
    ("08:00", "Bei dir ist es jetzt"), ("Stimmt", "woran hängen wir es"), ("Nach dem Kaffee", "ein bewegter Tag"),
)  # fmt: skip
SET_UP = (
    ("Gemeinsam bewegt", "Wie viele Wochen"), ("2", "Wie viele bewegte Tage"), ("21 · 5 👥", "Wann geht es los"),
    ("Heute", "von selbst zählen"), ("Ja, von selbst", "Soll ein Name"), ("Ja, ich schreibe ihn", "Welcher Name"),
)  # fmt: skip


@dataclass
class Play:
    """Everybody and everything; `coach` is another one after the crash."""

    coach: Coach
    clock: Clock
    group: Group
    folks: list[Person]
    room: list[MatrixMember]
    rules: ChallengeNumbers
    week: int = 1

    @property
    def today(self) -> date:
        return active_day_of(from_micros(self.clock()), BERLIN, self.rules)

    async def taps(self, *who: int, button: str = "Heute bewegt") -> None:
        card = next(m for m in reversed(self.group.messages) if m.buttons)
        for number in who:
            await (await self.folks[number].tap(card, button)).answered()

    async def reacts(self, *who: int) -> str:
        """The last one's reaction."""
        made = ""
        for number in who:
            member = self.room[number]
            await member.until(lambda m: any(_is_card(each.body) for each in m.coachs), "a card")
            card = [each for each in member.coachs if _is_card(each.body)][-1]
            made = await member.reacts(card, DAY_SIGNS[self.today.weekday()])
        return made

    async def say(self, today: int, total: int) -> None:
        """Both cards do, as soon as the pace allows; nothing about a day on which nobody has moved yet."""
        day = f"Heute bewegt: {today}\n" if today else ""
        wanted = f"Woche {self.week} von 2\n{day}Gemeinsam: {total} Tage, unser Ziel: 21"
        for _ in range(300):
            self.clock.advance(seconds=5)
            if wanted in _newest(self.group) and self.room[0].showing(wanted):
                return
            await asyncio.sleep(0.1)
        bodies = [each.body for each in self.room[0].coachs][-2:]
        raise AssertionError(f"{wanted!r} is not what they say:\n{_newest(self.group)}\n{bodies}")

    async def next_day(self, total: int) -> None:
        """Twelve o'clock on the next day, with the cards of that day."""
        self.clock.until(1, 12)
        await self.say(0, total)


def _is_card(body: str) -> bool:
    return "Woche" in body and "Heute bewegt" in body


def _newest(group: Group) -> str:
    return next((m.text for m in reversed(group.messages) if m.buttons), "")


@asynccontextmanager
async def crashing(settings: Settings, clock: Clock) -> AsyncIterator[Coach]:
    """A coach that ends as if its process had been killed: nothing is finished, nothing is settled."""
    coach = await sketched(await open_coach(settings, ALL_ROLES, now=clock, kitted=kitted_for(settings)))
    await coach.start(ALL_ROLES)
    try:
        yield hurried(coach)
    finally:
        tasks = [*coach._receiving, *coach._working]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for channel in coach.opened.channels:
            await channel.aclose()
        await coach.opened.aclose()
        await coach.pictures.aclose()
        await coach.leadership.aclose()  # it watches; alone on its file it has nothing to give back
        await coach.store.aclose()
        assert coach.lock is not None
        coach.lock.release()


async def trained(person: Person, clock: Clock) -> None:
    """The first day, tapped through."""
    await person.send("/start")
    await person.sees("Darf ich mir deine Antworten merken")
    for label, then in FIRST_DAY:
        clock.advance(seconds=30)
        await taps(person, label)
        await person.sees(then)


async def taps(person: Person, label: str) -> None:
    """The newest button of this name, as soon as it is there."""
    card = await person.wait_for(lambda room: next((m for m in reversed(room.messages) if _has(m, label)), None))
    await person.tap(card, label)


def _has(message: Message, label: str) -> bool:
    return any(button.text == label for row in message.buttons for button in row)


async def set_up(person: Person, clock: Clock) -> tuple[str, str]:
    """In private; both codes."""
    await person.send("/gruppe")
    await person.sees("Wie soll sie heißen")
    for label, then in SET_UP:
        clock.advance(seconds=5)
        await taps(person, label)
        await person.sees(then)
    await person.send("Kim")
    await person.sees("So sieht es aus")
    await taps(person, "Starten")
    made = await person.sees("Zum Mitmachen, im privaten Chat")
    assert made.photo  # the square code
    join, bring = (line.split("=")[1] for line in made.text.split("\n") if "t.me" in line)
    assert join.startswith("g_")
    return join, bring


@pytest.fixture
async def folks_of_the_room(synapse: Synapse, ada: MatrixMember) -> AsyncIterator[list[MatrixMember]]:
    others = [await MatrixMember.at(synapse, name) for name in ("ben", "carol")]
    made = await ada.client.room_create(invite=[each.account.user for each in others], initial_state=[ENCRYPTED])
    ada.room = str(made.room_id)
    for each in others:
        await each.client.join(ada.room)
        each.room = ada.room
    yield [ada, *others]
    for each in others:
        await each.aclose()


async def test_two_weeks_on_both_platforms(
    synapse: Synapse,
    coachs_account: Account,
    double: BotApi,
    folks_of_the_room: list[MatrixMember],
    tmp_path: Path,
) -> None:
    clock, rules = Clock(), the_kit().library.thresholds.challenge
    clock.until(1, 12)
    telegram = {"telegram_token": SecretStr(TOKEN), "telegram_api_url": double.url, "telegram_rate": 0}
    settings = matrix_settings(tmp_path, synapse, coachs_account, **telegram)
    kim, *guests = folks = [double.person(1001 + number, language="de") for number in range(6)]
    group, room, ada = double.group(folks), folks_of_the_room, folks_of_the_room[0]
    async with crashing(settings, clock) as coach:
        await trained(kim, clock)
        join, bring = await set_up(kim, clock)
        made = next(text for text in reversed(kim.texts) if "t.me" in text)  # one code, every way in
        assert f"Matrix: https://matrix.to/#/{coachs_account.user}, dort schreiben: !start {join}\n" in made
        begins = active_day_of(from_micros(clock()), BERLIN, rules)
        play = Play(coach, clock, group, folks, room, rules)
        await kim.send(f"/start {bring}", chat=group)
        await group.wait_for(lambda g: any("Ab vier Leuten" in text for text in g.texts))
        assert len(group.messages) == 1  # all a group sees of the setting up
        await ada.client.room_invite(ada.room, coachs_account.user)
        await ada.sees("Ich bin für eine Bewegungsrunde hier")
        await ada.says(f"!start {bring}")

        await play.taps(1, 2, 3)
        await play.taps(1, 2, 3)
        await play.reacts(0, 1)
        mine = next(message for message in kim.messages if _has(message, "Aussteigen"))
        await kim.tap(mine, "Heute bewegt")
        await play.say(6, 6)
        await play.taps(3, button="Zurücknehmen")
        await play.say(5, 5)
        evening = next(m for m in reversed(group.messages) if m.buttons)
        clock.until(1, 2, 30)
        await play.taps(4)  # half past two at night is still that evening
        await play.say(6, 6)

        clock.until(0, 12)
        await play.say(0, 6)
        await (await guests[4].tap(evening, "Heute bewegt")).answered()  # an old screen counts for nothing
        await play.reacts(2)
        await play.say(1, 7)

        await play.next_day(7)
        await play.taps(1, 2)
        await play.say(2, 9)
        await play.taps(2, button="Aussteigen")
        await play.say(2, 9)  # whoever leaves lowers nothing

        await play.next_day(9)
        play.group = group = await group.upgrade()
        play.clock.advance(seconds=5)
        await kim.tap(kim.now(mine), "Heute bewegt")
        await play.say(1, 10)
        await play.taps(1, 3, 4)
        reaction = await play.reacts(0, 2)

    async with crashing(settings, clock) as coach:  # whatever was under way counts once
        play.coach = coach
        await play.taps(1, 3)  # somebody was not sure whether the tap had counted
        await play.say(6, 15)
        await room[2].client.room_redact(ada.room, reaction)
        await play.say(5, 14)

        new = await Wire(ada.client).post(f"rooms/{quote(ada.room)}/upgrade", {"new_version": "11"})
        for member in room[1:]:
            await ada.client.room_invite(new["replacement_room"], member.account.user)
            await member.client.join(new["replacement_room"])
        await ada.client.room_invite(new["replacement_room"], coachs_account.user)
        for member in room:
            member.room = new["replacement_room"]
            member.shown.clear()
        await play.next_day(14)
        await kim.send("/schub")
        await kim.sees("Zuerst drei kurze Listen")
        await play.reacts(1)
        await play.taps(1)
        await play.say(2, 16)  # Kim's flare-up is in no sum
        await play.taps(0)
        await play.say(3, 17)  # and neither is it seen from a tap that would count for nothing

        await seen_passing(coach, clock, (begins + timedelta(days=7) - play.today).days)
        clock.until((begins + timedelta(days=7) - play.today).days, 12)
        play.week = 2
        # Days of 6, 1, 2, 5, 3, 0 and 0: the quietest two count as the average of the others, 17 // 5 = 3 each.
        await play.say(0, 23)
        post = await ada.sees("Woche 1 ist geschafft")
        there = await group.wait_for(lambda g: next((m for m in g.messages if "Woche 1 ist geschafft" in m.text), None))
        assert there.photo
        assert "Gemeinsam sind es 23 Tage" in there.text
        assert post.body == there.text
        await play.taps(1, 3, 4, 5)
        await play.reacts(0, 1, 2)
        await play.say(7, 30)
        assert f"Dabei: {'Kim'}" in _newest(group)

        await seen_passing(coach, clock, 7)
        clock.until(7, 12)
        over = await group.wait_for(lambda g: next((m for m in g.messages if "ist zu Ende" in m.text), None))
        assert over.photo
        assert "Ziel erreicht: 32 bewegte Tage" in over.text  # one day of seven: 7 // 5 = 1 for each joker
        theirs = (await ada.sees("ist zu Ende")).body.split("\n")
        assert "\n".join(theirs[:-1]) == over.text.replace("/gruppe", "!gruppe")
        assert theirs[-1] == "Ich bleibe noch 7 Tage hier. Beginnt bis dahin keine neue Runde, verlasse ich den Raum."
        assert not any(message.buttons for message in group.messages)

        words = [*group.texts, *(each.body for each in ada.coachs if each.sender == coachs_account.user)]
        assert wrong_lines(words, ["Kim"]) == []
        assert "/start" not in str(kim.texts[-1])
        assert join not in str(group.texts)
