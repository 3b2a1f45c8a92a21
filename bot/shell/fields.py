"""Fields that several commands read, each with the words that say what it may hold."""

from typing import Annotated, Any, TypeAlias

from pydantic import Field, PlainValidator

from bot.library.screening import AgeBand

OLDEST = 130


def _age(value: Any) -> AgeBand | None:
    if value is None:
        return None
    if isinstance(value, str) and value in set(AgeBand):
        return AgeBand(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= OLDEST:
        return AgeBand.of(int(value))
    raise ValueError(f"should be years from 0 to {OLDEST} or one of {', '.join(AgeBand)}")


Age: TypeAlias = Annotated[AgeBand | None, PlainValidator(_age)]
Points: TypeAlias = Annotated[float, Field(ge=0, le=10)]  # pain, fear, effort
