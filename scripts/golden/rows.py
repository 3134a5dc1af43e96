"""Write the golden values of the metrics of clusters, of labels and groups of rows, and of time.

    python scripts/golden/rows.py

needs numpy. It writes fixtures/rows/<set>/{prediction,target[,label,group,mask]}.npy and expected.json, from the definitions,
distances and straightness in longdouble, sharing nothing with src/. A value is null where the metric has none.
"""

import json
import zlib
from pathlib import Path

import numpy as np

OUT = Path(__file__).resolve().parents[2] / "fixtures" / "rows"
SETS = {}


def golden(name, description, sample_axis=0):
    def register(build):
        SETS[name] = (description, sample_axis, build)
        return build

    return register


def near(rng, target, noise=0.3):
    return 0.9 * target + noise * rng.standard_normal(target.shape)


@golden("classes_60x8", "Four classes that overlap, two views a sample")
def _(rng):
    label = rng.integers(0, 4, 30).repeat(2)
    sample = rng.standard_normal((30, 8)).repeat(2, axis=0)
    target = 1.2 * rng.standard_normal((4, 8))[label] + sample + 0.4 * rng.standard_normal((60, 8))
    return dict(prediction=near(rng, target), target=target, label=label, group=np.arange(30).repeat(2))


@golden("factors_50x6", "Three factors of different size, read with noise; five views a sample, in any order")
def _(rng):
    factors = rng.standard_normal((50, 3)) * [1, 100, 1e-3] + [0, 5, 0]
    target = (factors / [1, 100, 1e-3]) @ rng.standard_normal((3, 6)) + 0.5 * rng.standard_normal((50, 6))
    return dict(prediction=near(rng, target), target=target, label=factors, group=rng.permutation(50) % 10)


@golden("wide_30x48", "More dimensions than rows, three classes, groups of three")
def _(rng):
    label = rng.permutation(30) % 3
    target = rng.standard_normal((3, 48))[label] + rng.standard_normal((30, 48))
    return dict(prediction=near(rng, target), target=target, label=label, group=np.arange(30) // 3)


@golden("fraction_40x5", "One fraction a row is a factor; groups of one to six rows")
def _(rng):
    target = rng.standard_normal((40, 5))
    group = np.repeat(np.arange(12), [1, 1, 2, 2, 3, 3, 4, 4, 4, 5, 5, 6])
    return dict(prediction=near(rng, target), target=target, label=target[:, 0] + 0.1 * rng.random(40), group=group)


@golden("clusters_48x5", "Six clusters 1e-5 wide, 1e3 from the origin; every class has two")
def _(rng):
    cluster = rng.permutation(48) % 6
    target = 1e3 + rng.standard_normal((6, 5))[cluster] + 1e-5 * rng.standard_normal((48, 5))
    return dict(prediction=near(rng, target, 1e-4), target=target, label=cluster % 3 - 7, group=cluster)


@golden("tight_40x4", "All rows within 1e-6 at 1e2: the direction hardly differs, and says the class")
def _(rng):
    label = rng.permutation(40) % 2
    target = 1e2 + 1e-6 * (label[:, None] * [3, 0, 0, -3] + rng.standard_normal((40, 4)))
    return dict(prediction=near(rng, target, 1e-6), target=target, label=label, group=np.arange(40) // 4)


@golden("duplicates_36x3", "Every row three times: neighbours at 0, and ties")
def _(rng):
    target = rng.standard_normal((12, 3)).repeat(3, axis=0)
    label = (rng.permutation(12) % 4).repeat(3)
    return dict(prediction=target[::-1].copy(), target=target, label=label, group=np.arange(36) // 3)


@golden("constant_20x4", "The prediction is one row: the largest class is guessed, and nothing else is known")
def _(rng):
    label = np.array([0] * 9 + [1] * 6 + [2] * 5)
    target = rng.standard_normal((20, 4))
    return dict(prediction=np.full((20, 4), 0.3), target=target, label=label, group=np.arange(20) // 2)


@golden("zero_rows_30x4", "A third of the rows is zero")
def _(rng):
    target = rng.standard_normal((30, 4)) + 2 * (np.arange(30) % 2)[:, None]
    target[::3] = 0
    prediction = near(rng, target)
    prediction[1::3] = 0
    return dict(prediction=prediction, target=target, label=np.arange(30) % 2, group=np.arange(30) // 2)


@golden("few_7x3", "Seven rows: six neighbours vote, and no half is probed; one group has all rows")
def _(rng):
    target = rng.standard_normal((7, 3))
    return dict(prediction=near(rng, target), target=target, label=np.arange(7) % 2, group=np.zeros(7))


@golden("one_class_20x3", "One label, and a group for each row")
def _(rng):
    target = rng.standard_normal((20, 3))
    return dict(prediction=near(rng, target), target=target, label=np.full(20, 4), group=rng.permutation(20))


@golden("unlabelled_24x40", "Neither labels nor groups, float32, more dimensions than rows")
def _(rng):
    target = rng.standard_normal((24, 40)).astype(np.float32)
    return dict(prediction=near(rng, target).astype(np.float32), target=target)


def walks(rng, shape, drift=1.0):
    """[samples, time, dims]: random walks with a direction of their own."""
    steps = drift * rng.standard_normal((shape[0], 1, shape[2])) + rng.standard_normal(shape)
    return steps.cumsum(axis=1)


@golden("walks_9x7x5", "Random walks with a drift, a class for each sample and time")
def _(rng):
    target = walks(rng, (9, 7, 5))
    label = rng.integers(0, 3, (9, 7))
    return dict(prediction=near(rng, target), target=target, label=label, group=np.indices((9, 7))[0])


@golden("lines_4x5x3", "Straight lines 1e8 from the origin")
def _(rng):
    target = 1e8 + np.arange(5)[None, :, None] * rng.integers(1, 9, (4, 1, 3)).astype(float)
    return dict(prediction=near(rng, target), target=target)


@golden("still_6x5x3", "Half of the samples stand still")
def _(rng):
    target = walks(rng, (6, 5, 3))
    target[::2] = target[::2, :1]
    return dict(prediction=near(rng, target), target=target)


@golden("nothing_moves_5x4x3", "All samples stand still")
def _(rng):
    target = np.broadcast_to(rng.standard_normal((5, 1, 3)), (5, 4, 3)).copy()
    return dict(prediction=near(rng, target), target=target)


@golden("two_times_8x2x3", "Two times have no turn")
def _(rng):
    target = walks(rng, (8, 2, 3))
    return dict(prediction=near(rng, target), target=target)


@golden("padded_10x9x4", "Sequences of 2 to 9 times, one with a hole")
def _(rng):
    target = walks(rng, (10, 9, 4), 0.2)
    mask = np.arange(9)[None, :] < np.arange(2, 12)[:, None]
    mask[7, 3] = False
    return dict(prediction=near(rng, target), target=target, mask=mask, label=rng.integers(0, 2, (10, 9)))


@golden("time_first_6x11x4", "[T, B, D]: the samples lie along axis 1", sample_axis=1)
def _(rng):
    target = walks(rng, (11, 6, 4)).swapaxes(0, 1).copy()
    return dict(prediction=near(rng, target), target=target)


@golden("video_5x3x2x2x4", "Time and a grid are positions: nothing is said of time")
def _(rng):
    target = rng.standard_normal((5, 3, 2, 2, 4))
    return dict(prediction=near(rng, target), target=target)


# --- Philox 4x32-10, and rows without replacement (Floyd) -------------------------------------------------------------


def philox(counter, key):
    c, k = list(counter), list(key)
    for _ in range(10):
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(b >> 32) ^ c[1] ^ k[0], b & 0xFFFFFFFF, (a >> 32) ^ c[3] ^ k[1], a & 0xFFFFFFFF]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return c


def random_rows(count, rows, seed, stream):
    taken = set()
    for i in range(count):
        last = rows - count + i
        w = philox((i, 0, stream, 0), (seed, 0))
        row = int(((w[0] << 21) + (w[1] >> 11)) / 2**53 * (last + 1))
        taken.add(last if row in taken else row)
    return np.array(sorted(taken))


# --- the metrics ------------------------------------------------------------------------------------------------------


def squared_distances(x):
    return np.array([((x - row) ** 2).sum(1) for row in x])


def nearest_neighbour_ratio(x):
    if (x == x[0]).all():
        return None
    distances = np.sqrt(squared_distances(x.astype(np.longdouble)))
    pairs = distances[np.triu_indices(len(x), 1)].mean()
    np.fill_diagonal(distances, np.inf)
    return distances.min(1).mean() / pairs


def knn_accuracy(x, label):
    if label is None or label.shape[1] > 1 or (label != np.round(label)).any() or len(np.unique(label)) < 2:
        return None
    x = x.astype(np.longdouble)
    directed = (x != 0).any(1)
    x, label = x[directed], label[directed, 0]
    # Rows near each other have differences that dividing each by its norm would round away even in longdouble.
    squared = squared_distances(x / np.sqrt((x * x).sum(1, keepdims=True)))
    credit = []
    for i, own in enumerate(label):
        others = np.arange(len(x)) != i
        d, votes = squared[i][others], label[others]
        k = min(20, len(d))
        last = np.sort(d)[k - 1]
        nearer, tied = d < last * (1 - 1e-9), np.abs(d - last) <= last * 1e-9
        weight = nearer + tied * (k - nearer.sum()) / tied.sum()
        count = {c: weight[votes == c].sum() for c in np.unique(label)}
        best = [c for c in count if count[c] > max(count.values()) - 1e-9]
        credit.append(own in best and 1 / len(best))
    return np.mean(credit)


def probe_r2(x, label):
    rows = len(x)
    if label is None or rows < 8:
        return None
    is_classes = label.shape[1] == 1 and (label == np.round(label)).all()
    if is_classes:
        classes = np.unique(label)
        if len(classes) < 2:
            return None
        label = (label == classes).astype(float)
    fitted = np.zeros(rows, bool)
    fitted[random_rows(-(-rows // 2), rows, 0, 9)] = True
    x = x - x[fitted][0]
    mean_x, mean_y = x[fitted].mean(0), label[fitted].mean(0)
    a, b = x[fitted] - mean_x, label[fitted] - mean_y
    if (a == 0).all():
        weights = np.zeros((x.shape[1], label.shape[1]))
    else:
        penalty = 0.01 * (a**2).sum() / x.shape[1]
        u, s, vt = np.linalg.svd(a, full_matrices=False)
        weights = vt.T @ ((s / (s * s + penalty))[:, None] * (u.T @ b))
    y = label[~fitted]
    missed = ((y - mean_y - (x[~fitted] - mean_x) @ weights) ** 2).sum(0)
    whole = ((y - y.mean(0)) ** 2).sum(0)
    return 1 - missed.sum() / whole.sum() if is_classes else np.mean(1 - missed / whole)


def lidar(x, group):
    if group is None:
        return None
    names = np.unique(group)
    if len(names) < 2 or len(names) == len(x):
        return None
    x = x - x[0]
    means = np.array([x[group == name].mean(0) for name in names])
    within = np.mean([np.cov(x[group == name].T, ddof=0).reshape(x.shape[1], -1) for name in names], axis=0)
    between = np.cov(means.T, ddof=0).reshape(x.shape[1], -1)
    if (means == means[0]).all():
        return None
    w, v = np.linalg.eigh(within + 1e-4 * np.eye(x.shape[1]))
    root = v / np.sqrt(w) @ v.T
    eigenvalues = np.clip(np.linalg.eigvalsh(root @ between @ root), 0, None)
    p = eigenvalues[eigenvalues > 0] / eigenvalues.sum()
    return np.exp(-(p * np.log(p)).sum())


def straightness(target, mask, axis):
    if target.ndim != 3:
        return None
    x = np.moveaxis(target, axis, 0).astype(np.longdouble)
    keep = np.ones(x.shape[:2], bool) if mask is None else np.moveaxis(mask, axis, 0)
    cosines, moves = [], False
    for sample, kept in zip(x, keep):
        for i in range(len(sample) - 2):
            if not kept[i : i + 3].all():
                continue
            a, b = sample[i + 1] - sample[i], sample[i + 2] - sample[i + 1]
            norms = np.sqrt((a * a).sum() * (b * b).sum())
            moves |= bool(a.any() or b.any())
            cosines.append((a * b).sum() / norms if norms > 0 else 0)
    return np.mean(cosines) if moves else None


def values(target, prediction, axis, label=None, group=None, mask=None):
    found = {}
    keep = np.ones(target.shape[:-1], bool).ravel() if mask is None else mask.ravel()
    rows = lambda x: x.reshape(-1, x.shape[-1])[keep].astype(float)
    if label is not None:
        label = label.reshape(keep.size, -1)[keep].astype(float)
    if group is not None:
        group = group.ravel()[keep]
    for side, x in (("pred", rows(prediction)), ("target", rows(target))):
        found[f"{side}_nearest_neighbour_ratio"] = nearest_neighbour_ratio(x)
        found[f"{side}_knn_accuracy"] = knn_accuracy(x, label)
        found[f"{side}_probe_r2"] = probe_r2(x, label)
        found[f"{side}_lidar"] = lidar(x, group)
    found["temporal_straightness"] = straightness(target, mask, axis)
    return {key: None if value is None else float(value) for key, value in found.items()}


def main():
    for name, (description, axis, build) in SETS.items():
        arrays = build(np.random.default_rng(zlib.crc32(name.encode())))
        folder = OUT / name
        folder.mkdir(parents=True, exist_ok=True)
        for role, array in arrays.items():
            if role in ("label", "group"):
                array = array.astype(float).reshape(arrays["target"][..., 0].size, -1)
            np.save(folder / f"{role}.npy", array)
        expected = {"description": description, "sample_axis": axis, "oracle": "numpy"}
        expected["metrics"] = values(axis=axis, **arrays)
        (folder / "expected.json").write_text(json.dumps(expected, indent=2, allow_nan=False) + "\n")


if __name__ == "__main__":
    main()
