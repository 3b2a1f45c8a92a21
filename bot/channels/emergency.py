"""The call for help that every channel answers from static text when the store is away."""

_COMMANDS = frozenset({"/notfall", "/emergency"})


def is_emergency_command(text: str) -> bool:
    """`/notfall` or `/emergency`, also with more words behind it or a bot's name on it."""
    words = text.split(maxsplit=1)
    return bool(words) and words[0].lower().partition("@")[0] in _COMMANDS
