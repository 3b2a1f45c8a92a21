"""Errors that several rooms must know by name."""


class StoreAwayError(Exception):
    """The database cannot be reached or is locked or full: nothing was written, try again later."""


class BadArrivalError(Exception):
    """One arrival cannot be stored at all; it is set aside so that the others go on."""
