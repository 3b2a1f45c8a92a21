"""Who runs the coach and where its data lies: in the operator's words, else in the reader's language."""

from bot.dialogue.text import Param, Text, text


def run_by(name: str) -> Param:
    """Only the local demo has no name."""
    return name or Text("operator/demo")


def kept_at(place: str, name: str) -> Param:
    return place or (text("operator/there", name=name) if name else Text("operator/here"))
