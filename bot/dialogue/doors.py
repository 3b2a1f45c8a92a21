"""Where others find this coach, and how a round is joined there: one code opens every door."""

from dataclasses import dataclass

from bot.dialogue.text import Joined, Text, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """The bot's user name, the account on Matrix, the web chat's address; empty where there is none."""

    telegram: str = ""
    matrix: str = ""
    web: str = ""

    def link(self, code: str) -> str:
        """For whoever reads this where no link leads in: the page they know, else another way, else what is typed."""
        if self.web:
            return self.web
        return self._bot(code) or self._account() or _typed(code)

    def ways(self, code: str) -> Joined:
        """All of them, to be passed on as they stand; alone, the channel that sends it makes a link of the command."""
        if not (self.matrix or self.web):
            return Joined((text("round/way-type", code=code),))
        ways: list[Text] = []
        if self.telegram:
            ways.append(text("round/way-telegram", link=self._bot(code)))
        if self.matrix:
            ways.append(text("round/way-matrix", link=self._account(), typed=_typed(code, "!")))
        if self.web:
            ways.append(text("round/way-web", link=self.web, typed=_typed(code)))
        return Joined(tuple(ways))

    def _bot(self, code: str) -> str:
        return f"https://t.me/{self.telegram}?start={code}" if self.telegram else ""

    def _account(self) -> str:
        return f"https://matrix.to/#/{self.matrix}" if self.matrix else ""


def _typed(code: str, sign: str = "/") -> str:
    return f"{sign}start {code}"


NO_DOORS = Doors()
