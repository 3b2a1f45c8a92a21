"""Virtual members: how they feel, and what they tap. They see only the buttons that a messenger would show.

Each kind is a caricature for finding faults in the rules, not a claim about people.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random  # noqa: TID251  drawn from a seed, so that a run can be repeated

NOISE = 0.8  # standard deviation of pain from day to day (clinical rules 5.6)
FLARE_RISE, FLARE_DAYS = 3.0, 4
NUMBERS = frozenset(map(str, range(11)))
SAYS_EASY = 0.6  # chance to call easy, unasked, what two more of would have gone
SKIP = "~"
_NEVER = frozenset({"news", "worse", "yes", "pause", "<"})  # chance tells no news and ends nothing
SCALES = ("fear", "average", "sleep", "confidence", "own-now")  # portions that ask for a number from 0 to 10
LOCKED = frozenset({"cleared", "mistake", "read", "understood", "coming"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """`reaction`: pain added by a session with load. `flares`: chance a day. `shows`: chance to train when asked."""

    name: str
    usual: float = 3.0
    reaction: float = 0.2
    flares: float = 0.01
    shows: float = 0.85
    more: float = 0.8  # chance that two more would have gone
    hard: float = 0.015
    morning: float = 0.85  # chance to answer the morning number
    age: str = "18_44"
    episode: str = "chronic"
    tags: tuple[str, ...] = ()
    quits: int | None = None  # silent from this day on
    returns: int | None = None
    denies: bool = False  # says that all is well whatever is felt
    ordinary: bool = True
    fear: int = 3
    days: int = 4
    line: str = ""  # of the lists' last one, which applies
    leg: bool = False  # what hurts goes down the leg
    again: bool = False  # tells pain and asks for the day's exercises once more in the evening
    travels: tuple[str, ...] = ()  # where to, every few days


KINDS = (
    Kind(name="stable"),
    Kind(name="strong reactor", reaction=1.6),
    Kind(name="flare-prone", flares=0.06, usual=4),
    Kind(name="high fear", usual=4, more=0.3, hard=0.2, fear=8, days=3),
    Kind(name="old", age="65_plus", ordinary=False),
    Kind(name="pregnant", age="18_44", episode="subacute", tags=("P20",), ordinary=False),
    Kind(name="endurer", usual=5, reaction=1.2, more=1.0, hard=0.0, shows=1.0, days=7),
    Kind(name="quitter", quits=9, returns=27),
    Kind(name="acute", usual=2, episode="acute", days=3),
    Kind(name="gamer", usual=5, denies=True, more=1.0, hard=0.0, shows=1.0, morning=1.0),
    Kind(name="doctor soft", line="rf_walk"),
    Kind(name="leg pain", reaction=2.4, leg=True),
    Kind(name="twice a day", again=True, days=7, shows=1.0),
    Kind(name="traveller", again=True, days=7, travels=("Asia/Tokyo", "America/New_York", "Europe/Berlin")),
)


@dataclass(slots=True)
class Person:
    """One virtual member with a body of their own; `choose` answers a question by the tokens of its buttons."""

    number: int
    kind: Kind
    random: Random
    pain: float = 3.0
    flare_left: int = 0
    day: int = 0
    hurt: bool = False
    trained: bool = False
    carried: float = 0.0  # what a session leaves for the morning after
    chosen: list[str] = field(default_factory=list)
    has_taken: bool = False  # today's session
    asked: bool = False  # for a number today; only the first one may stay open

    def wakes(self, day: int) -> None:
        """A new day: noise, perhaps a flare-up, and what yesterday left."""
        self.day, self.trained, self.has_taken, self.asked = day, False, False, False
        self.flare_left = max(self.flare_left - 1, 0)
        if self.flare_left == 0 and self.random.random() < self.kind.flares:
            self.flare_left = FLARE_DAYS
        noise = self.random.gauss(0, NOISE) if day > 1 else 0.0  # the first number told is the usual one
        felt = self.kind.usual + noise + (FLARE_RISE if self.flare_left else 0) + self.carried
        self.pain, self.carried = min(max(felt, 0), 10), 0.0

    @property
    def is_away(self) -> bool:
        quits, returns = self.kind.quits, self.kind.returns
        return quits is not None and quits <= self.day < (returns or 1 << 30)

    def choose(self, tokens: Sequence[str], about: str = "") -> str | None:
        """The token to tap; None leaves the question open. `about`: what is asked, where the tokens do not tell."""
        if self.is_away or not tokens:
            return None
        if self.kind.line and about == self.kind.line and (applies := {"some", "right"} & set(tokens)):
            return applies.pop()
        if about == "zone" or LOCKED & set(tokens):
            return None
        if about in SCALES and not self.kind.denies:
            return self._scale(about)
        return (
            self._portion(set(tokens))
            or self._about_person(tokens)
            or self._about_day(tokens)
            or self._about_exercise(tokens)
            or self._else(tokens)
        )

    def _scale(self, about: str) -> str:
        told = {"fear": self.kind.fear, "average": self.kind.usual, "sleep": 7, "confidence": 7, "own-now": 5}
        return str(round(told[about]))

    def _portion(self, tokens: set[str]) -> str | None:
        """The small questions behind a session."""
        answers = (
            ({"now", SKIP}, "now"),
            ({*map(str, range(1, 8)), SKIP}, str(self.kind.days)),
            ({"3", "15", "30", SKIP}, "15"),
            ({"inactive", "some", "active"}, "some"),
            ({"sitting", "heavy", SKIP}, "sitting"),
            ({"first", "second", "both"}, "both"),
        )
        fits = (token for asked, token in answers if asked <= tokens and not tokens >= NUMBERS)
        return next(fits, None)

    def _about_person(self, tokens: Sequence[str]) -> str | None:
        """Onboarding: consent, lists, age, episode, what to mind."""
        if "now" in tokens and "yes" in tokens:
            return "yes"
        for answer in (self.kind.age, self.kind.episode):
            if answer in tokens:
                return answer
        marks = [token for token in tokens if token.startswith("+")]
        if marks:
            wanted = [
                f"+{tag}" for tag in (*self.kind.tags, self.kind.line) if f"+{tag}" in marks and tag not in self.chosen
            ]
            self.chosen.extend(token[1:] for token in wanted[:1])
            return wanted[0] if wanted else "="
        if "none" in tokens and "some" in tokens:
            return "none"
        return "no" if {"yes", "no", "unsure"} <= set(tokens) else None

    def _about_day(self, tokens: Sequence[str]) -> str | None:
        if self.kind.travels and "zone" in tokens:
            return "zone"
        if "go" in tokens:
            return self._offered(tokens)
        if set(tokens) >= NUMBERS:
            return self._number(tokens)
        if "show" in tokens:
            return "show"
        return next((token for token in ("0800", "right", "coffee") if token in tokens), None)

    def _offered(self, tokens: Sequence[str]) -> str | None:
        if self.has_taken or (self.day > 1 and self.random.random() > self.kind.shows):
            return "not_today" if "not_today" in tokens and self.random.random() < 0.5 else None
        self.has_taken = True
        return "go"

    def _number(self, tokens: Sequence[str]) -> str:
        if self.kind.denies:
            return "1"
        first, self.asked = not self.asked, True
        if SKIP in tokens and first and self.random.random() > self.kind.morning:
            return SKIP
        felt = self.pain
        if self.trained:
            felt += max(0.0, self.random.gauss(self.kind.reaction, 0.5))
            self.carried = max(0.0, self.kind.reaction - 1) * self.random.random()
        if self.hurt:
            self.hurt, felt = False, felt + 1
        return str(round(min(max(felt, 0), 10)))

    def _about_exercise(self, tokens: Sequence[str]) -> str | None:
        if "fine" in tokens and "hurt" in tokens:
            return self._went(tokens)
        if "stabbing" in tokens:
            self.hurt = True
            return "leg" if self.kind.leg else self.random.choice(["pulling", "dull", "burn"])
        return next((token for token in ("whole", "on") if token in tokens), None)

    def _went(self, tokens: Sequence[str]) -> str:
        self.trained = True
        roll = self.random.random()
        if self.kind.denies:
            return "easy"
        if roll < self.kind.hard:
            return "hard"
        if roll < self.kind.hard + 0.02 + max(0.0, self.kind.reaction - 1) / 8:
            return "hurt"
        could = self.random.random() < self.kind.more
        asked = next((token for token in ("more", "longer") if token in tokens), None)  # of one exercise
        if asked is not None:
            return asked if could else "fine"
        return "easy" if could and self.random.random() < SAYS_EASY else "fine"

    def _else(self, tokens: Sequence[str]) -> str:
        """Whatever else is asked one day: put off, skipped, as many days as before, or anything but news."""
        for wanted in ("later", "skip", "~", "nothing", "enough", "same"):
            if wanted in tokens:
                return wanted
        calm = [token for token in tokens if token not in _NEVER]
        return self.random.choice(calm or list(tokens))


def people(members: int, seed: int, kinds: Sequence[Kind] = KINDS) -> list[Person]:
    """The kinds in turn; the same seed gives the same people."""
    return [
        Person(number=n, kind=kinds[n % len(kinds)], random=Random(f"{seed}/{n}"))  # noqa: S311  no secret
        for n in range(members)
    ]
