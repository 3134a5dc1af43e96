"""Write the golden fixtures: inputs and the metric values a correct implementation must reproduce.

    python scripts/golden/make_golden.py

needs numpy and mpmath. It writes fixtures/golden/<set>/{prediction.npy,target.npy,expected.json} (and context.npy where
the set has one), the tables fixtures/golden/{digamma,phases,kl_reg_null,isotropic_effective_rank}.json and fixtures/runs/<run>/expected.json. Every set has its own seed, so adding one
changes no other. No set's results overflow: what must be refused has no golden value.
"""

import json
import zlib
from pathlib import Path

import mpmath
import numpy as np
from mpmath import mp, mpf

import diagnostics
import oracle

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
SETS = {}


def golden(name, description):
    """Register `build(rng) -> (prediction, target[, context])` under the name of its folder."""

    def register(build):
        assert name not in SETS, name
        SETS[name] = (description, build)
        return build

    return register


def rng_of(name):
    return np.random.default_rng(zlib.crc32(name.encode()))


def both(build, dtype=np.float64):
    return build().astype(dtype), build().astype(dtype)


def f64(*rows):
    return np.array(rows, np.float64)


# --- known answers -----------------------------------------------------------------------------------------------


@golden("known_2x2", "The hand-checked 2 x 2 batch: cos (1 + 1/sqrt 2)/2, l2 1/2, corr 1/sqrt 3, pairwise sqrt 2")
def _(rng):
    return f64([1, 0], [0, 1]), f64([1, 0], [1, 1])


@golden("known_zero_prediction", "All-zero prediction against targets of variance 5 in every dimension")
def _(rng):
    return np.zeros((4, 3)), f64([-2, -1, 0], [0, 1, 2], [2, 3, 4], [4, 5, 6])


# --- ordinary batches --------------------------------------------------------------------------------------------

for dtype in (np.float32, np.float64):
    bits = np.dtype(dtype).name

    @golden(f"normal_48x16_{bits}", f"N(0, I), {bits}")
    def _(rng, dtype=dtype):
        return both(lambda: rng.standard_normal((48, 16)), dtype)

    @golden(f"normal_12x40_{bits}", f"Fewer rows than dimensions, {bits}: the covariance is singular")
    def _(rng, dtype=dtype):
        return both(lambda: rng.standard_normal((12, 40)), dtype)

    @golden(f"far_rows_{bits}", f"1e3 plus noise of 1e-4, {bits}: a collapsed batch far from the origin")
    def _(rng, dtype=dtype):
        return both(lambda: 1e3 + 1e-4 * rng.standard_normal((40, 12)), dtype)


@golden("correlated_64x64", "Prediction is the target plus a little noise; as many rows as dimensions")
def _(rng):
    target = rng.standard_normal((64, 64)).astype(np.float32)
    return target + 0.1 * rng.standard_normal((64, 64)).astype(np.float32), target


@golden("mixed_dtypes", "float32 prediction, float64 target")
def _(rng):
    return rng.standard_normal((20, 6)).astype(np.float32), rng.standard_normal((20, 6))


@golden("normal_70x5", "More rows than two blocks of any kernel")
def _(rng):
    return both(lambda: rng.standard_normal((70, 5)))


@golden("integers", "Small integers: every sum is exact in float64")
def _(rng):
    return both(lambda: rng.integers(-9, 10, (30, 8)))


@golden("float16_values", "Values that came out of float16, stored as float32")
def _(rng):
    return both(lambda: rng.standard_normal((32, 10)).astype(np.float16), np.float32)


# --- collapsed batches: singular covariances ---------------------------------------------------------------------

for exponent in (0, 4, 5):

    @golden(f"rank1_scale_1e{exponent}", f"Rank 1 up to rounding, at scale 1e{exponent}")
    def _(rng, scale=10.0**exponent):
        return both(lambda: scale * np.outer(rng.standard_normal(40), rng.standard_normal(12)))

    @golden(f"rank1_exact_scale_1e{exponent}", f"Exactly rank 1: products of integers, at scale 1e{exponent}")
    def _(rng, scale=10.0**exponent):
        return both(lambda: scale * np.outer(rng.integers(-8, 9, 40), rng.integers(1, 9, 12)))


@golden("rank1_wide_scale_1e5", "Rank 1 up to rounding, at scale 1e5, fewer rows than dimensions")
def _(rng):
    return both(lambda: 1e5 * np.outer(rng.standard_normal(10), rng.standard_normal(24)))


@golden("rank1_scale_1e4_float32", "Rank 1 at scale 1e4, rounded to float32: the rounding is far above epsilon")
def _(rng):
    return both(lambda: 1e4 * np.outer(rng.standard_normal(40), rng.standard_normal(12)), np.float32)


@golden("normal_12x40_scale_1e5", "Fewer rows than dimensions at scale 1e5: epsilon drowns in the rounding of the covariance")
def _(rng):
    return both(lambda: 1e5 * rng.standard_normal((12, 40)))


@golden("duplicated_halves", "The second half of the rows repeats the first")
def _(rng):
    return both(lambda: np.tile(rng.standard_normal((24, 16)), (2, 1)))


@golden("duplicated_halves_wide", "Six rows twice, ten dimensions: twelve rows of rank five")
def _(rng):
    return both(lambda: np.tile(rng.standard_normal((6, 10)), (2, 1)))


for shape in ((48, 16), (10, 24)):
    for noise in ("1e-3", "1e-6"):

        @golden(
            f"clusters_{shape[0]}x{shape[1]}_noise_{noise}",
            f"Two clusters 1e4 apart with noise of {noise} inside each: eigenvalues near epsilon beside one of 1e7",
        )
        def _(rng, shape=shape, noise=float(noise)):
            def build():
                direction = rng.standard_normal(shape[1])
                direction *= 1e4 / np.linalg.norm(direction)
                side = np.arange(shape[0])[:, None] % 2
                return rng.standard_normal(shape[1]) + side * direction + noise * rng.standard_normal(shape)

            return both(build)


@golden("three_levels", "Every row is constant, at one of three levels")
def _(rng):
    def build():
        levels = np.array([0.1, 0.7, -1.3])[rng.permutation(np.arange(30) % 3)]
        return np.repeat(levels[:, None], 8, axis=1)

    return both(build)


@golden("constant_both", "Two different constant matrices")
def _(rng):
    return np.full((21, 7), 0.1), np.full((21, 7), 0.3)


@golden("constant_prediction", "A predictor that always says 0.1")
def _(rng):
    return np.full((33, 9), 0.1), rng.standard_normal((33, 9))


@golden("constant_target_float32", "A collapsed encoder: every target value is 0.7, float32")
def _(rng):
    return rng.standard_normal((33, 9)).astype(np.float32), np.full((33, 9), 0.7, np.float32)


@golden("zeros", "Everything is zero")
def _(rng):
    return both(lambda: np.zeros((9, 5)))


@golden("identical_rows", "One row repeated: no spread at all, although the entries of a row differ")
def _(rng):
    return both(lambda: np.tile(rng.standard_normal(11), (37, 1)))


@golden("constant_column", "One column of 0.1, whose mean rounds away from 0.1")
def _(rng):
    def build():
        x = rng.standard_normal((41, 6))
        x[:, 2] = 0.1
        return x

    return both(build)


@golden("one_ulp_apart", "0.1 and its neighbour: not constant, although every mean rounds to one of the two")
def _(rng):
    return both(lambda: np.where(rng.random((25, 6)) < 0.3, np.nextafter(0.1, 1), 0.1))


# --- magnitudes --------------------------------------------------------------------------------------------------

for magnitude, why in (
    ("1e-310", "subnormal: squares vanish, distances do not"),
    ("1e-160", "squares are subnormal or zero"),
    ("1e150", "squares reach 1e300"),
    ("1e153", "every result fits in float64, sums of squares over the matrix do not"),
):

    @golden(f"magnitude_{magnitude}", f"N(0, I) times {magnitude}: {why}")
    def _(rng, scale=float(magnitude)):
        return both(lambda: scale * rng.standard_normal((24, 8)))


@golden("mixed_magnitudes", "Rows near 1e-150 beside rows near 1e150: norms and cosines need a scale for each row")
def _(rng):
    def build():
        return 10.0 ** rng.choice([-150, 150], (24, 1)) * rng.standard_normal((24, 8))

    return both(build)


@golden("mixed_magnitudes_within_rows", "1e-150, 1 and 1e150 within one row")
def _(rng):
    return both(lambda: 10.0 ** rng.choice([-150, 0, 150], (16, 9)) * rng.standard_normal((16, 9)))


@golden("far_outlier", "One row at 1e8 among rows near 1")
def _(rng):
    def build():
        x = rng.standard_normal((30, 10))
        x[rng.integers(30)] *= 1e8
        return x

    return both(build)


@golden("far_outlier_first", "The row at 1e8 is the first one: an origin taken from it is a poor one")
def _(rng):
    def build():
        x = rng.standard_normal((30, 10))
        x[0] *= 1e8
        return x

    return both(build)


for value, magnitude in (("1e150", "1e-160"), ("1", "1e-310")):

    @golden(
        f"constant_column_{value}_beside_{magnitude}",
        f"A constant column of {value} beside columns near {magnitude}: scaling by the spread alone overflows",
    )
    def _(rng, value=float(value), magnitude=float(magnitude)):
        def build():
            x = magnitude * rng.standard_normal((20, 6))
            x[:, 3] = value
            return x

        return both(build)


@golden("unequal_scales", "Predictions near 1e-140, targets near 1e140")
def _(rng):
    return 1e-140 * rng.standard_normal((24, 8)), 1e140 * rng.standard_normal((24, 8))


@golden("column_offsets", "Every column N(0, 1) around its own offset of about 1e6")
def _(rng):
    return both(lambda: 1e6 * rng.standard_normal(9) + rng.standard_normal((44, 9)))


@golden("huge_mean", "1e12 plus N(0, I): the mean itself rounds by 1e-4")
def _(rng):
    return both(lambda: 1e12 + rng.standard_normal((40, 10)))


# --- edges -------------------------------------------------------------------------------------------------------


@golden("one_row", "A single row: no variance, no pairs")
def _(rng):
    return both(lambda: rng.standard_normal((1, 8)))


@golden("one_dimension", "A single dimension: every cosine is 1 or -1")
def _(rng):
    return both(lambda: rng.standard_normal((20, 1)))


@golden("one_value", "One row, one dimension")
def _(rng):
    return f64([0.3]), f64([-0.7])


@golden("two_rows", "One pair")
def _(rng):
    return both(lambda: rng.standard_normal((2, 5)))


@golden("zero_rows", "Zero rows among others, on either side and on both: their cosine counts as 0")
def _(rng):
    p, t = both(lambda: rng.standard_normal((18, 6)))
    p[[0, 5, 11]] = 0
    t[[5, 9]] = 0
    return p, t


@golden("equal", "Prediction and target are the same")
def _(rng):
    x = rng.standard_normal((26, 7))
    return x, x.copy()


@golden("opposite", "Prediction is minus the target")
def _(rng):
    x = rng.standard_normal((26, 7))
    return -x, x


@golden("orthogonal_pairs", "Every prediction at a right angle to its target, up to rounding")
def _(rng):
    p = rng.standard_normal((22, 8))
    t = rng.standard_normal((22, 8))
    for _ in range(2):
        t -= (p * t).sum(1, keepdims=True) / (p * p).sum(1, keepdims=True) * p
    return p, t


# --- for the diagnostics -----------------------------------------------------------------------------------------


@golden("isotropic_96x12", "N(0, I), float32, many rows: nothing is collapsed")
def _(rng):
    return both(lambda: rng.standard_normal((96, 12)), np.float32)


@golden("low_rank_48x24", "Rank 4 and noise of 1e-3, about an offset")
def _(rng):
    return both(lambda: 3 + rng.standard_normal((48, 4)) @ rng.standard_normal((4, 24)) + 1e-3 * rng.standard_normal((48, 24)))


@golden("low_rank_exact_20x32", "Exactly rank 3, fewer rows than dimensions: products of small integers")
def _(rng):
    return both(lambda: rng.integers(-4, 5, (20, 3)) @ rng.integers(-4, 5, (3, 32)) * 1.0)


@golden("power_law_60x40", "Variances i^-1.5 along rotated axes")
def _(rng):
    axes = np.linalg.qr(rng.standard_normal((40, 40)))[0]
    return both(lambda: rng.standard_normal((60, 40)) * np.arange(1, 41.0) ** -0.75 @ axes)


@golden("dead_dimensions", "Three of twelve dimensions hardly vary, one not at all")
def _(rng):
    def build():
        x = rng.standard_normal((40, 12)).astype(np.float32)
        x[:, :3] *= 1e-3
        x[:, 3] = 0.25
        return x

    return both(build, np.float32)


@golden("mean_predictor_offset_10", "The targets' mean as a constant prediction; targets N(0, I) + 10")
def _(rng):
    target = 10 + rng.standard_normal((40, 16))
    return np.tile(target.mean(axis=0), (40, 1)), target


@golden("context_moves", "The prediction finds half of the change from context to target")
def _(rng):
    context = rng.standard_normal((30, 10))
    change = 0.3 * rng.standard_normal((30, 10))
    return context + 0.5 * change + 0.05 * rng.standard_normal((30, 10)), context + change, context


@golden("context_copied", "The prediction is the context itself")
def _(rng):
    context = rng.standard_normal((30, 10)).astype(np.float32)
    return context, context + 0.3 * rng.standard_normal((30, 10)).astype(np.float32), context


@golden("context_is_target", "The context equals the target: there is no change to find")
def _(rng):
    target = rng.standard_normal((12, 5))
    return target + 0.1 * rng.standard_normal((12, 5)), target, target


# --- writing -----------------------------------------------------------------------------------------------------


def dump(path, document):
    path.write_text(json.dumps(document, indent=2, allow_nan=False) + "\n")


def relative_error(a, b):
    return abs(a - b) / max(abs(a), abs(b)) if a != b else 0.0


def check_longdouble(name, values, prediction, target):
    """longdouble, the oracle of the runs, must agree with mpmath far below the tests' tolerances."""
    for key, value in oracle.longdouble(prediction, target).items():
        near_zero = abs(values[key]) < 1e-3 and key in ("pred_cos_mean", "pred_target_corr")
        error = abs(value - values[key]) if near_zero else relative_error(value, values[key])
        # The centre of 0.1 and its neighbour is all rounding: 11 bits are what longdouble has left there.
        assert error <= (1e-3 if name == "one_ulp_apart" else 1e-14), (name, key, value, values[key], error)


def write_set(name):
    description, build = SETS[name]
    prediction, target, *rest = build(rng_of(name))
    context = rest[0] if rest else None
    rows, dims = prediction.shape
    assert target.shape == prediction.shape
    values, digits = oracle.exact(prediction, target)
    check_longdouble(name, values, prediction, target)

    folder = FIXTURES / "golden" / name
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "prediction.npy", prediction)
    np.save(folder / "target.npy", target)
    if context is not None:
        np.save(folder / "context.npy", context)
    further, smallest = diagnostics.diagnostics(prediction, target, context)
    dump(
        folder / "expected.json",
        {
            "description": description,
            "rows": rows,
            "dims": dims,
            "metrics": {key: values[key] for key in oracle.METRIC_IDS},
            "log_det": values["log_det"],
            "kl_reg_of_prediction": values["kl_reg_of_prediction"],
            "kl_reg_null": oracle.kl_reg_null(rows, dims),
            "diagnostics": further,
            "smallest_singular_share": smallest,
            "oracle": f"mpmath {digits} digits; spectra numpy SVD, sigreg numpy longdouble",
        },
    )
    return digits


def write_digamma():
    points = [i / 2 for i in range(1, 41)]
    points += [63.5, 64, 127.5, 500, 4096.5, 1e5, 1e6 + 0.5, 1e9]
    points += [1e-3, 0.1, 0.3, 1.4, 1.4616321449683622, 1.47, 2.718281828459045, 5.9, 6.1, 9.99, 10.01]
    values = [{"x": x, "psi": oracle.stable(lambda: oracle.to_float(mpmath.digamma(mpf(x))))[0]} for x in points]
    dump(FIXTURES / "golden" / "digamma.json", {"oracle": "mpmath 60 digits", "values": values})


def write_phases():
    """cos kθ and sin kθ, k = 1 … 16, θ = step · projection rounded to float64, of projections of every size up to 1e8."""
    step = 3 / 16
    points = [0.0, 1.0, -1.0, 5e-324, 1e-300, -1e-160, 1e-9, 0.1, 2.5, -7.25, 12345.678, -1e5, 1e6 + 0.1, 3.3e7, 1e8, -1e8]
    points += [float(n * mpmath.pi / 2 / step) for n in (1, 2, 3, -5, 1000, 65537, 11_000_001)]
    values = []
    for x in points:
        with mp.workdps(60):
            theta = mpf(step * x)
            multiples = [k * theta for k in range(1, 17)]
            cosines, sines = ([oracle.to_float(f(m)) for m in multiples] for f in (mpmath.cos, mpmath.sin))
        values.append({"projection": x, "cosines": cosines, "sines": sines})
    dump(FIXTURES / "golden" / "phases.json", {"oracle": "mpmath 60 digits", "step": step, "values": values})


def write_kl_reg_null():
    shapes = [(128, 64), (256, 192), (1024, 192), (1024, 512)]
    shapes += [(2, 1), (3, 2), (65, 64), (256, 32), (193, 192), (4096, 768), (100_000, 64), (1_000_000, 1), (1_000_000, 512)]
    shapes += [(1, 1), (64, 64), (128, 512)]
    bounds = [(1, 10), (32, 10), (64, 10), (192, 10), (512, 10), (768, 10), (2048, 10), (64, 0.5), (64, 1000), (8, 1e-3)]
    dump(
        FIXTURES / "golden" / "kl_reg_null.json",
        {
            "oracle": "mpmath 60 digits",
            "values": [{"rows": n, "dims": d, "kl_reg_null": oracle.kl_reg_null(n, d)} for n, d in shapes],
            "rows_needed": [{"dims": d, "max": m, "rows": oracle.rows_for_kl_reg_null(d, m)} for d, m in bounds],
        },
    )


def write_isotropic_effective_rank():
    shapes = [(256, 192), (1024, 192), (192, 1024), (16, 16), (17, 16), (65, 64), (65, 63), (128, 512), (513, 512), (1024, 1024)]
    shapes += [(2, 1), (2, 5), (20, 1), (3, 2), (100_000, 64), (64, 100_000), (4096, 4095)]
    values = []
    for n, d in shapes:
        with mp.workdps(40):
            values.append({"rows": n, "dims": d, "effective_rank": oracle.to_float(diagnostics.isotropic_effective_rank(n, d))})
    dump(FIXTURES / "golden" / "isotropic_effective_rank.json", {"oracle": "mpmath quadrature over the singular values", "values": values})


def verdict(steps, every=1):
    """The variance and the pairwise criterion at their defaults, on steps above 0 that are multiples of `every`.

    The first judged step is the baseline. A computed `kl_reg` is not judged.
    """
    judged = [s for s in steps if s["step"] > 0 and s["step"] % every == 0]
    initial = judged[0]["metrics"]["pairwise_pred_dist_mean"]
    alerts = []
    for s in judged:
        m = s["metrics"]
        for criterion, threshold in (
            ("pred_var_per_dim", 0.5 * m["target_var_per_dim"]),
            ("pairwise_pred_dist_mean", 0.5 * initial),
        ):
            if m[criterion] < threshold:
                alerts.append({"step": s["step"], "criterion": criterion, "value": m[criterion], "threshold": threshold})
    return {"baseline_step": judged[0]["step"], "alerts": alerts}


def write_run(folder):
    steps = []
    for step in sorted(folder.glob("step_*")):
        prediction, target = (np.load(step / f"{role}.npy") for role in ("prediction", "target"))
        metrics = oracle.longdouble(prediction, target) | {"kl_reg": oracle.kl_reg_exact(target)}
        steps.append({"step": int(step.name[5:]), "metrics": metrics})
    rows, dims = prediction.shape
    dump(
        folder / "expected.json",
        {
            "description": "baseline_step and alerts: every step above 0 judged, the first of them the baseline, default thresholds, "
            "kl_reg not judged; every_500: the same for multiples of 500",
            "rows": rows,
            "dims": dims,
            "oracle": "numpy longdouble; kl_reg mpmath",
            "kl_reg_null": oracle.kl_reg_null(rows, dims),
            "steps": steps,
            **verdict(steps),
            "every_500": verdict(steps, every=500),
        },
    )


def main():
    (FIXTURES / "golden").mkdir(parents=True, exist_ok=True)
    for name in SETS:
        print(f"{name}: {write_set(name)} digits")
    write_digamma()
    write_phases()
    write_kl_reg_null()
    write_isotropic_effective_rank()
    for run in sorted((FIXTURES / "runs").iterdir()):
        if run.is_dir():
            write_run(run)
            print(run.name)


if __name__ == "__main__":
    main()
