"""One knowledge card: the claim first where there is one, then the card, with its source."""

from dataclasses import dataclass
from enum import StrEnum

from bot.dialogue.facts import CardShown
from bot.dialogue.messages import Kind, Picture
from bot.dialogue.questions import Choice, Place
from bot.dialogue.steps import Flow, FlowDef, ask, record, say
from bot.dialogue.text import text


class Verdict(StrEnum):
    TRUE = "true"
    FALSE = "false"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardStart:
    """`claim`: whether the claim before the card is true; `None`: there is none. `source`: as it is cited.

    `pictured`: the card has a picture of its own.
    """

    card: str
    source: str
    claim: bool | None = None
    pictured: bool = False


def _card(start: CardStart) -> Flow[bool]:
    right: bool | None = None
    if start.claim is not None:
        verdict = yield from ask(
            Choice(
                id="card-claim",
                reactable=True,
                text=text("card/ask", claim=text(f"card/{start.card}/claim")),
                options=tuple(Verdict),
                labels="card/verdict",
                place=Place.BELOW,
                kind=Kind.CARD,
                back=False,
            )
        )
        right = (verdict is Verdict.TRUE) == start.claim
    yield from record(CardShown(card=start.card, right=right))
    what = text(
        "card/shown",
        title=text(f"card/{start.card}/title"),
        text=text(f"card/{start.card}/text"),
        source=start.source,
    )
    if right is not None:
        what = text("card/right", card=what) if right else text("card/other", card=what)
    yield from say(what, picture=Picture(figure=start.card) if start.pictured else None, kind=Kind.CARD)
    return True


CARD: FlowDef[CardStart, bool] = FlowDef(
    name="card",
    start=CardStart,
    body=_card,
    results=(True,),
    samples=(
        CardStart(card="bewegung-statt-bett", source="NVL", claim=False),
        CardStart(card="gehprogramm", source="Lancet", claim=True),
        CardStart(card="stuhl", source="Own", pictured=True),
    ),
    kind=Kind.CARD,
)
