"""The first offer after days without exercises: nothing to catch up on, nothing to explain, and it starts smaller."""

from enum import StrEnum

from bot.dialogue.facts import StatusChanged
from bot.dialogue.flows.session_start import SessionStart
from bot.dialogue.messages import Kind
from bot.dialogue.questions import Choice, Place
from bot.dialogue.steps import Flow, ask, cancel, record, say
from bot.dialogue.text import text

BACK = ("smaller", "bottom", "level", "restart")  # how far the programme steps down (clinical rules 5.8)


class Comeback(StrEnum):
    GO = "go"
    MICRO = "micro"
    WORSE = "worse"
    PAUSE = "pause"


def comeback(start: SessionStart) -> Flow[Comeback]:
    lead = text("comeback/hello" if start.greets else "comeback/lead")
    today = text("comeback/today", count=len(start.planned), minutes=start.minutes)
    without = () if start.micro else (Comeback.MICRO,)
    return (
        yield from ask(
            Choice(
                id="comeback",
                reactable=True,
                private=(Comeback.WORSE,),
                text=text(f"comeback/{start.back}", lead=lead, today=today),
                options=tuple(each for each in Comeback if each not in without),
                labels="comeback/reply",
                place=Place.BELOW,
                kind=Kind.SESSION,
                back=False,
                links=("why",),
                styles=((Comeback.GO, "primary"),),
                done="session/offer-done",
            )
        )
    )


def still_away(prompt: str) -> Flow[None]:
    """A pause that goes on; `prompt`: the appointments it drops."""
    yield from record(StatusChanged(status="paused"))
    yield from cancel(prompt)
    yield from say(text("stop/pause"))
