"""Multinomial logistic regression by L-BFGS, written out: sums in a fixed order, so that weights repeat bit for bit."""

from collections import deque
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from scipy.sparse import csr_matrix

Array: TypeAlias = "np.ndarray[Any, np.dtype[np.float64]]"
STRENGTH = 0.1  # of the pull towards nought
ROUNDS = 60
_REMEMBERED = 8
_ENOUGH = 1e-4  # of the promised descent
_SHORTEST = 1e-6  # pace at which a search along a line ends


def fit(matrix: csr_matrix, labels: "np.ndarray[Any, Any]", weights: Array, size: int) -> tuple[Array, Array]:
    """A row of weights for each feature, and the bias."""
    rows, width = matrix.shape
    wanted = np.zeros((rows, size))
    wanted[np.arange(rows), labels] = 1
    turned = matrix.T.tocsr()

    def loss(flat: Array) -> tuple[float, Array]:
        table, bias = flat[: width * size].reshape(width, size), flat[width * size :]
        logits = matrix @ table + bias
        logits -= logits.max(axis=1, keepdims=True)
        shares = np.exp(logits)
        shares /= shares.sum(axis=1, keepdims=True)
        cost = -(weights * np.log(shares[np.arange(rows), labels] + 1e-12)).sum() + STRENGTH / 2 * (table**2).sum()
        off = (shares - wanted) * weights[:, None]
        return float(cost), np.concatenate([(turned @ off + STRENGTH * table).ravel(), off.sum(axis=0)])

    flat = _lowest(loss, np.zeros(width * size + size))
    return flat[: width * size].reshape(width, size), flat[width * size :]


def _product(one: Array, other: Array) -> float:
    """Not `@`: a library's own summing depends on the machine's number of cores."""
    return float((one * other).sum())


def _lowest(loss: Callable[[Array], tuple[float, Array]], start: Array) -> Array:
    at = start
    cost, slope = loss(at)
    steps: deque[tuple[Array, Array, float]] = deque(maxlen=_REMEMBERED)
    for _ in range(ROUNDS):
        way = -_bent(slope, steps)
        pace = 1.0 if steps else 1 / max(float(np.abs(slope).max()), 1.0)
        downhill = _product(slope, way)
        reached = at + pace * way
        new_cost, new_slope = loss(reached)
        while new_cost > cost + _ENOUGH * pace * downhill and pace > _SHORTEST:
            pace /= 2
            reached = at + pace * way
            new_cost, new_slope = loss(reached)
        moved, turned = reached - at, new_slope - slope
        curve = _product(moved, turned)
        if curve > 0:
            steps.append((moved, turned, curve))
        at, cost, slope = reached, new_cost, new_slope
    return at


def _bent(slope: Array, steps: "deque[tuple[Array, Array, float]]") -> Array:
    """The slope corrected by what the last steps told of the curvature."""
    way = slope.copy()
    used: list[float] = []
    for moved, turned, curve in reversed(steps):
        share = _product(moved, way) / curve
        used.append(share)
        way -= share * turned
    if steps:
        moved, turned, curve = steps[-1]
        way *= curve / _product(turned, turned)
    for (moved, turned, curve), share in zip(steps, reversed(used), strict=True):
        way += (share - _product(turned, way) / curve) * moved
    return way
