"""What embeddings carry, told by probes that know the inputs: the measurements labels are decided from."""
import numpy as np
from sklearn.neighbors import KNeighborsClassifier

FOLDS = 4
RESOLUTION = 0.25


def factors(x1, share=0.99, most=12):
    """The leading principal components of the true next inputs, whitened: [n, k]."""
    x = x1 - x1.mean(0)
    u, s, _ = np.linalg.svd(x, full_matrices=False)
    k = min(most, 1 + int(np.searchsorted(np.cumsum(s**2) / np.sum(s**2), share)))
    return u[:, :k] * np.sqrt(len(x))


def decoded(z, wanted, noise):
    """
    How many of the factors a linear probe reads from `z` through a channel that adds noise of this standard deviation:
    the sum over factors of max(0, R²) on rows the probe has not seen. The noise is not drawn: its expectation is a ridge.
    """
    z = z.astype(np.float64)
    n = len(z)
    residual = np.zeros(wanted.shape[1])
    for fold in range(FOLDS):
        test = np.arange(n) % FOLDS == fold
        train = ~test
        mean, mid = z[train].mean(0), wanted[train].mean(0)
        a = z[train] - mean
        gram = a.T @ a + (len(a) * noise**2 + 1e-12 * np.trace(a.T @ a) / z.shape[1] + 1e-30) * np.eye(z.shape[1])
        b = np.linalg.solve(gram, a.T @ (wanted[train] - mid))
        off = wanted[test] - mid - (z[test] - mean) @ b
        residual += (off**2).sum(0) + test.sum() * noise**2 * (b**2).sum(0)
    r2 = 1 - residual / ((wanted - wanted.mean(0)) ** 2).sum(0)
    return float(np.maximum(0, r2).sum())


def class_accuracy(z, classes, noise, seed=7):
    """Nearest-neighbour accuracy by folds, through the same kind of channel; the noise is drawn."""
    z = z + noise * np.random.default_rng(seed).standard_normal(z.shape)
    fold = np.arange(len(z)) % FOLDS
    right = 0
    for f in range(FOLDS):
        knn = KNeighborsClassifier(10).fit(z[fold != f], classes[fold != f])
        right += (knn.predict(z[fold == f]) == classes[fold == f]).sum()
    return right / len(z)


def rms(z):
    return float(np.sqrt(z.astype(np.float64).var(0).mean()))
