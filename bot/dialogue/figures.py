"""As whom a member's exercises are drawn: chosen in the settings, and with a round belly once that is to be minded."""

from enum import StrEnum

from bot.dialogue.member import Known

PREGNANT = "pregnant"
ROUND_BELLY = "P20"  # the tag of the second half of a pregnancy


class Figure(StrEnum):
    """What can be chosen. A name is never taken away: members have chosen it."""

    DEFAULT = "default"
    WOMAN = "woman"
    OLDER = "older"
    HEAVIER = "heavier"
    DARKER = "darker"


def figure_of(known: Known) -> str:
    """A theme of the pictures. What somebody has to mind comes before what was chosen at another time."""
    chosen = dict(known.settings).get("figure", Figure.DEFAULT.value)
    return PREGNANT if ROUND_BELLY in (known.tags or ()) else chosen
