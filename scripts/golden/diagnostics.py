"""The oracle of the diagnostics beyond the seven, written from their definitions and sharing nothing with src/.

`diagnostics` works in mpmath, except where that would take minutes: the singular values are LAPACK's (numpy's SVD of the
matrix itself, which keeps 1e-15 of the largest where a Gram matrix keeps 1e-8), and SIGReg is numpy longdouble.
A value is None where the metric has none: too few rows, nothing that varies, out of the range of float64.
"""

import mpmath
import numpy as np
from mpmath import mp, mpf

import oracle

SIDE_METRICS = (
    "effective_rank",
    "effective_rank_ratio",
    "rankme",
    "participation_ratio",
    "stable_rank",
    "top_eigenvalue_share",
    "alpha_req",
    "std_l2_normalized",
    "mean_pairwise_cos",
    "dead_dim_fraction",
    "uniformity",
    "vicreg_var",
    "vicreg_cov",
    "sigreg",
)
PAIR_METRICS = (
    "kl_excess",
    "pairwise_target_dist_mean",
    "pred_target_var_ratio",
    "pred_r2",
    "pred_cos_centered_mean",
    "pred_target_corr_per_dim",
    "retrieval_top1",
    "retrieval_mrr",
    "copy_skill",
    "delta_cos_mean",
)
METRIC_IDS = PAIR_METRICS + tuple(f"{side}_{name}" for name in SIDE_METRICS for side in ("pred", "target"))


def to_float(x):
    if x is None:
        return None
    try:
        return oracle.to_float(x)
    except OverflowError:
        return None


# --- of prediction, target and context ---------------------------------------------------------------------------


def centred_rows(rows):
    return list(zip(*[oracle.centre(column) for column in zip(*rows)]))


def squares(rows):
    return mp.fsum(x * x for row in rows for x in row)


def minus(a, b):
    return [[x - y for x, y in zip(r, s)] for r, s in zip(a, b)]


def mean_cosine(a, b):
    return oracle.mean([oracle.cosine(x, y) for x, y in zip(a, b)])


def column_correlation(p, t):
    p, t = oracle.centre(p), oracle.centre(t)
    pp, tt = oracle.dot(p, p), oracle.dot(t, t)
    return oracle.dot(p, t) / mp.sqrt(pp * tt) if pp > 0 and tt > 0 else mpf(0)


def retrieval(p, t):
    n = len(p)
    top1, mrr = mpf(0), mpf(0)
    for i in range(n):
        d = [mp.fsum((x - y) ** 2 for x, y in zip(p[i], t[j])) for j in range(n)]
        closer = sum(1 for x in d if x < d[i])
        tied = sum(1 for x in d if x == d[i])
        if closer == 0:
            top1 += mpf(1) / tied
        mrr += mp.fsum(mpf(1) / r for r in range(closer + 1, closer + tied + 1)) / tied
    return top1 / n, mrr / n


def pair_values(p, t, c):
    n, d = len(p), len(p[0])
    null = dict.fromkeys(PAIR_METRICS)
    null["pairwise_target_dist_mean"] = oracle.pairwise_dist_mean(t)
    if c is not None:
        moved = squares(minus(c, t))
        if moved > 0:
            null["copy_skill"] = 1 - squares(minus(p, t)) / moved
        null["delta_cos_mean"] = mean_cosine(minus(p, c), minus(t, c))
    if n < 2:
        return null
    expected = oracle.kl_reg_null_mpf(n, d)
    if expected is not None:
        null["kl_excess"] = oracle.kl_parts(t)[0] - expected
    spread = squares(centred_rows(t))
    if spread > 0:
        null["pred_target_var_ratio"] = squares(centred_rows(p)) / spread
        null["pred_r2"] = 1 - squares(minus(p, t)) / spread
    null["pred_cos_centered_mean"] = mean_cosine(centred_rows(p), centred_rows(t))
    null["pred_target_corr_per_dim"] = oracle.mean([column_correlation(a, b) for a, b in zip(zip(*p), zip(*t))])
    null["retrieval_top1"], null["retrieval_mrr"] = retrieval(p, t)
    return null


# --- of one matrix -----------------------------------------------------------------------------------------------


def unit(row):
    norm = mp.sqrt(oracle.dot(row, row))
    return [x / norm for x in row] if norm > 0 else list(row)


def side_values(rows):
    n, d = len(rows), len(rows[0])
    null = dict.fromkeys(("std_l2_normalized", "mean_pairwise_cos", "dead_dim_fraction", "uniformity", "vicreg_var", "vicreg_cov"))
    if n < 2:
        return null
    units = [unit(row) for row in rows]
    null["std_l2_normalized"] = oracle.mean([mp.sqrt(squares([oracle.centre(c)]) / (n - 1)) for c in zip(*units)])
    live = [u for u in units if any(x != 0 for x in u)]
    k = len(live)
    if k > 1:
        total = [mp.fsum(c) for c in zip(*live)]
        null["mean_pairwise_cos"] = (oracle.dot(total, total) - k) / (k * (k - 1))
        null["uniformity"] = mp.log(
            oracle.mean(
                [
                    mp.exp(-2 * mp.fsum((x - y) ** 2 for x, y in zip(live[i], live[j])))
                    for i in range(k)
                    for j in range(i + 1, k)
                ]
            )
        )
    columns = [oracle.centre(c) for c in zip(*rows)]
    sums = [oracle.dot(c, c) for c in columns]
    mean = oracle.mean(sums)
    if mean > 0:
        null["dead_dim_fraction"] = mpf(sum(1 for s in sums if s < mean / 10**4)) / d
    null["vicreg_var"] = oracle.mean([max(mpf(0), 1 - mp.sqrt(s / (n - 1) + mpf("1e-4"))) for s in sums])
    null["vicreg_cov"] = (
        2 * mp.fsum((oracle.dot(columns[i], columns[j]) / (n - 1)) ** 2 for i in range(d) for j in range(i)) / d
    )
    return null


def scaled(x):
    """In longdouble and in units of a power of two, which no ratio of singular values depends on."""
    x = np.asarray(x, np.longdouble)
    largest = np.abs(x).max()
    return x / np.exp2(np.floor(np.log2(largest))) if largest > 0 else x


def centred(x):
    return scaled(oracle.centre_columns_ld(scaled(x)))


def entropy(p):
    p = p[p > 0]
    return float(np.exp(-(p * np.log(p)).sum()))


def spectral_values(matrix):
    n, d = matrix.shape
    names = ("effective_rank", "effective_rank_ratio", "rankme", "participation_ratio", "stable_rank", "top_eigenvalue_share", "alpha_req")
    null = dict.fromkeys(names)
    smallest = 1.0
    if n < 2:
        return null, smallest
    raw = np.linalg.svd(scaled(matrix).astype(np.float64), compute_uv=False)
    if raw[0] > 0:
        p = raw / raw.sum() + 1e-7
        null["rankme"] = float(np.exp(-(p * np.log(p)).sum()))
        smallest = smallest_share(raw)
    s = np.linalg.svd(centred(matrix).astype(np.float64), compute_uv=False)
    if s[0] == 0:
        return null, smallest
    s /= s[0]
    smallest = min(smallest, smallest_share(s))
    null["effective_rank"] = entropy(s / s.sum())
    null["effective_rank_ratio"] = null["effective_rank"] / float(isotropic_effective_rank(n, d))
    lam = s**2
    null["participation_ratio"] = float(lam.sum() ** 2 / (lam**2).sum())
    null["stable_rank"] = float(lam.sum())
    null["top_eigenvalue_share"] = float(1 / lam.sum())
    rank = int((lam > max(n, d) * 2.0**-52).sum())
    if rank > 4:
        i = np.arange(4, min(100, rank) + 1)
        slope = np.polyfit(np.log(i), np.log(lam[i - 1]), 1, w=np.sqrt(1 / i))[0]
        null["alpha_req"] = float(-slope)
    return null, smallest


def smallest_share(s):
    """The smallest singular value that is there at all, as a share of the largest."""
    s = s / s[0]
    return float(s[s > 1e-13].min())


def isotropic_effective_rank(rows, dims):
    """k m exp(-E[s ln s] / m) over the Marchenko-Pastur law of s^2, by quadrature over s itself."""
    freedom = rows - 1
    count, longest = min(freedom, dims), max(freedom, dims)
    gamma = mpf(count) / longest
    low, high = 1 - mp.sqrt(gamma), 1 + mp.sqrt(gamma)

    def density(s):
        return mp.sqrt((high**2 - s**2) * (s**2 - low**2)) / (mp.pi * gamma * s) if low < s < high else mpf(0)

    knots = [low, (3 * low + high) / 4, (low + high) / 2, (low + 3 * high) / 4, high]
    mean = mp.quad(lambda s: s * density(s), knots)
    log = mp.quad(lambda s: s * mp.log(s) * density(s) if s > 0 else mpf(0), knots)
    return count * mean * mp.exp(-log / mean)


# --- SIGReg ------------------------------------------------------------------------------------------------------


def philox4x32(counter, key):
    """Philox 4x32-10 on [blocks, 4] counters, after Salmon et al. 2011."""
    c = [counter[:, i].astype(np.uint64) for i in range(4)]
    k = [int(key[0]), int(key[1])]
    low32, shift = np.uint64(0xFFFFFFFF), np.uint64(32)
    for _ in range(10):
        a, b = np.uint64(0xD2511F53) * c[0], np.uint64(0xCD9E8D57) * c[2]
        c = [(b >> shift) ^ c[1] ^ np.uint64(k[0]), b & low32, (a >> shift) ^ c[3] ^ np.uint64(k[1]), a & low32]
        k = [(k[0] + 0x9E3779B9) % 2**32, (k[1] + 0xBB67AE85) % 2**32]
    return np.stack(c, axis=1)


def slices(count, dims, seed):
    blocks = -(-count * dims // 4)
    counter = np.zeros((blocks, 4), np.uint64)
    counter[:, 0] = np.arange(blocks)
    u = (philox4x32(counter, (seed, 0)).astype(np.longdouble) + 0.5) / np.longdouble(2) ** 32
    radius = np.sqrt(-2 * np.log(u[:, 0::2]))
    angle = 2 * np.arctan2(np.longdouble(0), np.longdouble(-1)) * u[:, 1::2]
    normals = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=2).reshape(-1)[: count * dims]
    a = normals.reshape(count, dims)
    return a / np.sqrt((a * a).sum(axis=1, keepdims=True))


def sigreg(matrix, seed=0):
    n, d = matrix.shape
    if n < 2:
        return None
    projections = np.asarray(matrix, np.longdouble) @ slices(1024, d, seed).T
    if np.abs(projections).max() > 1e8:
        return None
    t = np.linspace(np.longdouble(0), np.longdouble(3), 17)
    phi = np.exp(-t * t / 2)
    weight = phi * 2 * 3 / 16
    weight[[0, -1]] /= 2
    total = np.longdouble(0)
    for k in range(17):
        angle = t[k] * projections
        total += weight[k] * ((np.cos(angle).mean(axis=0) - phi[k]) ** 2 + np.sin(angle).mean(axis=0) ** 2).mean()
    return float(n * total)


# --- all ---------------------------------------------------------------------------------------------------------


def diagnostics(prediction, target, context=None):
    """Every metric by id, and the smallest share of the largest singular value that any spectrum holds."""

    def evaluate():
        p, t = oracle.rows_of(prediction), oracle.rows_of(target)
        values = pair_values(p, t, None if context is None else oracle.rows_of(context))
        for side, rows in (("pred", p), ("target", t)):
            values |= {f"{side}_{name}": value for name, value in side_values(rows).items()}
        return {key: to_float(value) for key, value in values.items()}

    values, _ = oracle.stable(evaluate)
    smallest = 1.0
    for side, matrix in (("pred", prediction), ("target", target)):
        spectral, share = spectral_values(np.asarray(matrix))
        smallest = min(smallest, share)
        values |= {f"{side}_{name}": value for name, value in spectral.items()}
        values[f"{side}_sigreg"] = sigreg(np.asarray(matrix))
    return {key: values[key] for key in METRIC_IDS}, smallest
