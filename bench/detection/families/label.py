"""Labels from probes, by the rule of LABELS.md: python3 bench/detection/families/label.py OUT, which writes OUT/labels.ndjson."""
import collections
import glob
import json
import os
import sys

GROWN = 10**0.5
COLLAPSED, ALIVE, EDGE_LOW, EDGE_HIGH = 0.5, 0.55, 0.4, 0.7
BLIND, SEEING, EDGE_SEEING = 0.1, 0.2, 0.3
WARM_UP = 3
CONTENT_ALONE = 0.2
FLOOR = {"content": 0.05, "class": 0.15, "within": 0.05}
READABLE = 0.02
#: Families whose positions are horizons.
HORIZONS = ("video", "text", "sensors", "control")


def mean(x):
    return sum(x) / len(x) if isinstance(x, list) else x


def kept(series, what, how):
    """What a measure keeps of its own best so far through the largest scale's noise, at every step; None where it says nothing."""
    if f"{what}_fixed" not in series[0]:
        return None
    fixed, now = ([mean(s[f"{what}_{k}"]) for s in series] for k in ("fixed", how))
    if max(fixed) < FLOOR[what]:
        return None
    best, out = 0.0, []
    for a, b in zip(fixed, now):
        best = max(best, a)
        out.append(b / best if best >= FLOOR[what] else 1.0)
    return out


def larger(a, b):
    both = [x for x in (a, b) if x is not None]
    return None if not both else [max(x) for x in zip(*both)]


def tail(flags):
    """The index from which on all are true; None if the last is not."""
    if not flags or not flags[-1]:
        return None
    i = len(flags) - 1
    while i and flags[i - 1]:
        i -= 1
    return i


def shares(series):
    """What the prediction carries of what the target does: at every step as a whole, and at every horizon."""
    def ratio(p, z):
        return p / z if z >= READABLE else None

    whole, by_horizon = [], []
    for s in series:
        both = [ratio(mean(s[k + "_pred"]), mean(s[k + "_own"])) for k in ("content", "class") if k + "_pred" in s]
        whole.append(max([x for x in both if x is not None], default=None))
        if "content_pred" in s:
            by_horizon.append([ratio(p, z) for p, z in zip(s["content_pred"], s["content_own"])])
    return whole, by_horizon


def never(steps, series):
    """The label of a run of which the probes read next to nothing at its best."""
    for name, true in (("complete", lambda s: s["scale"] < 1e-3 * s["norm"]), ("positional", lambda s: s.get("place_fixed", 0) >= 0.5)):
        if all(true(s) for s in series[1:]):
            return dict(outcome=f"{name} collapse", either=[f"{name} collapse"], onset_step=steps[1], keeps=0.0, edge=False)
    return dict(outcome="ambiguous", why="the probes read next to nothing at best")


def collapse(series, since, steps):
    scale = [s["scale"] for s in series]
    s = scale[-1] / max(scale)
    own = larger(kept(series, "content", "own"), kept(series, "class", "own"))[-1]
    place = series[-1].get("place_fixed", 0)
    if place >= 0.5 and s >= 0.1 and own < ALIVE:
        names = ["positional collapse"] + (["complete collapse"] if s < 0.3 else [])
    elif s < 0.3 or (own >= ALIVE and s < 0.5):
        names = ["complete collapse"] + (["dimensional collapse"] if s >= 0.1 and own < COLLAPSED else [])
    else:
        names = ["dimensional collapse"] + (["complete collapse"] if s < 0.5 else [])
    either = names + (["explosion"] if exploded(scale, since) else [])
    return dict(outcome=names[0], either=either, onset_step=steps[since], scale=round(s, 3), own=round(own, 3))


def exploded(scale, since):
    """Whether the variance grew tenfold above all steps before it in one saved step, from the collapse on."""
    return any(scale[i] >= GROWN * max(scale[:i]) for i in range(max(since, 2), len(scale)))


def label(steps, series, family):
    if len(steps) < 8:
        return dict(outcome="ambiguous", why="fewer than eight finite steps")
    by_class, by_content = kept(series, "class", "fixed"), kept(series, "content", "fixed")
    keeps = larger(by_content, by_class)
    if keeps is None:
        return never(steps, series)
    last = round(keeps[-1], 3)
    low = [k < COLLAPSED for k in keeps]
    since = tail(low)
    if since is not None:
        alone = family == "token" and by_class is None and last >= CONTENT_ALONE
        return dict(collapse(series, since, steps), keeps=last, edge=last > EDGE_LOW or alone)
    within = kept(series, "within", "fixed") if family in ("token", "sequence", "audio") else None
    since = None if within is None else tail([w < 0.25 for w in within])
    if since is not None and ((by_class or [0])[-1] >= ALIVE or (by_content or [0])[-1] >= 0.2):
        return dict(outcome="token collapse", either=["token collapse", "over-smoothing"], onset_step=steps[since], keeps=last, within=round(within[-1], 3), edge=within[-1] > 0.2)
    if last < ALIVE:
        return dict(outcome="ambiguous", keeps=last, why=f"keeps {last}")
    if sum(low) >= 3 or any(a and b for a, b in zip(low, low[1:])):
        return dict(outcome="ambiguous", keeps=last, why="had lost half of what it carried, and came back")
    return predictor(steps, series, family, last) or dict(outcome="healthy", either=["healthy"], onset_step=None, keeps=last, edge=last < EDGE_HIGH)


def predictor(steps, series, family, last):
    """The label where it is decided by the prediction, or by its being near a bound; None where the run is healthy."""
    if not any(k.endswith("_pred") for k in series[0]):
        return None
    whole, by_horizon = shares(series)
    if any(w is None for w in whole):
        return dict(outcome="ambiguous", keeps=last, why="the target is not read at its own scale")
    blind = [w < BLIND for w in whole]
    share = round(whole[-1], 3)
    at = lambda i: steps[min(max(i, WARM_UP), len(steps) - 1)]
    if (since := tail(blind)) is not None:
        return dict(outcome="predictor collapse", either=["predictor collapse"], onset_step=at(since), keeps=last, share=share, edge=share > 0.07)
    if family in HORIZONS and (dead := dying(by_horizon)):
        return dict(outcome="horizon collapse", either=["horizon collapse", "predictor collapse"], onset_step=at(min(dead.values())), keeps=last, share=share, horizons=[h + 1 for h in dead], edge=False)
    lowest = min([h for h in by_horizon[-1] if h is not None], default=1) if family in HORIZONS and by_horizon else 1
    if min(share, lowest) < SEEING or sum(blind) > len(blind) / 2:
        return dict(outcome="ambiguous", keeps=last, why=f"predicts {share} of what the target carries, {lowest:.2f} at the worst horizon, blind at {sum(blind)} of {len(blind)} steps")
    if share < EDGE_SEEING:
        return dict(outcome="healthy", either=["healthy"], onset_step=None, keeps=last, share=share, edge=True)
    return dict(outcome="healthy", either=["healthy"], onset_step=None, keeps=last, share=share, edge=last < EDGE_HIGH)


def dying(by_horizon):
    """The horizons (from 0) that stay blind to the end, with the index from which they do."""
    dead = {}
    for h in range(len(by_horizon[0])):
        told = [s[h] for s in by_horizon]
        if any(x is None for x in told):
            continue
        since = tail([x < BLIND for x in told])
        before = by_horizon[-1][h - 1] if h else 0
        if since is not None and (max(told) >= SEEING or h - 1 in dead or (before or 0) >= 0.5):
            dead[h] = since
    return dead if len(dead) < len(by_horizon[0]) else {}


def main(out):
    labels = {}
    for path in sorted(glob.glob(os.path.join(out, "probes", "*.json"))):
        with open(path) as file:
            run = json.load(file)
        c = run["config"]
        for form, series in run["series"].items():
            told = label(run["steps"], series, c["family"])
            labels[f"{c['name']}.{form}"] = dict(
                family=c["family"], mode=c["mode"], form=form, data=c["data"], split=c["split"], rows=c["rows"], dim=c["dim"],
                every=c["every"], steps=run["steps"], scale_free=bool(run["scale_free"]), **told,
            )
    with open(os.path.join(out, "labels.ndjson"), "w") as file:
        file.writelines(json.dumps(dict(name=k, **v)) + "\n" for k, v in labels.items())
    count = collections.Counter((v["family"], v["form"], v["outcome"] + (" (edge)" if v.get("edge") else "")) for v in labels.values())
    for key, n in sorted(count.items()):
        print(*key, n, sep="\t")


if __name__ == "__main__":
    main(sys.argv[1])
