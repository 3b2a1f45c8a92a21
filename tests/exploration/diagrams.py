"""State diagrams for ARCHITECTURE.md, drawn from the exploration, so they cannot be out of date.

python -m tests.exploration.diagrams          # writes them between the marks
"""

from pathlib import Path as File

from bot.dialogue.amounts import Amount
from bot.dialogue.flows.registry import FLOWS
from bot.dialogue.own_words import Named, OwnWords
from bot.dialogue.questions import ListAnswer, Many, Scale, TimeOfDay
from bot.dialogue.steps import Ask
from tests.exploration.explorer import Decision, Path, explored

BEGIN, END = "<!-- diagrams: begin -->", "<!-- diagrams: end -->"
PAGE = File(__file__).parents[2] / "ARCHITECTURE.md"


def diagrams() -> str:
    """One mermaid diagram a flow."""
    return "\n".join(_diagram(name) for name in sorted(FLOWS))


def _diagram(name: str) -> str:
    edges: dict[tuple[str, str], set[str]] = {}
    for path in explored(name):
        for here, label, there in _edges(path):
            edges.setdefault((here, there), set()).add(label)
    lines = [f"    {_state(here)} --> {_state(there)}: {_labels(labels)}" for (here, there), labels in edges.items()]
    return "\n".join([f"### {name}", "", "```mermaid", "stateDiagram-v2", *sorted(set(lines)), "```", ""])


def _edges(path: Path) -> list[tuple[str, str, str]]:
    if not path.decisions:
        return [("[*]", "begin", f"end {_result(path)}")]
    names = [decision.name for decision in path.decisions]
    ends = [*names[1:], "[*]"]
    edges = [
        (decision.name, _label(decision), there if there != "[*]" else f"end {_result(path)}")
        for decision, there in zip(path.decisions, ends, strict=True)
    ]
    return [("[*]", "begin", names[0]), *edges]


def _result(path: Path) -> str:
    result = path.result
    return str(getattr(result, "disposition", result))


def _label(decision: Decision) -> str:
    if not isinstance(decision.at, Ask):
        return str(getattr(decision.chosen, "disposition", decision.chosen))
    question, chosen = decision.at.question, decision.chosen
    if chosen is None:
        return "skipped"
    match question:
        case Scale() | Amount():
            return "number"
        case OwnWords() | Named():
            return "words"
        case TimeOfDay():
            return "time"
        case Many():
            return "marks" if chosen else "no mark"
        case _ if isinstance(chosen, ListAnswer):
            hasty = " (hasty)" if chosen.hasty else ""
            return f"lines named{hasty}" if chosen.items else f"{chosen.marked.value}{hasty}"
        case _:
            return str(chosen)


def _labels(labels: set[str]) -> str:
    return ", ".join(sorted(labels))


def _state(name: str) -> str:
    return name if name == "[*]" else "".join(c if c.isalnum() else "_" for c in name)


def page_with(drawn: str) -> str:
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{drawn}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(page_with(diagrams()), encoding="utf-8")
