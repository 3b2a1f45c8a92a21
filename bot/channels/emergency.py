"""The call for help that every channel answers from static text when the store is away."""

from bot.dialogue.commands import Command, read_command


def is_emergency_command(text: str) -> bool:
    """`/notfall` or `/emergency`, also with more words behind it or a bot's name on it; *notfall* alone counts too."""
    called = read_command(text)
    return called is not None and called.command is Command.EMERGENCY
