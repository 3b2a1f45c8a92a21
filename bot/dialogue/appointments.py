"""Appointments: a moment at which the clock brings a `Due` event. Rows, not scheduler jobs."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum


class Nature(StrEnum):
    """Safety appointments ignore pause, quiet hours and opt-out; courtesy ones obey them all."""

    SAFETY = "safety"
    COURTESY = "courtesy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """One row per member, kind and local date: setting it again moves it, so nothing is ever doubled.

    `wall`: the time of day it was booked for, which holds also where the zone's rules change before; none for a span.
    """

    kind: str
    local_date: date
    due: datetime  # aware, UTC
    nature: Nature = Nature.COURTESY
    wall: time | None = None
