"""What a form's arrays still carry on the rows of `truth`, a dictionary of numbers a saved step; LABELS.md says how they are used."""
import os
import sys

import numpy as np

sys.path.append(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from probe import RESOLUTION, decoded, factors  # noqa: E402

NEIGHBOURS = 5


class Probe:
    """One form of one run. `content` is [n, k] or [n, positions, k] of what the inputs hold, `classes` [n] or None."""

    def __init__(self, content, classes, scale_free):
        self.classes, self.scale_free, self.peak = classes, scale_free, 0.0
        self.wanted = None if content is None else [whitened(c) for c in positions(content)]
        if content is not None and content.ndim == 3:
            self.within = factors(flat(inside(content)))
        else:
            self.within = None

    def __call__(self, target, prediction):
        """target [n, d] or [n, positions, d]; prediction the same, or None where embeddings stand alone."""
        z = np.asarray(target, np.float64)
        p = None if prediction is None else np.asarray(prediction, np.float64)
        if self.scale_free:
            z, p = unit(z), None if p is None else unit(p)
        scale = float(np.sqrt(z.reshape(-1, z.shape[-1]).var(0).mean()))
        self.peak = max(self.peak, scale)
        fixed, own = RESOLUTION * self.peak, RESOLUTION * max(scale, 1e-30)
        told = dict(scale=scale, norm=float(np.sqrt((z**2).sum(-1).mean())))
        if self.wanted is not None:
            told.update(content_fixed=self.content(z, fixed), content_own=self.content(z, own))
            if p is not None:
                told["content_pred"] = self.content(p, own)
        if self.within is not None:
            told["within_fixed"] = decoded(flat(inside(z)), self.within, fixed) / self.within.shape[1]
            told["place_fixed"], told["place_own"] = place(z, fixed), place(z, own)
        if self.classes is not None:
            told.update(class_fixed=self.read(z, fixed), class_own=self.read(z, own))
            if p is not None:
                told["class_pred"] = self.read(p, own)
        return told

    def content(self, z, noise):
        """The share of the content's factors that a ridge reads at each position, a list of as many."""
        return [decoded(a, w, noise) / w.shape[1] for a, w in zip(positions(z), self.wanted)]

    def read(self, z, noise):
        """Nearest-neighbour accuracy above chance of the class, from the mean over positions."""
        z = z.mean(1) if z.ndim == 3 else z
        z = z + noise * np.random.default_rng(7).standard_normal(z.shape)
        near = -2 * z @ z.T + (z**2).sum(1)
        np.fill_diagonal(near, np.inf)
        votes = self.classes[np.argpartition(near, NEIGHBOURS, 1)[:, :NEIGHBOURS]]
        k = self.classes.max() + 1
        told = np.eye(k)[votes].sum(1).argmax(1)
        return float(max(0, ((told == self.classes).mean() - 1 / k) / (1 - 1 / k)))


def positions(a):
    return [a] if a.ndim == 2 else list(a.transpose(1, 0, 2))


def flat(a):
    """[n, positions, k] as [positions × n, k], so that folds are folds of samples."""
    return a.transpose(1, 0, 2).reshape(-1, a.shape[2])


def inside(a):
    """What differs within a sample beyond the position's own mean."""
    a = a - a.mean(0)
    return a - a.mean(1, keepdims=True)


def whitened(content):
    alive = content[:, content.std(0) > 1e-6]
    return factors(alive.astype(np.float64))


def unit(z):
    return z / np.maximum(np.linalg.norm(z, axis=-1, keepdims=True), 1e-12)


def place(z, noise):
    """How often the nearest of the positions' means, taken from the other half of the samples, is the right one; above chance."""
    half = len(z) // 2
    means = z[:half].mean(0)
    rest = z[half:] + noise * np.random.default_rng(8).standard_normal(z[half:].shape)
    near = ((rest[:, :, None] - means[None, None]) ** 2).sum(-1).argmin(-1)
    p = z.shape[1]
    return float(max(0, ((near == np.arange(p)).mean() - 1 / p) / (1 - 1 / p)))
