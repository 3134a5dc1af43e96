"""Writes the manifest of many seeds of one recipe: healthy runs of the folder above, trained anew from other seeds.

    python3 bench/detection/normal/grid.py > OUT/manifest.json

What collapses in the same worlds is trained by ../grid.py and kept in ../families/data.
"""
import json
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from grid import grid  # noqa: E402

SEEDS = 40
#: Names in ../grid.py: five recipes of image patches of each width, among them those that `jepa` is wrong about, and six of other data.
RECIPES = [
    "vicreg_09", "vicreg_schedule_09", "vicreg_bn_09", "ema_bn_09", "ema_vic_09",
    "vicreg_12", "ema_bn_12", "ema_cos_12", "stopgrad_12", "sigreg_12",
    "vicreg_00", "ema_00", "vicreg_03", "stopgrad_03", "ema_vic_02", "vicreg_bn_01",
]


def seeds():
    of = {run["name"]: run for run in grid(False)}
    for recipe in RECIPES:
        for i in range(SEEDS):
            name = f"{recipe}_s{i:02d}"
            yield dict(of[recipe], name=name, mode=recipe, seed=random.Random(name).randrange(1, 10**6))


if __name__ == "__main__":
    print(json.dumps(dict(runs=list(seeds())), indent=1))
