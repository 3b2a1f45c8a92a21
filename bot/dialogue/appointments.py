"""Appointments: a moment at which the clock brings a `Due` event. Rows, not scheduler jobs."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Nature(StrEnum):
    """Safety appointments ignore pause, quiet hours and opt-out; courtesy ones obey them all."""

    SAFETY = "safety"
    COURTESY = "courtesy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """One row per member, kind and local date: setting it again moves it, so nothing is ever doubled."""

    kind: str
    local_date: date
    due: datetime  # aware, UTC
    nature: Nature = Nature.COURTESY
