"""Two oracles for the seven metrics, written from their definitions and sharing nothing with src/.

`exact` works in mpmath with 60 digits, and doubles them until no rounded result changes any more.
`longdouble` is the two-pass definition in numpy's extended precision; it serves the larger batches, where mpmath
would take minutes, and leaves only `kl_reg` to mpmath. make_golden.py checks the two against each other.
"""

from fractions import Fraction

import mpmath
import numpy as np
from mpmath import mp, mpf

assert np.finfo(np.longdouble).nmant >= 63, "the longdouble oracle needs 80-bit extended precision"

METRIC_IDS = (
    "pred_cos_mean",
    "pred_l2_mean",
    "target_var_per_dim",
    "pred_var_per_dim",
    "pred_target_corr",
    "pairwise_pred_dist_mean",
    "kl_reg",
)
EPSILON = "1e-6"
MAX_DIGITS = 4000


class NeedsMoreDigits(Exception):
    pass


def to_float(x):
    """The float64 nearest to an mpf, subnormals and ties included."""
    sign, man, exp, _ = mpf(x)._mpf_
    value = Fraction(int(man)) * Fraction(2) ** int(exp)
    return float(-value if sign else value)


def stable(evaluate, digits=60):
    """The rounded result of `evaluate`, with as many digits as it takes for twice as many to change nothing."""
    previous = None
    while digits <= MAX_DIGITS:
        with mp.workdps(digits):
            try:
                current = evaluate()
            except NeedsMoreDigits:
                current = None
        if current is not None and current == previous:
            return current, digits // 2
        previous, digits = current, digits * 2
    raise ArithmeticError("no stable value within %d digits" % MAX_DIGITS)


# --- mpmath ------------------------------------------------------------------------------------------------------


def rows_of(matrix):
    return [[mpf(float(x)) for x in row] for row in matrix]


def mean(values):
    return mp.fsum(values) / len(values)


def centre(values):
    if min(values) == max(values):
        return [mpf(0)] * len(values)
    m = mean(values)
    return [x - m for x in values]


def dot(a, b):
    return mp.fdot(zip(a, b))


def distance(a, b):
    return mp.sqrt(mp.fsum((x - y) ** 2 for x, y in zip(a, b)))


def cosine(a, b):
    aa, bb = dot(a, a), dot(b, b)
    return dot(a, b) / (mp.sqrt(aa) * mp.sqrt(bb)) if aa > 0 and bb > 0 else mpf(0)


def var_per_dim(rows):
    return mean([mean([x * x for x in centre(column)]) for column in zip(*rows)])


def correlation(p, t):
    p, t = (centre([x for row in rows for x in row]) for rows in (p, t))
    pp, tt = dot(p, p), dot(t, t)
    return dot(p, t) / (mp.sqrt(pp) * mp.sqrt(tt)) if pp > 0 and tt > 0 else mpf(0)


def pairwise_dist_mean(rows):
    n = len(rows)
    if n < 2:
        return mpf(0)
    return mean([distance(rows[i], rows[j]) for i in range(n) for j in range(i + 1, n)])


def log_det(a):
    """ln det of a symmetric positive definite matrix, by L D L^T."""
    n = len(a)
    a = [list(row) for row in a]
    total = mpf(0)
    for k in range(n):
        pivot = a[k][k]
        if pivot <= 0:
            raise NeedsMoreDigits
        total += mp.log(pivot)
        for i in range(k + 1, n):
            factor = a[i][k] / pivot
            for j in range(i, n):
                a[i][j] = a[j][i] = a[i][j] - factor * a[k][j]
    return total


def kl_parts(rows):
    """The closed form, and ln det(Sigma + epsilon I) in it."""
    columns = list(zip(*rows))
    centred = [centre(column) for column in columns]
    n, d = len(rows), len(columns)
    sigma = [[dot(centred[i], centred[j]) / n for j in range(d)] for i in range(d)]
    trace = mp.fsum(sigma[i][i] for i in range(d))
    mu2 = mp.fsum(mean(column) ** 2 for column in columns)
    for i in range(d):
        sigma[i][i] += mpf(EPSILON)
    ln = log_det(sigma)
    return (mu2 + trace - ln - d) / 2, ln


def exact(prediction, target):
    """All seven metrics, what `kl_reg` is made of, and the digits it took."""

    def evaluate():
        p, t = rows_of(prediction), rows_of(target)
        kl, ln_det = kl_parts(t)
        values = {
            "pred_cos_mean": mean([cosine(a, b) for a, b in zip(p, t)]),
            "pred_l2_mean": mean([distance(a, b) for a, b in zip(p, t)]),
            "target_var_per_dim": var_per_dim(t),
            "pred_var_per_dim": var_per_dim(p),
            "pred_target_corr": correlation(p, t),
            "pairwise_pred_dist_mean": pairwise_dist_mean(p),
            "kl_reg": kl,
            "log_det": ln_det,
            "kl_reg_of_prediction": kl_parts(p)[0],
        }
        return {key: to_float(value) for key, value in values.items()}

    return stable(evaluate)


def kl_reg_exact(matrix):
    return stable(lambda: to_float(kl_parts(rows_of(matrix))[0]))[0]


def kl_reg_null_mpf(rows, dims):
    """(D ln(N/2) - sum psi((N - i)/2)) / 2; its caller sets the digits."""
    if rows <= dims:
        return None
    half = mpf(rows) / 2
    psi = mp.fsum(mpmath.digamma((mpf(rows) - i) / 2) for i in range(1, dims + 1))
    return (dims * mp.log(half) - psi) / 2


def kl_reg_null(rows, dims):
    if rows <= dims:
        return None
    return stable(lambda: to_float(kl_reg_null_mpf(rows, dims)))[0]


def rows_for_kl_reg_null(dims, bound):
    """The smallest N whose kl_reg_null is below `bound`; it falls as N grows."""
    with mp.workdps(60):
        below = lambda n: kl_reg_null_mpf(n, dims) < bound
        low, high = dims, dims + 1
        while not below(high):
            low, high = high, 2 * high
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if below(middle) else (middle, high)
        return high


# --- numpy longdouble --------------------------------------------------------------------------------------------


def centre_columns_ld(x):
    centred = x - x.mean(axis=0)
    centred -= centred.mean(axis=0)
    centred[:, x.min(axis=0) == x.max(axis=0)] = 0
    return centred


def longdouble(prediction, target):
    """The six metrics other than `kl_reg`."""
    p, t = (np.asarray(x, np.longdouble) for x in (prediction, target))
    n = len(p)

    pn, tn = (np.sqrt((x * x).sum(axis=1)) for x in (p, t))
    alive = (pn > 0) & (tn > 0)
    cos = np.zeros(n, np.longdouble)
    cos[alive] = ((p[alive] / pn[alive, None]) * (t[alive] / tn[alive, None])).sum(axis=1)

    pf, tf = (centre_columns_ld(x.reshape(-1, 1))[:, 0] for x in (p, t))
    pp, tt = np.sqrt((pf * pf).sum()), np.sqrt((tf * tf).sum())

    pairs = sum(
        (np.sqrt(((p[i + 1 :] - p[i]) ** 2).sum(axis=1)).sum() for i in range(n - 1)),
        start=np.longdouble(0),
    )
    values = {
        "pred_cos_mean": cos.mean(),
        "pred_l2_mean": np.sqrt(((p - t) ** 2).sum(axis=1)).mean(),
        "target_var_per_dim": (centre_columns_ld(t) ** 2).mean(axis=0).mean(),
        "pred_var_per_dim": (centre_columns_ld(p) ** 2).mean(axis=0).mean(),
        "pred_target_corr": ((pf / pp) * (tf / tt)).sum() if pp > 0 and tt > 0 else 0,
        "pairwise_pred_dist_mean": pairs / (n * (n - 1) // 2) if n > 1 else 0,
    }
    return {key: float(value) for key, value in values.items()}
