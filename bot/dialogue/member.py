"""The member document: what is known, and where the conversation stands. One JSON value of at most 32 KB.

`known` is a fold over the journal (see `memory`): a test rebuilds it and compares. The rest is conversation.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.dialogue.about import About
from bot.dialogue.facts import Decided, ExerciseDone
from bot.dialogue.facts_rounds import RoundKnown
from bot.dialogue.replay import Answered
from bot.library.quick import quick

VERSION = 1
FRESH_US = 3600 * 1_000_000  # microseconds for which a number goes with a session, before it or behind it
KEPT_DAYS = 35  # what the rules look at; the journal keeps all


class Status(StrEnum):
    """new → active ⇄ paused → left. A lock is no status: it stands beside it."""

    NEW = "new"
    ACTIVE = "active"
    PAUSED = "paused"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """What screening or an alarm closed. `since` in epoch microseconds. `provisional`: a follow-up is still open."""

    disposition: str
    since: int
    items: tuple[str, ...] = ()
    provisional: bool = False
    corrected: bool = False  # it stands after a tap was taken back; that goes once
    before: str | None = None  # the disposition that stood before it
    beneath: "Lock | None" = None  # a milder lock that stands again if this one was a mistaken tap


@dataclass(frozen=True, slots=True, kw_only=True)
class Pain:
    """A pain number with its local date (ISO) and occasion (now, before, after, morning); `None` = skipped."""

    day: str
    when: str
    value: int | None
    at: int = 0  # epoch microseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something of a day that the rules look at: stopped, cleared, asked to train, lists 1 to 3 clear (`list-1` …).

    `at`: epoch microseconds, of lists only; 0 where it is not known.
    """

    day: str
    what: str
    at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """A line of the lists that once was there and is not named any more, since this ISO day.

    `asked`: what to mind was asked again since then, and that answer counts from then on.
    """

    item: str
    day: str
    asked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A decision with its day; decisions that change nothing are kept only to answer why."""

    day: str
    decided: Decided


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class SessionMemo:
    """One session as the rules need it. `at`: its beginning; `until`: its last exercise, 0 before the first one."""

    day: str
    at: int
    gate: str
    items: tuple[tuple[str, int, int], ...]
    before: int | None = None
    after: int | None = None
    exercises: tuple[ExerciseDone, ...] = ()
    finished: bool | None = None
    eased: bool = False
    minute: bool = False
    until: int = 0

    def is_of(self, pain: Pain) -> bool:
        """The number belongs to this session: of the same day, or it went on over midnight."""
        return self.day == pain.day or 0 <= pain.at - max(self.at, self.until) <= FRESH_US


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """The member's place on an exercise's ladder. Dates are local ISO dates of the last change.

    `since`: in the programme; `rests`: since when it makes room for others, `rested_by` which rule.
    """

    exercise: str
    level: int
    dose_step: int
    sets: int
    since: str
    level_since: str | None = None
    dose_since: str | None = None
    level_from: int | None = None
    rests: str | None = None
    rested_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Veto:
    """An exercise the member does not want, and the local ISO date on which it was said."""

    exercise: str
    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A weekly check with its local ISO date; numbers 0 to 10, `None` where skipped."""

    day: str
    pain: int | None = None
    enjoyment: int | None = None
    activity: int | None = None
    own: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """A self-test's result with its local ISO date and epoch microseconds, 0 unknown; see `facts.SelfTested`."""

    day: str
    test: str
    level: int
    value: int
    at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """Movement of a day beside the exercises: minutes walked and steps counted.

    `last`: minutes of the last walk told; `at`, `steps_at`: when walk and steps were told, in epoch microseconds.
    """

    day: str
    minutes: int = 0
    steps: int = 0
    last: int = 0
    at: int = 0
    steps_at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A pause said beforehand, from and to a local ISO date; `until` is "" while it is open."""

    why: str
    since: str
    until: str


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All the rules know of a member; only facts change it."""

    consents: tuple[tuple[str, int], ...] = ()
    age: str | None = None
    episode: str | None = None  # as it was told; `history.phase_on` says where it stands
    episode_on: str | None = None  # ISO day it was told; None in older documents: on the day of consent
    tags: tuple[str, ...] | None = None
    limits: tuple[str, ...] = ()  # what a physiotherapist told to leave out, see `library.limits`
    minded_on: str | None = None  # day on which what to mind was asked about last, whatever came of it
    prompt_time: str | None = None
    answers: tuple[tuple[str, str], ...] = ()  # screening item → yes, no, unsure, known
    once: tuple[Once, ...] = ()  # what to mind from lines that are no longer named: lists alone take no tag away
    screened_on: str | None = None
    screened_fully: str | None = None  # day on which list 4, the last one, was answered
    disposition: str | None = None
    soft_since: str | None = None  # day since which a practice should look at something, while gentle things go on
    lock: Lock | None = None
    cleared_from: str | None = None
    crisis_on: str | None = None
    safety_revision: int = 0
    pains: tuple[Pain, ...] = ()
    sessions: tuple[SessionMemo, ...] = ()
    programme: tuple[Placed, ...] = ()
    decisions: tuple[Made, ...] = ()
    changed: tuple[Made, ...] = ()  # before them, without what they were made from
    marks: tuple[Mark, ...] = ()
    cards: tuple[tuple[str, str], ...] = ()  # knowledge card → ISO day it was shown last
    rounds: tuple[RoundKnown, ...] = ()  # moving together: those the member takes part in
    joined: str | None = None  # day of consent
    since: str | None = None  # day of the first session
    helped: str = ""  # what helped before, in the member's own words
    vetoes: tuple[Veto, ...] = ()
    weeks: tuple[Week, ...] = ()
    walks: tuple[Walk, ...] = ()
    tests: tuple[Tested, ...] = ()  # of each test the first result and the latest ones
    halted: tuple[Tested, ...] = ()  # tests that pain ended: no results, but they were done
    breaks: tuple[str, ...] = ()  # days of breaks taken at the desk, one entry a break
    pause: Pause | None = None
    pauses: tuple[Pause, ...] = ()  # those before it
    pain_weeks: tuple[tuple[str, int, int], ...] = ()  # Monday, sum and count of the pain numbers of that week
    settings: tuple[tuple[str, str], ...] = ()  # what the member chose about the coach itself
    portions: tuple[tuple[str, str, int], ...] = ()  # portion of the profile → ISO day it was asked last, and how often
    slept_on: str | None = None  # day on which sleep was asked about last
    steps_key: str = ""  # hash of the key with which the member's phone tells steps
    sealed: bool = False  # own words may have been written where they are encrypted, though that place has gone
    usuals: tuple[tuple[str, int], ...] = ()  # ISO day and usual pain, where it was asked anew
    mood: int | None = None  # sum of the two questions about mood, asked by a consent of its own
    about: About = field(default_factory=About)  # what the member told beside the safety questions


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class FlowState:
    """A flow under way: its name, start values and answers; everything else follows by replay.

    `asked_at` (epoch microseconds) and `asked_words` tell whether an answer came faster than the question can be read.
    """

    flow: str
    start: str  # JSON of the flow's start values
    run: int
    revision: int
    opened: int
    answers: tuple[Answered, ...] = ()
    card: int | None = None
    pictured: bool = False  # the card carries a picture
    asked_at: int = 0
    asked_words: int = 0
    draft: tuple[str, ...] = ()
    floor: int = 0  # Back never goes below so many answers: something took effect there


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """The document. `alarm` stands above `open`; `parked` waits for /weiter."""

    version: int = VERSION
    status: Status = Status.NEW
    language: str = "de"
    zone: str = "Europe/Berlin"
    known: Known = field(default_factory=Known)
    alarm: FlowState | None = None
    open: FlowState | None = None
    parked: FlowState | None = None
    bottom: int | None = None  # row of the coach's last message, while nothing was typed after it
    heard: int = 0  # epoch microseconds of the last message or tap
    unanswered: int = 0  # prompts and notes since then (see `silence`)
    unanswered_breaks: int = 0  # breaks at the desk in a row that stayed without an answer
    minute: int = 0
    texts: int = 0  # texts received in that minute
    shift: int = 0  # microseconds; local demo only
    start_code: str = ""  # a round's code that came before the first answers; used after the first session
    troubles: int = 0  # events in a row that could not be worked on
    code_row: int = 0  # row of the message that shows a code for linking; 0: none is shown


class DocumentError(ValueError):
    """A document that cannot be read: damaged, or newer than this code."""


_MEMBER: TypeAdapter[Member] = TypeAdapter(Member)


def dump_member(member: Member) -> bytes:
    return _MEMBER.dump_json(member, exclude_defaults=True, ensure_ascii=True)


def dump_head(member: Member) -> bytes:
    """The document without what is known."""
    return _MEMBER.dump_json(member, exclude={"known"}, exclude_defaults=True, ensure_ascii=True)


def load_member(document: bytes) -> Member:
    """Raises `DocumentError`; never repairs silently."""
    try:
        member: Member = _MEMBER.validate_json(document)
    except ValidationError as error:
        raise DocumentError(f"member document: {error.error_count()} problems") from None
    if member.version != VERSION:
        raise DocumentError(f"member document version {member.version}, this code reads {VERSION}")
    return member


def adapter_for(start: type[Any]) -> TypeAdapter[Any]:
    """The codec of a flow's start values, made once."""
    found = _STARTS.get(start)
    if found is None:
        found = _STARTS[start] = TypeAdapter(start)
    return found


_STARTS: dict[type[Any], TypeAdapter[Any]] = {}
