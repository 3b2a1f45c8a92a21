"""The first four minutes: welcome, consent, the lists, what to mind, pain now. Nine answers, one card.

Parts already answered are left out (`parts`), so a member who was interrupted or corrected a tap goes on from there.
"""

from dataclasses import dataclass, replace
from datetime import time, timedelta
from enum import StrEnum

from bot.coach.disposition import Disposition, worst
from bot.dialogue.facts import (
    Consented,
    Disposed,
    ListsDue,
    PainReported,
    ProfileAnswered,
    StatusChanged,
    TagsGiven,
)
from bot.dialogue.flows.changes import CHANGES, PREGNANT, SAMPLE_CHANGES, Changed, ChangesStart, tag_lines, tag_options
from bot.dialogue.flows.screening import (
    CLEAR,
    SAMPLE_SCREENING,
    SCREENING,
    Line,
    SafetyPage,
    Screening,
    ScreeningStart,
)
from bot.dialogue.messages import Picture
from bot.dialogue.questions import Choice, Many, Place, Scale
from bot.dialogue.steps import After, Flow, FlowDef, OnDay, ask, book, cancel, record, run, say
from bot.dialogue.text import text
from bot.dialogue.whose import kept_at, run_by
from bot.library.screening import AgeBand, Episode

CONSENT_WORDING = 1
UNFINISHED = "unfinished"  # the one line next day, if answers are missing
UNFINISHED_AT = time(10)
UNANSWERED = "unanswered"  # after this the unfinished answers go
KEPT = timedelta(days=14)
PARTS = ("consent", "early", "age", "episode", "late", "tags", "pain")


@dataclass(frozen=True, slots=True, kw_only=True)
class OnboardingStart:
    """`early`: the emergency lists. `late`: those filtered by age and episode. `tag_lines`: asked of some tags only.

    `changes`: something is new. What to mind is known, only what came on top of it is asked, and the lists stay due.
    """

    parts: tuple[str, ...]
    early: tuple[SafetyPage, ...]
    late: tuple[SafetyPage, ...]
    tags: tuple[str, ...]
    tag_lines: tuple[tuple[tuple[str, ...], Line], ...] = ()
    operator: str = ""
    place: str = ""
    months: int = 12
    channel: str = "web"
    emergency: str = "112"
    of: int = 9
    floor: str = "go"  # what earlier answers have decided at least
    changes: ChangesStart | None = None


class Consent(StrEnum):
    YES = "yes"
    NOW = "now"  # yes, and it is bad right now
    NO = "no"


class Onboarded(StrEnum):
    REFUSED = "refused"
    UNDERAGE = "underage"
    LOCKED = "locked"
    NIGHT = "night"
    READY = "ready"


@dataclass(slots=True)
class _Said:
    """What was answered on the way; lives only while the flow is run."""

    age: str | None = None
    episode: str | None = None
    top: Screening = CLEAR


def _corner(start: OnboardingStart, step: int) -> tuple[int, int] | None:
    return (step, start.of) if start.parts == PARTS else None


def _onboarding(start: OnboardingStart) -> Flow[Onboarded]:
    said = _Said()
    if start.changes is not None:
        yield from record(ListsDue(news=True), at_once=True)
    if "consent" in start.parts:
        consent = yield from _consent(start)
        if consent is Consent.NO:
            return Onboarded.REFUSED
        if consent is Consent.NOW:
            return (yield from _night(start, said))
    if "early" in start.parts and not (yield from _lists(start.early, said, first=True)):
        return Onboarded.LOCKED
    if "age" in start.parts:
        age = yield from ask(_age(start))
        said.age = age.value
        if age is AgeBand.UNDER_18:
            yield from say(text("onboarding/underage", emergency=start.emergency))
            return Onboarded.UNDERAGE
        yield from record(ProfileAnswered(field="age", value=age.value))
    if "episode" in start.parts:
        episode = yield from ask(_episode(start))
        said.episode = episode.value
        yield from record(ProfileAnswered(field="episode", value=episode.value))
    if "late" in start.parts and not (yield from _lists(_reaching(start.late, said), said, first=False)):
        return Onboarded.LOCKED
    return (yield from _rest(start, said))


def _night(start: OnboardingStart, said: _Said) -> Flow[Onboarded]:
    """All hard lists at once, with every line: age and duration wait until the morning, relief does not."""
    pages = tuple(replace(page, corner=None) for page in (*start.early, *start.late))
    if not (yield from _lists(pages, said, first=True)):
        return Onboarded.LOCKED
    return Onboarded.NIGHT


def _rest(start: OnboardingStart, said: _Said) -> Flow[Onboarded]:
    tags: tuple[str, ...] = ()
    minded = False
    if start.changes is not None:
        changed = yield from run(CHANGES, start.changes)
        if changed is Changed.LOCKED:
            return Onboarded.LOCKED
        tags, minded = start.changes.known, changed is Changed.MORE
    elif "tags" in start.parts:
        tags = yield from _what_to_mind(start)
        if not (yield from tag_lines(start.tag_lines, tags)):
            return Onboarded.LOCKED
    yield from _decide(start, said.top, tags, minded=minded)
    if "pain" in start.parts:
        pain = yield from ask(
            Scale(
                of_pain=True,
                id="pain-now",
                text=text("onboarding/pain"),
                done="onboarding/pain-done",
                corner=_corner(start, 9),
            )
        )
        yield from record(PainReported(when="before", value=pain))
    yield from cancel(UNFINISHED)
    yield from cancel(UNANSWERED)
    return Onboarded.READY


def _consent(start: OnboardingStart) -> Flow[Consent]:
    yield from say(
        text(
            "onboarding/welcome", operator=run_by(start.operator), privacy=text(f"onboarding/channel-{start.channel}")
        ),
        picture=Picture(figure="welcome"),
    )
    answer = yield from ask(
        Choice(
            id="consent",
            reactable=True,
            text=text("onboarding/consent", place=kept_at(start.place, start.operator), months=start.months),
            options=tuple(Consent),
            labels="onboarding/consent-reply",
            row=1,
            place=Place.BELOW,
            links=("privacy", "language"),
            corner=_corner(start, 1),
            done="onboarding/consent-done",
        )
    )
    if answer is Consent.NO:
        yield from say(text("onboarding/refused"))
        return answer
    yield from record(Consented(purpose="coaching", wording=CONSENT_WORDING), at_once=True)
    yield from record(StatusChanged(status="active"), at_once=True)
    yield from book(UNFINISHED, OnDay(UNFINISHED_AT, days=1), at_once=True)
    yield from book(UNANSWERED, After(KEPT), at_once=True)
    return answer


def _age(start: OnboardingStart) -> Choice[AgeBand]:
    return Choice(
        id="age",
        text=text("onboarding/age"),
        options=tuple(AgeBand),
        labels="age",
        done="onboarding/age-done",
        corner=_corner(start, 4),
    )


def _episode(start: OnboardingStart) -> Choice[Episode]:
    return Choice(
        id="episode",
        text=text("onboarding/episode"),
        options=tuple(Episode),
        labels="episode",
        row=1,
        done="onboarding/episode-done",
        corner=_corner(start, 5),
    )


def _lists(pages: tuple[SafetyPage, ...], said: _Said, *, first: bool) -> Flow[bool]:
    """Go through lists; false means: locked."""
    judged = yield from run(SCREENING, ScreeningStart(pages=pages, intro=first))
    if judged.locked:
        return False
    if worst((Disposition(judged.disposition), Disposition(said.top.disposition))).value != said.top.disposition:
        said.top = judged
    return True


def _reaching(pages: tuple[SafetyPage, ...], said: _Said) -> tuple[SafetyPage, ...]:
    """The lists without the lines that make no sense for this age or episode."""
    pages = tuple(page.without({line.item for line in page.lines if not _concerns(line, said)}) for page in pages)
    return tuple(page for page in pages if page.lines)


def _concerns(line: Line, said: _Said) -> bool:
    by_age = not line.ages or said.age is None or said.age in line.ages
    return by_age and (not line.episodes or said.episode is None or said.episode in line.episodes)


def _what_to_mind(start: OnboardingStart) -> Flow[tuple[str, ...]]:
    chosen = yield from ask(
        Many(
            id="tags",
            text=text("onboarding/tags"),
            options=tag_options(start.tags),
            labels="tag",
            corner=_corner(start, 8),
            done="onboarding/tags-done",
        )
    )
    tags = tuple(tag for tag in start.tags if tag in {option.value for option in chosen})
    yield from record(TagsGiven(tags=tags))
    return tags


def _decide(start: OnboardingStart, top: Screening, tags: tuple[str, ...], *, minded: bool) -> Flow[None]:
    """What all lists together decide; something to mind means caution."""
    least = Disposition.CAUTION if tags or minded else Disposition.GO
    final = worst((Disposition(top.disposition), Disposition(start.floor), least))
    yield from record(Disposed(disposition=final.value, items=top.items, tags=tags))
    if final is Disposition.DOCTOR_SOFT:
        yield from say(text("onboarding/doctor-soft"))


ONBOARDING: FlowDef[OnboardingStart, Onboarded] = FlowDef(
    name="onboarding",
    start=OnboardingStart,
    body=_onboarding,
    results=tuple(Onboarded),
    samples=(
        OnboardingStart(
            parts=PARTS,
            early=SAMPLE_SCREENING.pages[:1],
            late=SAMPLE_SCREENING.pages[1:],
            tags=("KN", "PG", "FL"),
            tag_lines=PREGNANT,
        ),
        OnboardingStart(parts=("late", "tags", "pain"), early=(), late=SAMPLE_SCREENING.pages[1:], tags=("KN", "FL")),
        OnboardingStart(
            parts=("early", "late"),
            early=SAMPLE_SCREENING.pages[:1],
            late=SAMPLE_SCREENING.pages[1:],
            tags=(),
            floor="caution",
            changes=SAMPLE_CHANGES,
        ),
    ),
    parkable=False,
)
