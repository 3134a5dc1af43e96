"""Write the golden values of the metrics of samples and positions.

    python scripts/golden/positions.py

needs numpy. It writes fixtures/positions/<set>/{prediction,target[,mask]}.npy and expected.json, from the definitions and in longdouble,
sharing nothing with src/. A value is null where the metric has none.
"""

import json
import zlib
from pathlib import Path

import numpy as np

OUT = Path(__file__).resolve().parents[2] / "fixtures" / "positions"
SETS = {}


def golden(name, description, sample_axis=0):
    def register(build):
        SETS[name] = (description, sample_axis, build)
        return build

    return register


def parts(rng, shape, content, position, both, dtype=np.float64):
    """[samples, positions…, dims]: a part of each sample, one of each position, and one of both."""
    of_sample = rng.standard_normal((shape[0], *[1] * (len(shape) - 2), shape[-1]))
    of_position = rng.standard_normal((1, *shape[1:]))
    return (content * of_sample + position * of_position + both * rng.standard_normal(shape)).astype(dtype)


def pair(rng, shape, *sizes, dtype=np.float64):
    target = parts(rng, shape, *sizes)
    return (0.8 * target + 0.1 * rng.standard_normal(shape)).astype(dtype), target.astype(dtype)


@golden("tokens_24x9x6", "Tokens of 24 samples at 9 positions, float32")
def _(rng):
    return pair(rng, (24, 9, 6), 0.7, 0.4, 0.7, dtype=np.float32)


@golden("positional_12x5x4", "What is left depends on the position alone, but for 1e-6")
def _(rng):
    return pair(rng, (12, 5, 4), 1e-6, 1.0, 1e-6)


@golden("smoothed_12x5x4", "All tokens of a sample are alike, but for 1e-6")
def _(rng):
    return pair(rng, (12, 5, 4), 1.0, 1e-6, 1e-6)


@golden("exactly_positional_10x4x3", "Every sample is the same: no position varies")
def _(rng):
    target = np.broadcast_to(rng.standard_normal((1, 4, 3)), (10, 4, 3)).copy()
    return target.copy(), target


@golden("position_predictor_16x6x5", "The prediction is the mean of each position of a target that lives")
def _(rng):
    target = parts(rng, (16, 6, 5), 0.7, 0.4, 0.7)
    return np.broadcast_to(target.mean(0), target.shape).copy(), target


@golden("far_rows_16x4x5", "Offsets of 1e8 by position, samples 1e-3 apart")
def _(rng):
    offset = 1e8 * rng.standard_normal((1, 4, 5))
    return tuple(offset + 1e-3 * rng.standard_normal((16, 4, 5)) for _ in range(2))


@golden("outlier_first_16x4x5", "The first sample lies 1e6 from the others")
def _(rng):
    p, t = pair(rng, (16, 4, 5), 0.7, 0.4, 0.7)
    p[0] += 1e6
    t[0] += 1e6
    return p, t


@golden("grid_10x3x4x5", "Positions on a grid of 3 by 4")
def _(rng):
    return pair(rng, (10, 3, 4, 5), 0.7, 0.4, 0.7)


@golden("video_8x3x2x2x4", "Video: time and a grid are positions")
def _(rng):
    return pair(rng, (8, 3, 2, 2, 4), 0.7, 0.4, 0.7)


@golden("time_first_6x12x4", "[T, B, D]: the samples lie along axis 1", sample_axis=1)
def _(rng):
    p, t = pair(rng, (12, 6, 4), 0.7, 0.4, 0.7)
    return p.swapaxes(0, 1).copy(), t.swapaxes(0, 1).copy()


@golden("between_3x10x2x4", "The samples lie between two axes of positions", sample_axis=1)
def _(rng):
    p, t = pair(rng, (10, 3, 2, 4), 0.7, 0.4, 0.7)
    return p.swapaxes(0, 1).copy(), t.swapaxes(0, 1).copy()


@golden("padded_16x10x5", "Sequences of 4 to 9 tokens, padded to 10")
def _(rng):
    p, t = pair(rng, (16, 10, 5), 0.7, 0.4, 0.7)
    lengths = rng.integers(4, 10, 16)
    mask = np.arange(10)[None, :] < lengths[:, None]
    p[~mask], t[~mask] = 50, 60
    return p, t, mask


@golden("scattered_20x8x4", "A mask that keeps half of the tokens, anywhere")
def _(rng):
    return *pair(rng, (20, 8, 4), 0.7, 0.4, 0.7), rng.random((20, 8)) < 0.5


@golden("sparse_20x30x4", "A mask that leaves one sample a position: nothing can be said")
def _(rng):
    mask = np.zeros((20, 30), bool)
    mask[np.arange(30) % 20, np.arange(30)] = True
    return *pair(rng, (20, 30, 4), 0.7, 0.4, 0.7), mask


@golden("eight_samples_8x2x3", "The fewest samples and positions that have a value")
def _(rng):
    return pair(rng, (8, 2, 3), 0.7, 0.4, 0.7)


@golden("seven_samples_7x9x3", "Seven samples: nothing can be said")
def _(rng):
    return pair(rng, (7, 9, 3), 0.7, 0.4, 0.7)


@golden("one_position_12x1x3", "One position")
def _(rng):
    return pair(rng, (12, 1, 3), 0.7, 0.4, 0.7)


def groups(numbers):
    return [np.flatnonzero(numbers == number) for number in np.unique(numbers)]


def about_group_means(x, places):
    out = np.empty_like(x)
    for rows in places:
        out[rows] = x[rows] - x[rows].mean(axis=0)
    return out


def cosine(a, b):
    norms = np.sqrt((a * a).sum(1)) * np.sqrt((b * b).sum(1))
    products = (a * b).sum(1)
    return np.divide(products, norms, out=np.zeros_like(products), where=norms > 0).mean()


def values(prediction, target, mask, axis):
    shape = target.shape[:-1]
    sample = np.indices(shape)[axis].ravel()
    others = [n for i, n in enumerate(shape) if i != axis]
    position = np.indices(shape).reshape(len(shape), -1)[[i for i in range(len(shape)) if i != axis]]
    position = np.ravel_multi_index(tuple(position), others)
    keep = np.ones(sample.size, bool) if mask is None else mask.ravel()
    sample, position = groups(sample[keep]), groups(position[keep])
    rows = keep.sum()
    found = {}
    if len(sample) < 8 or len(position) < 2 or rows < 2 * len(position) or rows < 2 * len(sample):
        return dict.fromkeys(
            [f"{x}_{name}_variance_share" for x in ("pred", "target") for name in ("sample", "token")]
            + ["pred_target_sample_var_ratio", "pred_cos_position_centered_mean"]
        )
    p, t = (x.reshape(-1, x.shape[-1])[keep].astype(np.longdouble) for x in (prediction, target))
    for side, x in (("pred", p), ("target", t)):
        whole = ((x - x.mean(0)) ** 2).sum()
        for name, places in (("sample", position), ("token", sample)):
            found[f"{side}_{name}_variance_share"] = float((about_group_means(x, places) ** 2).sum() / whole)
    p, t = about_group_means(p, position), about_group_means(t, position)
    found["pred_target_sample_var_ratio"] = float((p**2).sum() / (t**2).sum()) if (t**2).sum() > 0 else None
    found["pred_cos_position_centered_mean"] = float(cosine(p, t))
    return found


def main():
    for name, (description, axis, build) in SETS.items():
        prediction, target, *mask = build(np.random.default_rng(zlib.crc32(name.encode())))
        folder = OUT / name
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / "prediction.npy", prediction)
        np.save(folder / "target.npy", target)
        if mask:
            np.save(folder / "mask.npy", mask[0])
        expected = {"description": description, "sample_axis": axis, "oracle": "numpy longdouble"}
        expected["metrics"] = values(prediction, target, mask[0] if mask else None, axis)
        (folder / "expected.json").write_text(json.dumps(expected, indent=2, allow_nan=False) + "\n")


if __name__ == "__main__":
    main()
