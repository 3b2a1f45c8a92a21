"""The conversation the peers hold: an evening's questions about the back. Data only; each peer writes its own code.

A tapped question is edited into the next. A typed answer turns its question into a line and the next one is sent; with
TIDY=0 the old question keeps its buttons and a turn costs one request, as in most bots.
"""

import os
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Item:
    """`key` names the answer; `options` are what can be tapped or typed."""

    key: str
    text: str
    options: tuple[str, ...]

    def line(self, answer: str) -> str:
        """What the question becomes once it is answered by a typed word."""
        return f"{self.text.partition(chr(10))[0]} {answer} ✓"

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        return tuple(self.options[at : at + 6] for at in range(0, len(self.options), 6))


ITEMS: Final = (
    Item("pain", "<b>Wie stark ist dein Schmerz jetzt?</b>\n0 ist kein Schmerz, 10 der stärkste vorstellbare.",
         tuple(str(number) for number in range(11))),
    Item("worst", "<b>Und der stärkste Schmerz heute?</b>\nAuf derselben Skala von 0 bis 10.",
         tuple(str(number) for number in range(11))),
    Item("effort", "<b>Wie anstrengend waren die Übungen?</b>\nDanach richtet sich, wie es morgen weitergeht.",
         ("leicht", "genau richtig", "schwer")),
    Item("quality", "<b>Ging die Bewegung sauber bis zum Ende?</b>\nEine ehrliche Antwort hilft mehr als eine gute.",
         ("ja", "meistens", "nein")),
    Item("sleep", "<b>Wie war deine letzte Nacht?</b>\nSchlaf und Schmerz hängen zusammen.",
         ("gut", "mittel", "schlecht")),
    Item("walk", "<b>Bist du heute gegangen?</b>\nAuch der Weg zum Einkaufen zählt.",
         ("ja, lange", "ja, kurz", "nein")),
    Item("comment", "<b>Möchtest du noch etwas festhalten?</b>\nEin Satz genügt, oder tippe auf nichts weiter.",
         ("nichts weiter", "später")),
)  # fmt: skip
TIDY: Final = os.environ.get("TIDY") != "0"
WELCOME: Final = "Guten Abend! Ein paar kurze Fragen zu deinem Tag."
DONE: Final = "<b>Danke, das war alles.</b>\nMorgen um acht geht es weiter."
AGAIN: Final = "noch einmal"
UNCLEAR: Final = "Das habe ich nicht verstanden. Bitte wähle eine der Antworten."
