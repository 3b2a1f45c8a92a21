"""The journal: what is known about a member, fact by fact. Typed, append-only; the document is a fold over them.

A fact holds numbers, ids and ticks, and own words only where they were given to be remembered: never chat text.
Its time and local date are stamped by the engine.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, TypeAlias

from bot.dialogue.facts_places import United, Unlinked
from bot.dialogue.facts_rounds import RoundFact
from bot.library.quick import quick


@dataclass(frozen=True, slots=True, kw_only=True)
class Consented:
    """An explicit yes, per purpose and wording version; it includes being 18 or older."""

    kind: ClassVar[str] = "consented"
    purpose: str
    wording: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageChosen:
    kind: ClassVar[str] = "language"
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileAnswered:
    """One answer about the person: `age`, `episode`, `zone`, `prompt_time`, `usual`, a setting, a field of `About`.

    Ids and numbers; own words only where they were given to be remembered (`own`, `helped`, `name`, `concern`).
    """

    kind: ClassVar[str] = "profile"
    field: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PortionAsked:
    """A small portion of the profile was put; whether it was answered shows in the answer."""

    kind: ClassVar[str] = "portion"
    portion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoodAnswered:
    """The two questions about mood, 0 to 3 each: lost interest and low spirits. Only with a consent of its own."""

    kind: ClassVar[str] = "mood"
    interest: int
    low: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TagsGiven:
    """What to mind: the skip tags. `tags` replaces what was known, or with `joins` only comes on top of it."""

    kind: ClassVar[str] = "tags"
    tags: tuple[str, ...]
    joins: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Limited:
    """What a physiotherapist told the member to leave out (`library.limits`), or what of it holds no longer."""

    kind: ClassVar[str] = "limited"
    limits: tuple[str, ...]
    lifted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """Answers of one screening list: item id and yes, no, unsure or known."""

    kind: ClassVar[str] = "screened"
    list: int
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposed:
    """What screening decided. Raises the safety revision; a locking disposition locks in this very turn."""

    kind: ClassVar[str] = "disposed"
    disposition: str
    items: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    provisional: bool = False  # a follow-up is still open; it can only lower it
    corrected: bool = False  # what singly asked lines left of a mistaken tap; a tap can be taken back once
    heard: bool = False  # closed by words, beside the lists


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRaised:
    """A red flag or crisis in free text: level, category and the rule that found it; never the text."""

    kind: ClassVar[str] = "alarm"
    level: str
    category: str
    certainty: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmAnswered:
    """The answer to the clarifying question after an unsure alarm."""

    kind: ClassVar[str] = "alarm-answered"
    level: str
    category: str
    answer: str  # yes, no, unsure


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """A disposition was lifted: by the member saying a practice gave its okay, or by correcting a mistaken tap."""

    kind: ClassVar[str] = "cleared"
    by: str  # practice, member (after a crisis), correction
    disposition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeSaid:
    """What a practice said, as the member tells it: okay, partly, not_yet; by whom, when it was, what was found."""

    kind: ClassVar[str] = "practice-said"
    said: str
    by: str = ""
    seen: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PainReported:
    """0–10, or `None`: skipped. `when`: now, before, after, morning. `corrects`: the day's last such was mistyped."""

    kind: ClassVar[str] = "pain"
    when: str
    value: int | None
    corrects: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionStarted:
    """One day's exercises as offered: exercise, level and dose step each.

    `before`: the pain number that counts as the one before, also if it was given as the morning's.
    `eased`: a day of an easier week. `minute`: one minute instead of them.
    """

    kind: ClassVar[str] = "session-started"
    gate: str
    items: tuple[tuple[str, int, int], ...]
    before: int | None = None
    eased: bool = False
    minute: bool = False


UNWELL = "unwell"  # dizzy or short of breath


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseDone:
    """How one exercise went. `done` in halves (0, 1, 2); `effort` 0–10; `more`: two more would have gone."""

    kind: ClassVar[str] = "exercise"
    exercise: str
    level: int
    dose_step: int
    sets: int
    done: int
    effort: int | None = None
    more: bool | None = None
    quality: str | None = None  # pulling, dull, stabbing, leg, or `UNWELL`
    peak: int | None = None
    too_hard: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEnded:
    """`finished` is false when it was left half-way; what was done counts."""

    kind: ClassVar[str] = "session-ended"
    finished: bool


START, ROTATE = "start", "rotate"  # changes of the programme itself: an exercise joins, or makes room
SWAP = "R_SWAP"  # the rule by which one makes room that could not get smaller


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A change of the programme: rule, its inputs and sources, for /warum and the report."""

    kind: ClassVar[str] = "decided"
    exercise: str
    change: str
    rule: str
    level: int
    dose_step: int
    sets: int
    levels: int = 0  # so many levels up, or down when negative
    basis: int | None = None  # ordinal of the day of the session it was made from
    declined: bool = False
    inputs: tuple[tuple[str, str], ...] = ()
    sources: tuple[str, ...] = ()
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptCame:
    """The day's prompt came with exercises to do: without a session this day is one that was planned and not done."""

    kind: ClassVar[str] = "prompt-came"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vetoed:
    """The member does not want this exercise for some time."""

    kind: ClassVar[str] = "vetoed"
    exercise: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlareSaid:
    """The member calls it a flare-up, whatever the numbers say."""

    kind: ClassVar[str] = "flare-said"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListsDue:
    """Lists 1 to 3 were due on this day: until they are answered clear, nothing counts as clear.

    `news`: something new was told, so what came on top to mind is due as well.
    `withdrawn`: only a mistyped number had asked for them, and it was put right before any list was answered.
    """

    kind: ClassVar[str] = "lists-due"
    news: bool = False
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekChecked:
    """The weekly check, 0–10 each, `None` where skipped: average pain, lost enjoyment, lost activity, own activity."""

    kind: ClassVar[str] = "week-checked"
    pain: int | None = None
    enjoyment: int | None = None
    activity: int | None = None
    own: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfTested:
    """One self-test in one form of its exercise; `value` in seconds, or times. `stopped`: it hurt, and is no result."""

    kind: ClassVar[str] = "self-test"
    test: str
    level: int
    value: int
    stopped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakTaken:
    """A break at the desk: one gentle thing for a minute. It counts as movement and never as a reason for more."""

    kind: ClassVar[str] = "desk-break"
    exercise: str
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EasierNamed:
    """What went more easily today, in the first weeks of an episode: an id, or `nothing`."""

    kind: ClassVar[str] = "easier"
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkLogged:
    """A walk the member tells of, in minutes. `instead_of`: minutes of the day's last walk, which was mistyped."""

    kind: ClassVar[str] = "walk"
    minutes: int
    instead_of: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StepsLogged:
    """The day's steps so far; a later number of the same day replaces an earlier one. `day`: ISO, if it is another."""

    kind: ClassVar[str] = "steps"
    steps: int
    day: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepsKeyed:
    """The key with which the member's phone tells steps, as its hash; "" takes it away."""

    kind: ClassVar[str] = "steps-key"
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseTaken:
    """A pause said beforehand: `why` is holiday, ill or other, `until` the ISO day on which it ends; "" is open."""

    kind: ClassVar[str] = "pause-taken"
    why: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemTold:
    """Something about the coach itself does not work; `what` is one of the choices offered, never a text."""

    kind: ClassVar[str] = "problem"
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChanged:
    """active, paused, left: the member's own choice."""

    kind: ClassVar[str] = "status"
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardShown:
    """A knowledge card was read. `right`: how the claim before it was judged, `None` without one."""

    kind: ClassVar[str] = "card"
    card: str
    right: bool | None = None


Fact: TypeAlias = (
    Consented
    | LanguageChosen
    | ProfileAnswered
    | PortionAsked
    | MoodAnswered
    | TagsGiven
    | Limited
    | Screened
    | Disposed
    | AlarmRaised
    | AlarmAnswered
    | Cleared
    | PracticeSaid
    | PainReported
    | SessionStarted
    | ExerciseDone
    | SessionEnded
    | Decided
    | PromptCame
    | Vetoed
    | FlareSaid
    | ListsDue
    | WeekChecked
    | SelfTested
    | BreakTaken
    | EasierNamed
    | WalkLogged
    | StepsLogged
    | StepsKeyed
    | PauseTaken
    | ProblemTold
    | StatusChanged
    | CardShown
    | RoundFact
    | United
    | Unlinked
)


@dataclass(frozen=True, slots=True)
class Dated:
    """A fact with the moment it became true and the member's local date of that moment."""

    fact: Fact
    at: datetime
    day: date
