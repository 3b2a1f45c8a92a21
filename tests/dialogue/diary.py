"""Sessions at any moment and in any zone, planned by the coach and done as planned; every time is noted."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.dialogue import facts as f
from bot.dialogue.flows.session import SessionStart, decision_of
from bot.dialogue.flows.session_offer import done_of
from bot.dialogue.member import Known, Member
from bot.dialogue.memory import remember_all
from bot.dialogue.moment import Moment
from bot.dialogue.planning import RestDay, plan_session
from tests.dialogue.perfect import lives
from tests.dialogue.room import Room, the_kit

LIBRARY = the_kit().library
ONE = timedelta(minutes=2)  # an exercise


@lru_cache(maxsize=1)
def grown() -> tuple[Member, datetime]:
    """After three weeks in which all went well: the programme holds exercises of every load."""
    *_, room = lives(Room(), 22)
    assert {LIBRARY.exercises[placed.exercise].load for placed in room.member.known.programme} >= {1, 2, 3}
    return room.member, room.now


@dataclass(frozen=True, slots=True)
class Done:
    """One exercise that was done, as the oracle sees it."""

    exercise: str
    at: datetime
    day: date
    sets: int


@dataclass
class Diary:
    """`done` and `risen` are written here, apart from what the coach remembers."""

    known: Known
    now: datetime
    zone: str = "Europe/Berlin"
    done: list[Done] = field(default_factory=list)
    risen: list[tuple[date, str, str]] = field(default_factory=list)  # day, exercise, change
    lengths: list[tuple[date, SessionStart]] = field(default_factory=list)

    @property
    def moment(self) -> Moment:
        return Moment(self.now, ZoneInfo(self.zone))

    def notes(self, *facts: f.Fact) -> None:
        self.known = remember_all(self.known, [f.Dated(fact, self.now, self.moment.day) for fact in facts])

    def tells(self, pain: int | None) -> None:
        """A number of this moment, and lists 1 to 3 clear."""
        clear = (f.Screened(list=number, answers=()) for number in (1, 2, 3))
        self.notes(f.PainReported(when="morning", value=pain), f.PainReported(when="before", value=pain), *clear)

    def plan(self) -> SessionStart | RestDay:
        member = replace(grown()[0], known=self.known, zone=self.zone)
        return plan_session(member, self.moment, the_kit())

    def trains(self, pain: int | None = 2, *, twice: bool = False, after: int | None = None) -> SessionStart | None:
        """Today's session, every exercise easy; `twice`: each is noted two times, as a redelivery would.

        `after`: pain behind it, where it is not that before.
        """
        start = self.plan()
        if isinstance(start, RestDay):
            return None
        self.lengths.append((self.moment.day, start))
        items = tuple((each.exercise, each.level, each.step) for each in start.planned)
        self.notes(f.SessionStarted(gate=start.gate, items=items, before=pain))
        for change in start.changes:
            if change.change != "wait":
                self.notes(decision_of(change))
            if change.change in {"level_up", "dose_up"}:
                self.risen.append((self.moment.day, change.exercise, change.change))
        for each in start.planned:
            self.now += ONE
            done = replace(done_of(each), effort=4, more=True)
            self.notes(done, *((done,) if twice else ()))
            self.done.append(Done(each.exercise, self.now, self.moment.day, each.sets))
        self.notes(f.PainReported(when="after", value=pain if after is None else after), f.SessionEnded(finished=True))
        return start

    def measures(self, test: str) -> None:
        """A self-test is as hard as the exercise it is done with."""
        self.notes(f.SelfTested(test=test, level=1, value=10))
        found = LIBRARY.selftests.get_test(test)
        assert found is not None
        self.done.append(Done(found.exercise, self.now, self.moment.day, 0))
