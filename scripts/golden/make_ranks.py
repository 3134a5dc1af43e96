"""Write fixtures/golden/ranks.json: matrices whose small singular values matter, with their effective rank and RankMe.

    python scripts/golden/make_ranks.py

needs numpy and mpmath. Centring, the singular values (one-sided Jacobi) and the entropies are mpmath's, 60 digits; the
larger matrices have theirs of numpy's SVD of the matrix itself in float64, centred about the mean in long double.
"""

import json
from pathlib import Path

import numpy as np
from mpmath import mp, mpf

mp.dps = 60
TARGET = Path(__file__).resolve().parents[2] / "fixtures" / "golden" / "ranks.json"
rng = np.random.default_rng(20261129)


def with_values(rows, dims, values, mean=0.0):
    """A matrix of centred singular values `values`, up to the rounding of its entries, about a mean."""
    left = rng.standard_normal((rows, len(values)))
    left = np.linalg.qr(left - left.mean(0))[0]
    right = np.linalg.qr(rng.standard_normal((dims, len(values))))[0]
    return (left * values) @ right.T + mean * rng.standard_normal(dims)


def jacobi(columns):
    """Singular values of a matrix given by its columns: rotations until all are orthogonal."""
    turned = True
    while turned:
        turned = False
        for i in range(len(columns)):
            for j in range(i + 1, len(columns)):
                a, b = columns[i], columns[j]
                aa, bb = mp.fdot(a, a), mp.fdot(b, b)
                ab = mp.fdot(a, b)
                if ab == 0 or abs(ab) <= mpf(10) ** -55 * mp.sqrt(aa * bb):
                    continue
                turned = True
                zeta = (bb - aa) / (2 * ab)
                t = (1 if zeta >= 0 else -1) / (abs(zeta) + mp.sqrt(1 + zeta**2))
                c = 1 / mp.sqrt(1 + t**2)
                s = c * t
                columns[i] = [c * x - s * y for x, y in zip(a, b)]
                columns[j] = [s * x + c * y for x, y in zip(a, b)]
    return [mp.sqrt(mp.fdot(c, c)) for c in columns]


def exactly(matrix):
    rows = [[mpf(float(x)) for x in row] for row in matrix]
    means = [mp.fsum(column) / len(rows) for column in zip(*rows)]
    centred = [[x - m for x, m in zip(row, means)] for row in rows]
    shorter = (lambda m: [list(c) for c in zip(*m)]) if matrix.shape[0] >= matrix.shape[1] else (lambda m: m)
    return jacobi(shorter(centred)), jacobi(shorter(rows))


def by_numpy(matrix):
    apart = matrix.astype(np.longdouble) - matrix[0]
    centred = (apart - apart.mean(0)).astype(np.float64)
    return [[mpf(float(s)) for s in np.linalg.svd(m, compute_uv=False)] for m in (centred, matrix)]


def rank(values, added):
    total = mp.fsum(values)
    shares = [s / total + added for s in values]
    return float(mp.exp(-mp.fsum(p * mp.log(p) for p in shares if p > 0)))


decades = lambda k, last: 10.0 ** -np.linspace(0, last, k)
tail = lambda k, few, share: np.r_[np.linspace(1, 0.5, few), np.full(k - few, share)]
SETS = {
    "decades, tall": (exactly, with_values(24, 8, decades(8, 14))),
    "decades, wide": (exactly, with_values(8, 24, decades(7, 14))),
    "decades, square": (exactly, with_values(10, 10, decades(9, 15))),
    "decades about a mean": (exactly, with_values(20, 9, decades(9, 12), 100.0)),
    "decades about a mean, wide": (exactly, with_values(9, 20, decades(8, 12), 100.0)),
    "a tail of 3e-6": (exactly, with_values(30, 12, tail(12, 3, 3e-6))),
    "a tail of 1e-9, wide": (exactly, with_values(12, 30, tail(11, 3, 1e-9))),
    "columns of scales 1 to 1e-12": (exactly, rng.standard_normal((20, 10)) * decades(10, 12)),
    "rows of scales 1 to 1e-12": (exactly, rng.standard_normal((10, 20)) * decades(10, 12)[:, None]),
    "normal": (exactly, rng.standard_normal((25, 10))),
    "normal, square": (exactly, rng.standard_normal((12, 12))),
    "normal, wide": (exactly, rng.standard_normal((8, 30))),
    "far from the origin": (exactly, rng.standard_normal((20, 8)) + 1e8 * rng.standard_normal(8)),
    "far from the origin, wide": (exactly, rng.standard_normal((8, 20)) + 1e6 * rng.standard_normal(20)),
    "low rank in float32": (
        exactly,
        (rng.standard_normal((24, 3)) @ rng.standard_normal((3, 10))).astype(np.float32).astype(np.float64),
    ),
    "rows twice": (exactly, np.repeat(rng.standard_normal((6, 20)), 2, axis=0)),
    "numpy: decades": (by_numpy, with_values(60, 20, decades(20, 15))),
    "numpy: decades, wide": (by_numpy, with_values(20, 60, decades(19, 15))),
    "numpy: a power law": (by_numpy, with_values(70, 24, np.arange(1, 25.0) ** -2)),
    "numpy: a tail about a mean": (by_numpy, with_values(60, 24, tail(24, 6, 3e-6), 5.0)),
}

written = []
for name, (oracle, matrix) in SETS.items():
    centred, uncentred = oracle(matrix)
    written.append(
        {
            "name": name,
            "rows": matrix.shape[0],
            "dims": matrix.shape[1],
            "data": [float(x) for x in matrix.ravel()],
            "effective_rank": rank(centred, 0),
            "rankme": rank(uncentred, mpf(10) ** -7),
        }
    )
    print(name, written[-1]["effective_rank"], written[-1]["rankme"])
TARGET.write_text(json.dumps({"oracle": "mpmath 60 digits; numpy SVD where the name says so", "values": written}) + "\n")
