"""How likely rows are for given texts: the sum over all ways in which a text can be spread over the steps."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

BLANK = 0


def likelihoods(
    stretches: Sequence[NDArray[np.float64]], owners: Sequence[int], texts: Sequence[Sequence[int]]
) -> NDArray[np.float64]:
    """Log likelihood of texts, all at once.

    Args:
        stretches: of each stretch of a line, steps x classes probabilities; class 0 is the blank.
        owners: of each text, its stretch.
        texts: classes of each text; none is empty.
    """
    if not texts:
        return np.zeros(0)
    steps = max(len(rows) for rows in stretches)
    classes = stretches[0].shape[1]
    # A stretch that is shorter goes on in blanks, which changes nothing.
    padded = np.zeros((steps, len(stretches), classes))
    padded[:, :, BLANK] = 1.0
    for place, rows in enumerate(stretches):
        padded[: len(rows), place] = rows
    states = 2 * max(len(text) for text in texts) + 1
    path = np.zeros((len(texts), states), np.intp)
    for place, text in enumerate(texts):
        path[place, 1 : 2 * len(text) : 2] = text
    skips = np.zeros((len(texts), states))
    skips[:, 3::2] = path[:, 3::2] != path[:, 1:-2:2]
    ends = 2 * np.array([len(text) for text in texts])
    inside = np.arange(states) <= ends[:, np.newaxis]
    flat = np.asarray(owners, np.intp)[:, np.newaxis] * classes + path
    alpha = np.zeros((len(texts), states))
    alpha[:, 0] = 1.0
    lost = np.zeros(len(texts))
    # The empty text before the first step: only the first blank and, by it, the first sign can be reached.
    for row in padded.reshape(steps, -1):
        moved = alpha.copy()
        moved[:, 1:] += alpha[:, :-1]
        moved[:, 2:] += alpha[:, :-2] * skips[:, 2:]
        alpha = moved * row[flat] * inside
        peak = np.maximum(alpha.max(axis=1), 1e-200)
        alpha /= peak[:, np.newaxis]
        lost += np.log(peak)
    rows_of = np.arange(len(texts))
    total = alpha[rows_of, ends] + alpha[rows_of, ends - 1]
    result: NDArray[np.float64] = np.log(np.maximum(total, 1e-200)) + lost
    return result
