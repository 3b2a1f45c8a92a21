"""After the exercises: pain once, one sentence, the week, and what changes next time and why."""

from bot.dialogue.facts import PainReported, SessionEnded
from bot.dialogue.flows.session_exercise import Told
from bot.dialogue.flows.session_offer import week_text
from bot.dialogue.flows.session_start import SessionStart
from bot.dialogue.questions import Place, Scale
from bot.dialogue.steps import Flow, ask_or_skip, record, say
from bot.dialogue.text import Text, text

MUCH = 5  # pain above it is never called fine (invariant I10)


def after(start: SessionStart, told: Told, *, micro: bool = False) -> Flow[None]:
    pain: int | None = None
    if start.ask_after and not micro:
        pain = yield from ask_or_skip(
            Scale(
                of_pain=True,
                id="pain-after",
                text=text("session/pain-after"),
                place=Place.BELOW,
                done="session/pain-after-done",
                mend=True,
            )
        )
        yield from record(PainReported(when="after", value=pain))
    yield from record(SessionEnded(finished=True))
    if not start.last_word:
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
