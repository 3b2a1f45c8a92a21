"""`rueckgrat rules …`: which command reads which line and who answers it."""

import sys
from collections.abc import Callable
from typing import Any, BinaryIO, Literal, TextIO, TypeAlias

from bot.runtime.kitting import Kitted
from bot.shell.alarm_line import AlarmAsked, answer_alarm
from bot.shell.lines import Asked, answer_lines, unread
from bot.shell.plan_line import PlanAsked, answer_plan
from bot.shell.profile import odd_likes
from bot.shell.progress_line import ProgressAsked, answer_progress
from bot.shell.triage_line import TriageAsked, answer_triage

Command: TypeAlias = Literal["triage", "alarm", "plan", "progress"]
COMMANDS: tuple[Command, ...] = ("triage", "alarm", "plan", "progress")


def run_rules(
    command: Command, kitted: Kitted, source: BinaryIO, target: BinaryIO, notes: TextIO = sys.stderr, *, language: str
) -> bool:
    """Answer every line; true if none failed. What a line holds beyond the known fields is named in `notes`."""

    def answer(line: bytes) -> dict[str, Any]:
        asked, answered = _answerer(command, kitted, language)(line)
        notes.writelines(f"{asked.id}: {name} is no field of {command} and was not read\n" for name in unread(asked))
        if isinstance(asked, PlanAsked | ProgressAsked):
            odd = odd_likes(asked.profile, kitted.kit.library)
            notes.writelines(f"{asked.id}: profile.likes: {name!r} is no exercise and no category\n" for name in odd)
        return answered

    def write(line: str) -> None:
        target.write(line.encode() + b"\n")
        target.flush()

    return answer_lines(source, answer, write)


def _answerer(command: Command, kitted: Kitted, language: str) -> Callable[[bytes], tuple[Asked, dict[str, Any]]]:
    def answer(line: bytes) -> tuple[Asked, dict[str, Any]]:
        match command:
            case "triage":
                triage = TriageAsked.model_validate_json(line)
                return triage, answer_triage(triage, kitted)
            case "alarm":
                alarm = AlarmAsked.model_validate_json(line)
                return alarm, answer_alarm(alarm, kitted)
            case "plan":
                plan = PlanAsked.model_validate_json(line)
                return plan, answer_plan(plan, kitted, language)
            case "progress":
                progress = ProgressAsked.model_validate_json(line)
                return progress, answer_progress(progress, kitted)

    return answer
