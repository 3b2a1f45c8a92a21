"""After the exercises: pain once, one sentence, the week, and what changes next time and why."""

from bot.dialogue.facts import PainReported, ProfileAnswered, SessionEnded
from bot.dialogue.flows.session_exercise import Told
from bot.dialogue.flows.session_offer import PROMPT, week_text
from bot.dialogue.flows.session_start import SessionStart
from bot.dialogue.questions import Place, Scale, TimeOfDay
from bot.dialogue.steps import Flow, OnDay, ask, ask_or_skip, book, record, say
from bot.dialogue.text import Text, text

MUCH = 5  # pain above it is never called fine (invariant I10)


def after(start: SessionStart, told: Told, *, micro: bool = False) -> Flow[None]:
    pain: int | None = None
    if start.ask_after and not micro:
        pain = yield from ask_or_skip(
            Scale(
                id="pain-after",
                text=text("session/pain-after"),
                place=Place.BELOW,
                done="session/pain-after-done",
                mend=True,
            )
        )
        yield from record(PainReported(when="after", value=pain))
    yield from record(SessionEnded(finished=True))
    if start.first:
        yield from _first_time(start)
        return
    if micro:
        yield from say(text("session/micro-finished", week=week_text(start)))
        return
    yield from say(
        text("session/finished", praise=_praise(told, pain), week=week_text(start), next=_next(start, told, pain)),
        links=("why",),
    )


def _praise(told: Told, pain: int | None) -> Text:
    """What they decided, never what they endured."""
    if told.hurt or told.hard:
        return text("session/praise-told")
    if pain is not None and pain > MUCH:
        return text("session/praise-much")
    return text("session/praise")


def _next(start: SessionStart, told: Told, pain: int | None) -> Text:
    for exercise in told.hurt[:1]:
        return text("session/next-hurt", name=Text(f"exercise/{exercise}/name"))
    for exercise in told.hard[:1]:
        return text("session/next-hard", name=Text(f"exercise/{exercise}/name"))
    if pain is not None and pain > MUCH:
        return text("session/next-much")
    return text("session/next-acute") if start.acute else text("session/next-morning")


def _first_time(start: SessionStart) -> Flow[None]:
    at = yield from ask(
        TimeOfDay(
            id="prompt-time",
            text=text("session/when", clock=start.clock),
            offers=("07:00", "08:00", "12:30", "17:00", "19:00", "20:00"),
            done="session/when-done",
        )
    )
    yield from record(ProfileAnswered(field="prompt_time", value=at.strftime("%H:%M")))
    yield from book(PROMPT, OnDay(at, days=1))
    yield from say(text("session/first-finished", at=at.strftime("%H:%M")))
