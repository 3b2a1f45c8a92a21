"""The report for a practice: one sentence in own words, if wanted, then the file, which is kept nowhere."""

from dataclasses import dataclass
from enum import StrEnum

from bot.dialogue.facts import ProfileAnswered
from bot.dialogue.messages import Attachment, Kind
from bot.dialogue.own_words import CHIP, OwnWords
from bot.dialogue.questions import Place
from bot.dialogue.steps import Flow, FlowDef, ask, record, say
from bot.dialogue.text import text

LONGEST = 200  # signs of the sentence


class Wish(StrEnum):
    """Beside the member's own words."""

    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportStart:
    """`channel`: where the file will be kept by others."""

    channel: str


def _report(start: ReportStart) -> Flow[str]:
    concern = yield from ask(
        OwnWords(
            id="concern",
            text=text("report/ask"),
            chips=tuple(Wish),
            labels="report/reply",
            longest=LONGEST,
            place=Place.BELOW,
            back=False,
            done="report/asked-done",
        )
    )
    kept = "" if concern.startswith(CHIP) else concern
    yield from record(ProfileAnswered(field="concern", value=kept))
    yield from say(
        text("report/text", where=text(f"report/in-{start.channel}")),
        links=("privacy",),
        kind=Kind.EXPORT,
        file=Attachment.REPORT,
    )
    return kept


REPORT: FlowDef[ReportStart, str] = FlowDef(
    name="report", start=ReportStart, body=_report, results=("",), samples=(ReportStart(channel="web"),)
)
