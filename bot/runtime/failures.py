"""Errors of starting that several parts must know by name."""


class TelegramAwayError(Exception):
    """Telegram does not answer at all."""


class HomeserverAwayError(Exception):
    """The Matrix homeserver does not answer at all."""


class CannotStartError(Exception):
    """What was asked for cannot be done as things stand: one clear line for the operator."""


class AnotherBotError(CannotStartError):
    """The token belongs to another bot than the one whose members are stored."""


class DatabaseAwayError(CannotStartError):
    """The database cannot be reached: it may be there in a moment."""


class PortTakenError(CannotStartError):
    """Somebody listens there already."""
