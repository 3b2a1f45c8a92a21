"""Errors of starting that several parts must know by name."""


class HomeserverAwayError(Exception):
    """The Matrix homeserver does not answer at all."""
