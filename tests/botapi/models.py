"""aiogram's models, each made ready when it is first used: all of them at once take seconds in every process.

aiogram defers it too, but its last lines ask for all 444 types. This must be imported before anything of aiogram.
"""

from typing import Any

from pydantic import BaseModel

_rebuild = BaseModel.__dict__["model_rebuild"].__func__
_names: dict[str, Any] = {}


def _not_yet(_cls: type[BaseModel], /, **_options: Any) -> None:
    """Nobody has asked anything of the model so far."""


def _with_all_names(cls: type[BaseModel], /, **options: Any) -> bool | None:
    names = {**_names, **(options.pop("_types_namespace", None) or {})}
    made: bool | None = _rebuild(cls, **options, _types_namespace=names)
    return made


setattr(BaseModel, "model_rebuild", classmethod(_not_yet))  # noqa: B010  no other way is typed
try:
    import aiogram.methods
    import aiogram.types
    from aiogram.client.default import Default
    from aiogram.methods.base import Response, TelegramMethod
    from aiogram.types.base import TelegramObject
finally:
    setattr(BaseModel, "model_rebuild", classmethod(_rebuild))  # noqa: B010

_names.update(vars(aiogram.types), Default=Default)
for _base in (TelegramObject, TelegramMethod, Response):
    setattr(_base, "model_rebuild", classmethod(_with_all_names))  # noqa: B010
