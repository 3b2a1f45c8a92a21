"""Errors of starting that several parts must know by name."""


class TelegramAwayError(Exception):
    """Telegram does not answer at all."""


class HomeserverAwayError(Exception):
    """The Matrix homeserver does not answer at all."""
