"""The names that pose files may use, by view, and the checks that refuse all others.

Sided keys: `knee` means both sides, `knee.near` one; they are expanded here, so nobody else has to know.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

from pydantic import AfterValidator, BeforeValidator, ValidationInfo

from bot.pictures.contacts import COMPOUND, FRONT_COMPOUND, FRONT_MIDLINE, FRONT_STRETCH, MIDLINE, STRETCH
from bot.pictures.front_measures import BY_VIEW
from bot.pictures.skeleton import View
from bot.pictures.views import RIGS

Kind = Literal[
    "joint", "landmark", "direction", "part", "shortened", "hand", "foot", "limb", "muscle", "measure"
]  # fmt: skip


def both_sides(kind: Kind) -> BeforeValidator:
    """Expand keys to sides; a key with a side wins over the same key without."""

    def expand(values: Mapping[str, Any], info: ValidationInfo) -> dict[str, Any]:
        view = _view(info)
        names = known_names(kind, view)
        plain: dict[str, Any] = {}
        sided: dict[str, Any] = {}
        for key, value in values.items():
            if key in names:
                sided[key] = value
            else:
                plain |= {_known(f"{key}.{side}", kind, view): value for side in RIGS[view].sides}
        return plain | sided

    return BeforeValidator(expand)


def one_of(kind: Kind) -> AfterValidator:
    return AfterValidator(lambda name, info: _known(name, kind, _view(info)))


def _hand_down(value: Any, info: ValidationInfo) -> Any:
    if isinstance(value, list):
        return [_hand_down(part, info) for part in value]
    return {"view": _view(info), **value} if isinstance(value, dict) else value


# For models within a model: they are about the same view.
seen_alike = BeforeValidator(_hand_down)


def _view(info: ValidationInfo) -> View:
    """A model's field `view` comes before the fields with names."""
    view: View = info.data.get("view", "side")
    return view


def _known(name: str, kind: Kind, view: View) -> str:
    if name not in known_names(kind, view):
        raise ValueError(f"unknown name {name!r}")
    return name


@cache
def known_names(kind: Kind, view: View) -> frozenset[str]:
    rig = RIGS[view]
    front = view == "front"
    sided: Mapping[str, tuple[str, ...]] = {
        "part": tuple(FRONT_COMPOUND if front else COMPOUND),
        "shortened": rig.shortened,
        "hand": ("hand",),
        "foot": ("foot",) if front else (),
        "limb": ("arm", "leg") if front else (),
    }
    whole: Mapping[str, frozenset[str]] = {
        "joint": frozenset(rig.joints),
        "landmark": frozenset(rig.upright.points),
        "direction": frozenset(rig.upright.directions) | {"trunk"},
        "part": frozenset((*FRONT_MIDLINE, *FRONT_STRETCH) if front else (*MIDLINE, *STRETCH)),
        "muscle": rig.muscles,
        "measure": frozenset(BY_VIEW[view]),
    }
    return whole.get(kind, frozenset()) | {f"{name}.{side}" for name in sided.get(kind, ()) for side in rig.sides}
