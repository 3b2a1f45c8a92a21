"""A member's first week, told once for every channel: what is tapped and written, and what must be read each day.

`Hands` are a channel's own way of reading and answering; the weeks below know nothing of it. Time is moved, not waited.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.dialogue.messages import Form, Picture
from bot.dialogue.moment import from_micros
from bot.runtime.lifecycle import Coach
from tests.channel.running import Clock

PATIENCE_S = 300  # only so that what never comes is a failure: drawing gives way to whatever else a machine does
BERLIN = ZoneInfo("Europe/Berlin")
SCALE = {"0", "5", "10"}


@dataclass(frozen=True, slots=True)
class Line:
    """A message of the coach as it stands now. `rings`: it makes a sound, where the channel knows that."""

    text: str
    labels: tuple[str, ...] = ()
    picture: bool = False
    rings: bool = True


class Hands(Protocol):
    async def lines(self) -> list[Line]: ...

    async def tap(self, label: str) -> None: ...

    async def write(self, text: str) -> None: ...

    async def shot(self, name: str) -> None: ...


@dataclass
class Week:
    """`rang[n]`: messages of day n that nobody asked for."""

    coach: Coach
    hands: Hands
    clock: Clock
    taps: int = 0
    day: int = 1
    rang: dict[int, int] = field(default_factory=dict)

    async def begins(self, hour: int) -> None:
        """On a Monday, so that the first Sunday is the seventh day. The first day's clips are drawn ahead."""
        for figure in ("beckenkippen", "katze-kuh"):
            await self.coach.pictures.picture(Picture(figure=figure, form=Form.CLIP))
        today = from_micros(self.clock()).astimezone(BERLIN)
        self.clock.until((7 - today.weekday()) % 7 or 7, hour)
        await self._settled()

    async def until(self, days: int, hour: int, minute: int = 0) -> list[Line]:
        """Let time pass, and what is due then come: the new lines."""
        before = len(await self.hands.lines())
        self.clock.until(days, hour, minute)
        self.day += days
        await self._due()
        new = (await self.hands.lines())[before:]
        self.rang[self.day] = self.rang.get(self.day, 0) + sum(line.rings for line in new)
        return new

    async def taps_on(self, *labels: str) -> None:
        """One after the other, as slowly as people read."""
        for label in labels:
            await self._does(lambda label=label: self.hands.tap(label))  # type: ignore[misc]  # the loop's own label
            self.taps += 1

    async def writes(self, *texts: str) -> None:
        for text in texts:
            await self._does(lambda text=text: self.hands.write(text))  # type: ignore[misc]  # the loop's own text

    async def sees(self, words: str) -> Line:
        """The newest line that holds these words."""
        found = [line for line in await self.hands.lines() if re.search(words, line.text)]
        assert found, f"day {self.day}: nobody said {words!r}; {(await self.hands.lines())[-3:]}"
        return found[-1]

    async def sees_picture(self, words: str) -> None:
        """A line with these words and a picture, which on a busy machine may come after the words."""

        async def is_there() -> bool:
            return any(line.picture and re.search(words, line.text) for line in await self.hands.lines())

        await self._until(is_there)

    async def stands(self) -> Line:
        """The question that waits: the newest line with answers."""
        return next(line for line in reversed(await self.hands.lines()) if line.labels)

    async def last(self) -> Line:
        return (await self.hands.lines())[-1]

    async def trains(self, first: str = "") -> int:
        """Every exercise goes well, the first one as `first` says; how many there were."""
        count = 0
        while fine := {"Ging gut", "Went well"} & set((await self.stands()).labels):
            line = await self.stands()
            assert line.picture
            await self.taps_on(first if first in line.labels and not count else fine.pop())
            while rest := {"Halb", "Half"} & set((await self.stands()).labels):
                await self.taps_on(rest.pop())
            count += 1
            assert count < 6, line.text
        return count

    async def puts_off(self) -> None:
        """What is asked behind the exercises may wait."""
        while later := {"Später", "Later"} & set((await self.stands()).labels):
            await self.taps_on(later.pop())

    async def _does(self, act: Callable[[], Awaitable[None]]) -> None:
        self.clock.advance(seconds=40)
        before = await self.hands.lines()
        await act()
        await self._until(lambda: self._changed(before))
        await self._settled()

    async def _changed(self, before: list[Line]) -> bool:
        return await self.hands.lines() != before

    async def _due(self) -> None:
        """The clock's next look at what is due, and everything that follows."""
        await self._until(self._nothing_due)
        await self._settled()

    async def _nothing_due(self) -> bool:
        due = await self.coach.store.next_due()
        return due is None or due > self.clock()

    async def _settled(self) -> None:
        """Nothing waits to be worked on or to be sent."""
        await self._until(self._is_settled)

    async def _is_settled(self) -> bool:
        channel = self.coach.opened.channels[0]
        counts = await self.coach.store.counts()
        return not counts["inbox waiting"] and not await self.coach.store.waiting_sends(channel.name, channel.account)

    async def _until(self, is_so: Callable[[], Awaitable[bool]]) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not await is_so():  # noqa: ASYNC110  three parts of a coach tell nobody when they are done
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError(f"day {self.day}: nothing comes of it; {(await self.hands.lines())[-3:]}") from None


def is_scale(line: Line) -> bool:
    return set(line.labels) >= SCALE


NONE = "No, none of these"
NICHTS = "Nein, nichts davon"


async def healthy(week: Week) -> None:
    """In German: calm days, one exercise too hard, a minute, a day off, and Sunday's check."""
    await week.begins(9)
    await week.writes("/start")
    await week.taps_on(
        "Ja, einverstanden", NICHTS, NICHTS, "18 bis 44", "Über 12 Wochen", NICHTS, NICHTS, "Nichts davon", "3"
    )
    assert "Wir fangen klein an" in (await week.stands()).text
    await week.taps_on("Jetzt anfangen")
    assert (await week.stands()).picture
    assert week.taps <= 10
    await week.hands.shot("healthy-1-first-exercise")
    assert await week.trains("Gut, noch 2 möglich") == 2
    await week.taps_on("2", "08:00", "Stimmt", "Nach dem Kaffee")
    assert "ein bewegter Tag" in (await week.last()).text
    assert "nach dem Kaffee" in (await week.last()).text
    await week.hands.shot("healthy-1-end")

    await _second_day(week)
    await _third_and_fourth_day(week)
    await _small_days(week)
    await _sunday(week)
    assert max(week.rang.values()) <= 2


async def _second_day(week: Week) -> None:
    (number,) = await week.until(1, 8)
    assert is_scale(number)
    await week.writes("3")
    offer = await week.stands()
    assert "Los geht's" in offer.labels
    assert "Ein paar Fragen sind noch offen" in offer.text
    await week.hands.shot("healthy-2-offer")
    await week.taps_on("Warum?")
    assert re.search(r"R_HOLD|R_NEW", (await week.sees("Regel")).text)
    await week.taps_on("Los geht's")
    before = week.taps
    exercises = await week.trains()
    await week.writes("2")
    assert week.taps - before == exercises  # beside the two numbers and the start: n + 3
    await week.sees("Diese Woche 2 von 3 Tagen")
    portion = await week.stands()
    assert portion.text.startswith("Wenn du magst")
    assert "An wie vielen Tagen" in portion.text
    await week.writes("7")
    assert (await week.stands()).text.startswith("Noch eine, dann ist es für heute genug")
    await week.hands.shot("healthy-2-portion")
    await week.writes("3")


async def _third_and_fourth_day(week: Week) -> None:
    await week.until(1, 8)
    await week.writes("3")
    await week.taps_on("Los geht's")
    await week.trains()
    await week.writes("2")
    await week.taps_on("Zeig her", NICHTS)
    await week.sees("kräftigere Übungen")
    await week.puts_off()

    await week.until(1, 8)
    await week.writes("3")
    await week.taps_on("Los geht's")
    await week.trains("Zu schwer")
    await week.writes("2")
    await week.sees("weil es zu schwer war")
    await week.hands.shot("healthy-4-too-hard")
    await week.puts_off()


async def _small_days(week: Week) -> None:
    await week.until(1, 8)
    await week.writes("3")
    offer = await week.stands()
    assert "heute etwas weniger" in offer.text
    assert "zu schwer" in offer.text
    await week.hands.shot("healthy-5-reason")
    await week.taps_on("Nur 1 Minute")
    assert await week.trains() == 1
    await week.sees("Eine Minute, ein bewegter Tag")

    await week.until(1, 8)
    await week.writes("2")
    await week.taps_on("Heute nicht")
    assert len((await week.last()).text.split()) <= 6
    await week.writes("/fortschritt")
    await week.sees_picture("bewegte Tage")
    await week.hands.shot("healthy-6-chart")


async def _sunday(week: Week) -> None:
    await week.until(1, 8)
    await week.taps_on("Los geht's")
    if is_scale(await week.stands()):
        await week.writes("2")
    await week.trains()
    await week.writes("1")
    await week.puts_off()
    (asked,) = await week.until(0, 17)
    assert is_scale(asked)
    for number in ("3", "2", "3"):
        await week.writes(number)
    await week.taps_on(NICHTS, NICHTS, NICHTS, "Nein")
    await week.sees_picture(r"\d bewegte Tage")
    await week.hands.shot("healthy-7-week")
    await week.taps_on("Ja, so lassen", "Ja, gern")
    await week.sees("Pausen")


async def acute_at_night(week: Week) -> None:
    """In English: relief by tap six, one question in the morning, function first, a flare-up, Sunday."""
    await week.begins(23)
    await week.writes("/start")
    await week.taps_on("Yes – it's bad now", NONE, NONE, NONE, NONE)
    relief = await week.stands()
    assert not is_scale(relief)
    await week.hands.shot("night-1-relief")
    await week.taps_on("A restful position")
    assert week.taps == 6
    await week.sees("Lie on your side")
    await week.taps_on("Breathe 3 minutes")
    await week.sees("Three minutes of calm breathing")
    await week.taps_on("Enough for tonight")
    await week.sees("Tomorrow morning I'll ask once")
    assert not any(is_scale(line) for line in await week.hands.lines())

    (morning,) = await week.until(1, 9, 1)
    assert "How are you after the night" in morning.text
    await week.taps_on("A bit better", "18 to 44", "Under 6 weeks", "None of these")
    await week.writes("6")
    await week.hands.shot("night-2-offer")
    await week.taps_on("Start now")
    await week.trains()
    assert not is_scale(await week.stands())  # one number a day in the first weeks
    await week.taps_on("08:00", "That's right", "After coffee")
    await week.sees("an active day")

    (number,) = await week.until(1, 8)
    assert is_scale(number)
    await week.writes("5")
    await week.taps_on("Let's go")
    assert "more easily" in (await week.stands()).text
    await week.taps_on("Getting up")
    await week.trains()
    await week.sees("In the first weeks it stays light")
    await week.puts_off()
    await week.hands.shot("night-3-end")

    await _flare(week)
    await _after_the_flare(week)
    assert max(week.rang.values()) <= 2


async def _flare(week: Week) -> None:
    await week.until(1, 8)
    await week.writes("9")
    await week.sees("9 is clearly more than usual|quick lists|three short lists")
    assert not {"Went well", "Let's go"} & set((await week.stands()).labels)
    await week.hands.shot("night-4-flare-lists")
    await week.taps_on(NONE, NONE, NONE)
    assert "There was no warning sign" in (await week.stands()).text
    await week.hands.shot("night-4-flare-choice")
    await week.taps_on("A few steps")
    await week.sees("Walk a few steps")


async def _after_the_flare(week: Week) -> None:
    """Days five to seven bring what the rules say, and never a dead end; on Sunday the week as one picture."""
    for _ in range(2):
        await week.until(1, 8)
        await _calm_day(week)
    await week.until(1, 8)
    await _calm_day(week)
    asked = await week.until(0, 17)
    assert is_scale(asked[-1])
    for number in ("6", "4", "4"):
        await week.writes(number)
    await week.taps_on(NONE, NONE, NONE, "No")
    await week.sees_picture("active day")
    await week.hands.shot("night-7-week")
    await week.taps_on("Yes, keep it")


async def _calm_day(week: Week) -> None:
    """Whatever is asked, answered calmly until nothing is."""
    for _ in range(20):
        line = await week.stands()
        if line is not await _newest(week) and line.text != (await _newest(week)).text:
            return
        if is_scale(line):
            await week.writes("5")
            continue
        way = ("Let's go", "Getting up", "Went well", "A few steps", NONE, "Later", "Show me")
        wanted = next((label for label in way if label in line.labels), None)
        if wanted is None:
            return
        await week.taps_on(wanted)
    raise AssertionError(await week.hands.lines())


async def _newest(week: Week) -> Line:
    return (await week.hands.lines())[-1]


async def doctor_first(week: Week) -> None:
    """In English: no wall but company until the practice has said its word, then the lists, then the smallest forms."""
    await week.begins(9)
    await week.writes("/start")
    await week.taps_on(
        "Yes, I agree", NONE, NONE, "45 to 59", "Over 12 weeks", NONE, "Yes, something", "Cancer", "Done", "No"
    )
    room = await week.stands()
    assert "checked by a doctor first" in room.text
    await week.hands.shot("doctor-1-room")
    await week.taps_on("Prepare the visit")
    await week.sees("Note for your appointment")
    await week.sees("everyday movement is fine")
    await week.hands.shot("doctor-1-note")
    await week.taps_on("Yes, please")

    for day in range(2, 5):
        assert await week.until(1, 8) == []  # nothing comes unasked
        if day == 2:
            await week.writes("/today")
            assert "checked by a doctor first" in (await week.stands()).text
            await week.writes("/exercises")
            assert not any("Went well" in line.labels for line in await week.hands.lines())
            await week.writes("/walk 15")
            await week.sees("15 minutes walked")
            await week.writes("/learn")
            await week.hands.shot("doctor-2-card")

    await week.until(1, 10)
    await week.writes("/today")
    await week.taps_on("Cleared by a doctor", "Training is okay", "Family doctor", "Yesterday", "Nothing serious")
    await week.hands.shot("doctor-5-lists")
    await _calm_way(week)
    await week.sees("an active day")
    await week.hands.shot("doctor-5-end")
    for _ in range(2):
        new = await week.until(1, 8)
        assert new
        await _calm_day(week)
    await week.writes("/progress")
    await week.sees_picture("active days")
    await week.hands.shot("doctor-7-chart")
    assert max(week.rang.values()) <= 2


async def _calm_way(week: Week) -> None:
    """From the practice's okay to the end of the first exercises; the lists come before the first of them."""
    lists = 0
    for _ in range(30):
        line = await week.stands()
        if line.picture and "Went well" in line.labels:
            assert lists >= 3
            await week.trains()
            continue
        if is_scale(line):
            await week.writes("3")
            continue
        way = (NONE, "None of these", "Start now", "Let's go", "08:00", "That's right", "After coffee")
        wanted = next((label for label in way if label in line.labels), None)
        if wanted is None:
            return
        lists += wanted == NONE
        await week.taps_on(wanted)
        if wanted == "After coffee":
            return
    raise AssertionError(await week.hands.lines())


WEEKS: dict[str, Callable[[Week], Awaitable[None]]] = {
    "healthy": healthy,
    "acute at night": acute_at_night,
    "doctor first": doctor_first,
}
