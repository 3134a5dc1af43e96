"""Decides what became of each run, from what its embeddings still carry; nothing here is a metric of the tool.

    python3 label.py OUT [--digits FOLDER]

The probe counts how many of the leading factors of the true next input (at most 12) a ridge reads from the embeddings
through a channel of finite resolution, on rows it has not seen (probe.py). Three such counts a saved step:

    fixed      noise of a quarter of the largest standard deviation so far: what is left at the scale the run once had
    relative   noise of a quarter of this step's own standard deviation: what is left whatever the scale
    predicted  the prediction instead of the target, through the same noise as `relative`

A run is collapsed from the step on from which `fixed` stays below half of the best so far; the collapse is complete where
`fixed` is below half of `relative` (the scale went), dimensional where it is above 0.7 of it (the scale stayed, and what it
carried went); between the two, and where the standard deviation halved as well, either name is right. Where targets are alive, the predictor is collapsed from the third saved step on, or from the step on at
which it falls, where `predicted` stays below a tenth of `relative`. Between these bounds and those of health (0.55; 0.2)
a run is ambiguous, and so is one that was below them and came back.
"""
import argparse
import json
import os

import numpy as np

from probe import RESOLUTION, decoded, factors, rms

COLLAPSED, ALIVE = 0.5, 0.55
GROWN = 10**0.5
SCALE_WENT, SCALE_STAYED, SCALE_HALVED = 0.5, 0.7, 0.5
BLIND, SEEING = 0.1, 0.2
WARM_UP = 3


def counts(targets, predictions, x1):
    """One dictionary a saved step."""
    wanted, peak, result = factors(x1), 0.0, []
    for z, p in zip(targets, predictions):
        scale = rms(z)
        peak = max(peak, scale)
        noise = RESOLUTION * max(scale, 1e-30)
        spread = ((z.astype(np.float64) - z.astype(np.float64).mean(0)) ** 2).sum()
        result.append(
            dict(
                fixed=decoded(z, wanted, RESOLUTION * peak),
                relative=decoded(z, wanted, noise),
                predicted=decoded(p, wanted, noise),
                r2=1 - float(((p.astype(np.float64) - z) ** 2).sum() / max(spread, 1e-300)),
                scale=scale / peak,
                rms=float(scale),
            )
        )
    return result


def tail(flags):
    """The index from which on all are true; None if the last is not."""
    if not flags[-1]:
        return None
    i = len(flags) - 1
    while i > 0 and flags[i - 1]:
        i -= 1
    return i


def label(steps, series, scale_free_loss=False):
    """outcome, onset_step (None unless collapsed), and why where it is ambiguous."""
    fixed = np.array([s["fixed"] for s in series])
    relative = np.array([s["relative"] for s in series])
    best = np.maximum.accumulate(fixed)
    kept = fixed / np.maximum(best, 1e-12)
    if best[-1] < 1:
        return dict(outcome="ambiguous", why="the probe never read one factor")
    since = tail(kept < COLLAPSED)
    if since is not None:
        ratio = fixed[-1] / max(relative[-1], 1e-12)
        kinds = ["complete collapse"] if ratio < SCALE_WENT else ["dimensional collapse"] if ratio > SCALE_STAYED else None
        if kinds is None or (kinds == ["dimensional collapse"] and series[-1]["scale"] < SCALE_HALVED):
            kinds = ["dimensional collapse", "complete collapse"] if ratio > SCALE_STAYED else ["complete collapse", "dimensional collapse"]
        scale = [s["rms"] for s in series]
        exploded = any(scale[i] >= GROWN * max(scale[:i]) for i in range(max(since, 2), len(scale)))
        return dict(outcome=kinds[0], either=kinds + ["explosion"] * exploded, onset_step=int(steps[since]))
    if kept[-1] < ALIVE:
        return dict(outcome="ambiguous", why=f"keeps {kept[-1]:.2f} of what it carried")
    share = np.array([s["predicted"] for s in series]) / np.maximum(relative, 1e-12)
    since = tail(share < BLIND)
    if since is not None:
        if scale_free_loss:
            return dict(outcome="ambiguous", why="a cosine loss leaves the scale of the prediction free")
        onset = steps[min(max(since, WARM_UP), len(steps) - 1)]
        return dict(outcome="predictor collapse", either=["predictor collapse"], onset_step=int(onset))
    if share[-1] < SEEING:
        return dict(outcome="ambiguous", why=f"predicts {share[-1]:.2f} of what the target carries")
    if (kept[2:] < COLLAPSED).any():
        return dict(outcome="ambiguous", why="had lost half of what it carried, and came back")
    if (share[WARM_UP + 1 :] < BLIND).any():
        return dict(outcome="ambiguous", why="the predictor was blind after its warm-up, and came back")
    return dict(outcome="healthy", either=["healthy"], onset_step=None)


def label_run(path, config, known):
    with np.load(path) as kept:
        steps = kept["step"]
        series = known or counts(kept["target"], kept["prediction"], kept["x1"])
    if not all(np.isfinite(list(s.values())).all() for s in series):
        return dict(outcome="ambiguous", why="not finite", series=[])
    rounded = [{k: round(v, 4) if k != "rms" else float(f"{v:.4g}") for k, v in s.items()} for s in series]
    return dict(label(steps, series, config["mse"] == 0), last_step=int(steps[-1]), steps=steps.tolist(), series=rounded)


def published(folder):
    """The ten digits runs, whose 256 validation rows are the only truth they keep, beside their own labels."""
    from sklearn.datasets import load_digits

    images = (load_digits().data / 16).astype(np.float32).reshape(-1, 8, 8)
    images = images[np.random.default_rng(123).permutation(len(images))][1400:1656]
    moves = np.random.default_rng(999).integers(-2, 3, (256, 2))
    x1 = np.stack([np.roll(x, tuple(m), (0, 1)) for x, m in zip(images, moves)]).reshape(256, 64)
    with open(os.path.join(folder, "labels.json")) as file:
        theirs = json.load(file)
    for name, their in sorted(theirs.items()):
        at = sorted(d for d in os.listdir(os.path.join(folder, name)) if d.startswith("step_"))
        load = lambda role: [np.load(os.path.join(folder, name, d, role + ".npy")) for d in at]
        ours = label([int(d[5:]) for d in at], counts(load("target"), load("prediction"), x1))
        same = "same" if ours["outcome"] == their["outcome"] else "DIFFERS"
        print(f"{name}: {ours['outcome']} from {ours['onset_step']}; published: {their['outcome']} from {their['onset_step']}: {same}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", nargs="?")
    parser.add_argument("--manifest", help="what train.py was given")
    parser.add_argument("--digits", help="the folder of the ten published runs: compare with their labels instead")
    options = parser.parse_args()
    if options.digits:
        return published(options.digits)
    with open(options.manifest) as file:
        runs = json.load(file)["runs"]
    at = os.path.join(options.out, "labels.json")
    # The counts are kept: only what is new is probed.
    labels = {}
    if os.path.exists(at):
        with open(at) as file:
            labels = json.load(file)
    for config in runs:
        path = os.path.join(options.out, "truth", config["name"] + ".npz")
        if not os.path.exists(path):
            continue
        known = labels.get(config["name"], {}).get("series")
        known = known if known and "rms" in known[0] else None
        labels[config["name"]] = dict(mode=config["mode"], data=config["data"], dim=config["dim"], **label_run(path, config, known))
    with open(at, "w") as file:
        json.dump(labels, file, indent=1)


if __name__ == "__main__":
    main()
