"""Trains many seeds of one recipe of each family, and the same recipe with what makes it collapse half way.

    python3 bench/detection/normal/families.py OUT --jobs 2 [--only token]      # label with ../families/label.py OUT

Data, rates and shapes are those of the runs named here; nothing is downloaded.
"""
import argparse
import os
import random
import sys
from concurrent.futures import ProcessPoolExecutor

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "families"))
from modes import OFF, late, trainings  # noqa: E402
from train import train  # noqa: E402

SEEDS = 24
BAD_SEEDS = 2
RECIPES = ["video_vicreg_0", "joint_vicreg_0", "sequence_vicreg_0", "token_ema_vic_2"]
#: What is done to a recipe, before a half of its steps.
EVENTS = {
    "terms_off": late(0.4, target="joint", **OFF),
    "cov_off": late(0.4, target="joint", cov=0.0, var=5.0),
    "shuffled": late(0.4, shuffle=1),
    "blow_up": late(0.5, lr=0.1),
}


def configs():
    of = {config["name"]: config for config in trainings()}
    for recipe in RECIPES:
        for bad, changes in [("", {})] + list(EVENTS.items()):
            for i in range(BAD_SEEDS if bad else SEEDS):
                name = f"{recipe}_{bad}_s{i:02d}".replace("__", "_")
                seed = random.Random(name).randrange(1, 10**6)
                yield dict(of[recipe], name=name, mode=f"{recipe} {bad}".strip(), split="given", seed=seed, **changes)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="", help="how the names of recipes begin")
    options = parser.parse_args()
    chosen = [c for c in configs() if c["name"].startswith(options.only)]
    with ProcessPoolExecutor(options.jobs) as pool:
        for name, seconds in pool.map(train, [(c, options.out, "") for c in chosen]):
            if seconds:
                print(f"{name} {seconds:.1f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
