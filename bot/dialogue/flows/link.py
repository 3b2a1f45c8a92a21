"""Linking two places of one person: each side confirms on a screen that says who will read what.

Two histories are never merged: where both sides have one, the first side chooses which stays, and the side whose
history goes can take it as a file and must type a word.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.dialogue.questions import Choice, Place
from bot.dialogue.steps import Flow, FlowDef, ask, say
from bot.dialogue.text import Joined, Text, text
from bot.dialogue.typed_word import Typed, TypedWord


class Keep(StrEnum):
    """Whose history stays, seen from the side that is asked."""

    HERE = "here"
    THERE = "there"


class Sure(StrEnum):
    YES = "yes"
    NO = "no"


class Which(StrEnum):
    HERE = "here"
    THERE = "there"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkStart:
    """`link`: its number. `here`, `there`: channels. `both`: each side has a history; `keep`: which was chosen."""

    link: int
    here: str
    there: str
    both: bool = False
    keep: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkAnswer:
    """`keep` is empty where there is nothing to choose."""

    link: int
    agreed: bool
    keep: str = ""

    def __str__(self) -> str:
        return f"{'yes' if self.agreed else 'no'} {self.keep}".strip()


def _linking(start: LinkStart) -> Flow[LinkAnswer]:
    keep = start.keep
    if start.both and not keep:
        which = yield from ask(
            Choice(
                id="link-which",
                reactable=True,
                text=text("linking/ask-which", there=Text(f"place/{start.there}"), readers=_readers(start)),
                options=tuple(Which),
                labels="linking/which",
                row=1,
                place=Place.BELOW,
            )
        )
        keep = "" if which is Which.NO else which.value
        agreed = which is not Which.NO
    else:
        sure = yield from ask(
            Choice(
                id="link-sure",
                reactable=True,
                text=text("linking/ask", there=Text(f"place/{start.there}"), readers=_readers(start)),
                options=tuple(Sure),
                labels="linking/sure",
                row=1,
                place=Place.BELOW,
            )
        )
        agreed = sure is Sure.YES
    if agreed and keep == Keep.THERE:
        yield from say(text("linking/export"), links=("export",))
        word = yield from ask(
            TypedWord(
                id="link-erase",
                text=text("linking/ask-erase", word=Text("linking/erase/yes")),
                labels="linking/erase",
                place=Place.BELOW,
            )
        )
        agreed = word is Typed.YES
    return LinkAnswer(link=start.link, agreed=agreed, keep=keep if agreed else "")


def _readers(start: LinkStart) -> Joined:
    """Who will read what, and which history goes."""
    lines = [Text(f"place/reads-{start.here}"), Text(f"place/reads-{start.there}")]
    if start.keep:
        lines.append(Text(f"linking/keeps-{start.keep}"))
    return Joined(tuple(dict.fromkeys(lines)))


LINKING: FlowDef[LinkStart, LinkAnswer] = FlowDef(
    name="linking",
    start=LinkStart,
    body=_linking,
    results=(
        LinkAnswer(link=1, agreed=True),
        LinkAnswer(link=1, agreed=True, keep="here"),
        LinkAnswer(link=1, agreed=True, keep="there"),
        LinkAnswer(link=1, agreed=False),
    ),
    samples=(
        LinkStart(link=1, here="telegram", there="web"),
        LinkStart(link=1, here="matrix", there="telegram", both=True),
        LinkStart(link=1, here="web", there="matrix", both=True, keep="here"),
        LinkStart(link=1, here="web", there="console", both=True, keep="there"),
    ),
)
