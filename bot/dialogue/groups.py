"""In groups the coach says almost nothing: it reads what is addressed to it, stores none of it, names nobody."""

from bot.coach.alarm import AlarmLevel
from bot.dialogue.commanding import emergency_card
from bot.dialogue.commands import Command, read_command
from bot.dialogue.events import Event, TextReceived
from bot.dialogue.kit import Kit, numbers_of
from bot.dialogue.rounds import DOOR


def group_reply(event: Event, kit: Kit, language: str, *, linkable: bool = False) -> str | None:
    """The one public line, if any. Alarm words are answered without repeating or naming a symptom.

    `linkable`: where a line that is nothing but /start becomes a link into the private chat; with `DOOR`, to rounds.
    """
    if not isinstance(event, TextReceived):
        return None
    catalog, numbers = kit.catalogs[language], numbers_of(kit)
    if event.alarm is not None and event.alarm.level is not AlarmLevel.NONE:
        return catalog.text("group/alarm", {"emergency": numbers.emergency}) + ("\n/start" if linkable else "")
    called = read_command(event.text)
    if called is None or event.edited:
        return None
    if called.command is Command.EMERGENCY:
        return emergency_card(catalog, numbers.emergency, numbers.doctor, numbers.crisis)
    door = f"\n/start {DOOR}" if called.command is Command.GROUP else "\n/start"
    return catalog.text("group/private", {"emergency": numbers.emergency}) + (door if linkable else "")
