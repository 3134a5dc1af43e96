"""Writes the manifest of the runs to train: one configuration a run, its mode, and nothing of what is expected of it.

    python3 grid.py [--quick] > manifest.json
"""
import argparse
import json
import random

BASE = dict(
    data="digits", dim=32, hidden=48, pred_units=0, norm="ln", lr=1e-3, wd=1e-4, batch=64, rows=256, steps=1000,
    every=100, target="joint", momentum=0.99, mse=1.0, cos=0.0, var=0.0, cov=0.0, barlow=0.0, sigreg=0.0, events=[],
    shuffle=False, feed_action=True, feed_context=True, pred_shrink=1.0, warmup=0, decay=False, init_scale=1.0,
    context=False,
)
VIC = dict(var=1.0, cov=0.04)
OFF = dict(var=0.0, cov=0.0)


def at(step, **changes):
    return dict(events=[dict(step=step, set=changes)])


# Each mode is a list of variants; rounds take them in turn.
MODES = {
    "vicreg": [VIC, dict(var=1.0, cov=0.01), dict(var=5.0, cov=0.2), dict(var=1.0, cov=1.0)],
    "vicreg_bn": [dict(VIC, norm="bn")],
    "vicreg_schedule": [dict(VIC, warmup=300), dict(VIC, decay=True), dict(VIC, warmup=500, decay=True)],
    "vicreg_decay": [dict(VIC, wd=0.05), dict(VIC, wd=0.5)],
    "vicreg_weaker": [dict(VIC, **at(480, var=0.5, cov=0.02)), dict(VIC, **at(360, var=0.2, cov=0.01))],
    "ema": [dict(target="ema"), dict(target="ema", momentum=0.996), dict(target="ema", momentum=0.9)],
    "ema_bn": [dict(target="ema", norm="bn")],
    "ema_cos": [dict(target="ema", mse=0.0, cos=1.0)],
    "ema_vic": [dict(VIC, target="ema"), dict(VIC, target="ema", momentum=0.996)],
    "stopgrad": [dict(target="stopgrad"), dict(target="stopgrad", norm="bn"), dict(target="stopgrad", mse=0.0, cos=1.0)],
    "sigreg": [dict(sigreg=0.02), dict(sigreg=0.1), dict(sigreg=0.004)],
    "barlow": [dict(barlow=1.0), dict(barlow=0.2)],
    "frozen": [dict(target="frozen"), dict(target="frozen", lr=3e-4), dict(target="frozen", feed_action=False)],
    "joint": [dict(), dict(norm="bn"), dict(cos=1.0), dict(wd=0.05)],
    "joint_large": [dict(init_scale=5.0), dict(init_scale=20.0)],
    "late_off": [dict(VIC, **at(420, **OFF)), dict(VIC, **at(240, **OFF)), dict(sigreg=0.05, **at(360, sigreg=0.0))],
    "late_joint": [dict(target="ema", **at(420, target="joint")), dict(target="stopgrad", **at(300, target="joint"))],
    "varonly": [dict(var=1.0), dict(var=5.0), dict(var=1.0, norm="bn")],
    "weak_cov": [dict(var=1.0, cov=0.001), dict(var=1.0, cov=0.0002)],
    "late_varonly": [dict(VIC, **at(360, cov=0.0)), dict(VIC, **at(540, cov=0.0))],
    "covonly": [dict(cov=0.04), dict(cov=1.0)],
    "weak_vic": [dict(var=0.01, cov=0.0004), dict(var=0.03, cov=0.0012)],
    "blow_up": [dict(VIC, **at(420, lr=0.3)), dict(VIC, **at(420, lr=0.05)), dict(target="ema", **at(360, lr=0.3))],
    "shuffled": [dict(target="frozen", shuffle=True), dict(VIC, target="ema", shuffle=True)],
    "late_shuffled": [dict(target="frozen", **at(420, shuffle=True)), dict(VIC, target="ema", **at(420, shuffle=True))],
    "pred_dies": [dict(target="frozen", **at(420, pred_shrink=0.98)), dict(VIC, target="ema", **at(300, pred_shrink=0.99))],
    "no_context": [dict(target="frozen", feed_context=False, feed_action=False), dict(VIC, target="ema", **at(420, feed_context=False, feed_action=False))],
    "bottleneck": [dict(target="frozen", pred_units=1), dict(VIC, target="ema", pred_units=2)],
    "copying": [dict(VIC, context=True), dict(target="frozen", feed_action=False, context=True)],
}

# What the runs of a round have in common, so that they can train side by side: all modes at one shape.
# Bounds are never tuned on what is held out: one whole data set, and shapes nobody looked at while tuning. A round for
# whose sake a rule has changed is tuned on from then on.
ROUNDS = [
    dict(split="tuned", data="digits", dim=32, hidden=64, batch=96),
    dict(split="tuned", data="cancer", dim=16),
    dict(split="tuned", data="ball", dim=64, hidden=64, batch=96, rows=128),
    dict(split="held-out", data="pendulum", dim=32),
    dict(split="held-out", data="digits", dim=16, every=50, steps=800),
    dict(split="tuned", data="digits", dim=48),
    dict(split="tuned", data="patches", dim=128),
    dict(split="held-out", data="digits", dim=128, rows=96),
    dict(split="tuned", data="digits", dim=8),
    dict(split="tuned", data="patches", dim=24, rows=512),
    dict(split="held-out", data="pendulum", dim=96, every=200, steps=1600),
    dict(split="held-out", data="digits", dim=12, batch=128),
    dict(split="held-out", data="patches", dim=40, batch=96),
]


def grid(quick):
    runs = []
    for index, shape in enumerate(ROUNDS[:2] if quick else ROUNDS):
        for mode, variants in MODES.items():
            settings = dict(BASE, **shape)
            settings.update(variants[index % len(variants)])
            name = f"{mode}_{index:02d}"
            dice = random.Random(name)
            # The first two rounds have the rate of the ten published runs.
            if index > 1 and "lr" not in variants[index % len(variants)]:
                settings["lr"] = dice.choice([3e-4, 1e-3, 1e-3, 3e-3])
            runs.append(dict(name=name, mode=mode, round=index, seed=dice.randrange(1, 10**6), **settings))
    return runs


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="the first two rounds of thirteen")
    print(json.dumps(dict(runs=grid(parser.parse_args().quick)), indent=1))
