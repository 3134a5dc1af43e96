"""Writes the manifest of the runs to train: one configuration a run, its mode, and nothing of what is expected of it.

    python3 grid.py [--quick] > manifest.json
"""
import argparse
import json
import random

BASE = dict(
    data="digits", dim=32, hidden=64, pred_hidden=64, norm="ln", lr=1e-3, wd=1e-4, batch=128, rows=256, steps=1200,
    every=100, target="joint", momentum=0.99, mse=1.0, cos=0.0, var=0.0, cov=0.0, barlow=0.0, sigreg=0.0, events=[],
    shuffle=False, feed_action=True, feed_context=True, pred_shrink=1.0, warmup=0, decay=False, init_scale=1.0,
    context=False,
)
VIC = dict(var=1.0, cov=0.04)
OFF = dict(var=0.0, cov=0.0)


def at(step, **changes):
    return dict(events=[dict(step=step, set=changes)])


# Each mode is a list of variants; runs take them in turn over data sets, widths, rates, batches and seeds.
MODES = {
    "vicreg": [VIC, dict(var=1.0, cov=0.01), dict(var=5.0, cov=0.2), dict(var=1.0, cov=1.0)],
    "vicreg_bn": [dict(VIC, norm="bn")],
    "vicreg_schedule": [dict(VIC, warmup=300), dict(VIC, decay=True), dict(VIC, warmup=500, decay=True)],
    "vicreg_decay": [dict(VIC, wd=0.05), dict(VIC, wd=0.5)],
    "vicreg_weaker": [dict(VIC, **at(800, var=0.5, cov=0.02)), dict(VIC, **at(600, var=0.2, cov=0.01))],
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
    "late_off": [dict(VIC, **at(700, **OFF)), dict(VIC, **at(400, **OFF)), dict(sigreg=0.05, **at(600, sigreg=0.0))],
    "late_joint": [dict(target="ema", **at(700, target="joint")), dict(target="stopgrad", **at(500, target="joint"))],
    "varonly": [dict(var=1.0), dict(var=5.0), dict(var=1.0, norm="bn")],
    "weak_cov": [dict(var=1.0, cov=0.001), dict(var=1.0, cov=0.0002)],
    "late_varonly": [dict(VIC, **at(600, cov=0.0)), dict(VIC, **at(900, cov=0.0))],
    "covonly": [dict(cov=0.04), dict(cov=1.0)],
    "weak_vic": [dict(var=0.01, cov=0.0004), dict(var=0.03, cov=0.0012)],
    "blow_up": [dict(VIC, **at(700, lr=0.3)), dict(VIC, **at(700, lr=0.05)), dict(target="ema", **at(600, lr=0.3))],
    "shuffled": [dict(target="frozen", shuffle=True), dict(VIC, target="ema", shuffle=True)],
    "late_shuffled": [dict(target="frozen", **at(700, shuffle=True)), dict(VIC, target="ema", **at(700, shuffle=True))],
    "pred_dies": [dict(target="frozen", **at(700, pred_shrink=0.98)), dict(VIC, target="ema", **at(500, pred_shrink=0.99))],
    "no_context": [dict(target="frozen", feed_context=False, feed_action=False), dict(VIC, target="ema", **at(700, feed_context=False, feed_action=False))],
    "bottleneck": [dict(target="frozen", pred_hidden=1), dict(VIC, target="ema", pred_hidden=2)],
    "copying": [dict(VIC, context=True), dict(target="frozen", feed_action=False, context=True)],
}

DATA = ["digits", "patches", "pendulum", "ball", "cancer"]
DIMS = [32, 48, 16, 64, 8]


HELD_OUT_DATA = ["pendulum", "cancer"]
HELD_OUT_ROUND = 4


def run(mode, index, variant, dice, **changes):
    settings = dict(BASE, **variant)
    settings.update(changes)
    name = f"{mode}_{index:02d}"
    # Bounds are never tuned on these: two whole data sets, and later rounds, whose seeds and settings nobody looked at.
    held_out = settings["data"] in HELD_OUT_DATA or index >= HELD_OUT_ROUND
    split = "held-out" if held_out else "tuned"
    return dict(name=name, mode=mode, split=split, seed=dice.randrange(1, 10**6), **settings)


def grid(quick):
    dice = random.Random(20)
    runs = []
    rounds = 2 if quick else 10
    for mode, variants in MODES.items():
        for index in range(rounds):
            variant = variants[index % len(variants)]
            data = "digits" if index % 2 == 0 else DATA[(index // 2 + len(runs) // rounds) % 4 + 1]
            changes = dict(data=data)
            # The first round is digits as the ten published runs are; later ones move everything at once.
            if index > 0:
                changes["dim"] = DIMS[(index + len(runs) // rounds) % 5]
                changes["batch"] = dice.choice([64, 96, 128])
                changes["rows"] = dice.choice([64, 128, 256, 256, 256, 384])
                changes["every"] = dice.choice([100, 100, 100, 50, 200])
                changes["hidden"] = dice.choice([48, 64, 96])
                if "lr" not in variant:
                    changes["lr"] = dice.choice([3e-4, 1e-3, 1e-3, 3e-3])
            runs.append(run(mode, index, variant, dice, **changes))
    # By round, so that what is trained first has every mode.
    return sorted(runs, key=lambda r: int(r["name"].rsplit("_", 1)[1]))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="two runs a mode instead of ten")
    print(json.dumps(dict(runs=grid(parser.parse_args().quick)), indent=1))
