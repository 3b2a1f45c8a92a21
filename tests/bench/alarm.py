"""Row 10: what looking for alarms costs, on messages the coach has never read; taps of the other rows have no words."""

import time
from statistics import median

from bot.coach.alarm import AlarmDetector
from bot.library.alarm_content import read_alarm_content
from bot.library.compile import find_content
from tests.alarm.corpus import read_corpus
from tests.alarm.score import unseen
from tests.bench.table import Result

SHORT, LONG = 100, 4096  # characters
BUDGET_SHORT_MS, BUDGET_LONG_MS = 0.2, 5.0
WARMED = 6000  # messages of all kinds that a coach has read before: words and neighbours are remembered
ROUNDS = 5
TOLD = ("fourth", "fifth", "sixth", "everyday")  # as members write; four words after four words are nobody's letter


async def alarm() -> list[Result]:
    """Processor time for messages told one after the other, as texts of the budget's lengths."""
    detector = AlarmDetector(*read_alarm_content(find_content() / "alarm"))
    corpus = read_corpus()
    for message in corpus[:: len(corpus) // WARMED]:
        detector.check(message.text)
    told = ". ".join(message.text for batch in TOLD for message in unseen(batch))
    short = [told[at : at + SHORT] for at in range(0, len(told) - SHORT, SHORT)]
    long = [told[at : at + LONG] for at in range(0, len(told) - LONG, LONG)]
    parts = [short[part::ROUNDS] for part in range(ROUNDS)]
    new = median(_milliseconds(detector, part) for part in parts)
    again = median(_milliseconds(detector, part) for part in parts)
    lengthy = median(_milliseconds(detector, [text]) for text in long)
    return [
        Result(
            row=10,
            work=f"looking for alarms in {SHORT} characters",
            budget=f"≤ {BUDGET_SHORT_MS} ms",
            found=f"{new:.2f} ms for words never seen, {again:.2f} ms again",
            kept=new <= BUDGET_SHORT_MS,
            over=new / BUDGET_SHORT_MS,
            values={"new_ms": new, "again_ms": again},
        ),
        Result(
            row=10,
            work=f"looking for alarms in {LONG} characters",
            budget=f"≤ {BUDGET_LONG_MS:.0f} ms",
            found=f"{lengthy:.2f} ms",
            kept=lengthy <= BUDGET_LONG_MS,
            over=lengthy / BUDGET_LONG_MS,
            values={"ms": lengthy},
        ),
    ]


def _milliseconds(detector: AlarmDetector, texts: list[str]) -> float:
    before = time.process_time()
    for text in texts:
        detector.check(text)
    return (time.process_time() - before) * 1000 / len(texts)
