"""A scripted coach for the page: enough of a conversation to see everything a page has to show."""

from bot.dialogue.events import Address, Arrival, ButtonTapped, TextReceived
from bot.dialogue.messages import Button, Form, Kind, Picture
from tests.website.site import EMERGENCY, WebSite

PLAIN = "plain"
LIST = (
    "**Zuerst deine Sicherheit.** Bitte lies jede Zeile. *1 von 4 · Ist etwas davon neu?*\n"
    "① taub, kribbelig oder „wie fremd“ im Schritt, am Po oder innen am Oberschenkel\n"
    "② Blase oder Darm anders: nicht halten, nicht loslassen, nicht spüren\n"
    "③ beim Sex plötzlich weniger Gefühl oder Funktion\n"
    "④ ein Bein wird schwächer, knickt weg oder der Fuß hebt nicht\n"
    "⑤ Schmerz oder Taubheit in beiden Beinen"
)
WELCOME = (
    "Hallo, ich bin **Rückgrat**, dein Bewegungs-Coach für den Rücken. Kurze Übungen, die sich nach dir richten.\n"
    "Ich bin ein Programm, keine Arztpraxis. **Im Notfall: 112.**\n\n"
    "**Darf ich mir deine Antworten merken?** Wie lange: bis du /loeschen schickst."
)


def row(*labels: str, style: str = PLAIN) -> tuple[Button, ...]:
    return tuple(Button(label=label, data=f"tap:{label.encode().hex()[:40]}", style=style) for label in labels)


class ScriptedCoach:
    """Answers by what was tapped or written last; keeps no state but the card it edits."""

    def __init__(self, site: WebSite) -> None:
        self._site = site
        self._card: str | None = None

    async def __call__(self, arrival: Arrival) -> None:
        match arrival.event:
            case TextReceived(text="/start" | "hallo"):
                await self._welcome(arrival.address)
            case TextReceived(text="/notfall" | "/emergency"):
                await self._site.say(arrival.address, EMERGENCY["de"], row("Hilfe ist unterwegs", "Ich bin unsicher"),
                                     kind=Kind.EMERGENCY)  # fmt: skip
            case TextReceived(text=text):
                await self._site.say(arrival.address, f"Das habe ich gelesen: {len(text)} Zeichen.")
            case ButtonTapped(data=data):
                await self._tapped(arrival.address, bytes.fromhex(data.removeprefix("tap:")).decode())
            case other:
                raise AssertionError(other)

    async def _welcome(self, address: Address) -> None:
        picture = Picture(figure="katze_kuh", alt="Eine Person im Vierfüßlerstand rundet den Rücken")
        buttons = (row("Ja, einverstanden", style="primary"), row("Ja – gerade schlimm", "Nein, danke"),
                   row("Alles lesen", style="quiet"))  # fmt: skip
        self._card = (await self._site.say(address, WELCOME, *buttons, picture=picture)).remote

    async def _tapped(self, address: Address, label: str) -> None:
        match label:
            case "Ja, einverstanden":
                await self._edit(address, "Einverstanden ✓")
                await self._ask(address, LIST, row("Nein, nichts davon"), row("Ja, etwas davon", "Nicht sicher"))
            case "Nein, nichts davon":
                await self._edit(address, "Liste 1 ✓ nichts davon")
                scale = [str(number) for number in range(11)]
                await self._ask(address, "**Wie stark ist dein Schmerz jetzt?** 0 ist kein Schmerz, 10 der stärkste.",
                                row(*scale), row("Zurück", style="quiet"))  # fmt: skip
            case _ if label.isdecimal():
                await self._edit(address, f"Schmerz jetzt: {label} ✓")
                await self._exercise(address)
            case _:
                await self._edit(address, f"{label} ✓")

    async def _exercise(self, address: Address) -> None:
        picture = Picture(figure="bruecke", form=Form.CLIP, alt="Auf dem Rücken liegen, Becken heben und senken")
        buttons = row("Ging gut", style="primary"), row("Zu leicht", "Zu schwer"), row("Tat weh", style="danger")
        text = "**Brücke, Füße ganz auf** · 6-mal\nHeb das Becken, bis Knie und Schultern eine Linie bilden."
        self._card = (await self._site.say(address, text, *buttons, picture=picture)).remote

    async def _ask(self, address: Address, text: str, *buttons: tuple[Button, ...]) -> None:
        self._card = (await self._site.say(address, text, *buttons)).remote

    async def _edit(self, address: Address, text: str) -> None:
        receipt = await self._site.say(address, text, edits=self._card)
        self._card = receipt.remote
