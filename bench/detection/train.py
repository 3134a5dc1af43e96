"""Trains the small action-conditioned JEPAs of a manifest and saves what `collapse check` reads, and what labels need.

    python3 grid.py > manifest.json && python3 train.py manifest.json OUT

A run writes OUT/runs/<name>/step_%06d/{prediction,target}.npy, one validation batch a saved step, and
OUT/truth/<name>.npz: the same network's outputs for other rows, with the inputs and classes behind them, from which
label.py decides what became of the run. Nothing here looks at a metric of the tool. One thread, and everything from the
run's seed: the same PyTorch writes the same bytes.
"""
import argparse
import json
import os
import sys

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from worlds import world

TRUTH_ROWS = 384


def mlp(i, h, o, norm):
    first = nn.BatchNorm1d(h) if norm == "bn" else nn.LayerNorm(h)
    return nn.Sequential(nn.Linear(i, h), first, nn.GELU(), nn.Linear(h, h), nn.GELU(), nn.Linear(h, o))


def off_diagonal(c):
    return (c - torch.diag(torch.diag(c))).pow(2).sum()


def vicreg(z, var, cov):
    z = z - z.mean(0)
    loss = 0.0
    if var:
        loss = loss + var * F.relu(1 - torch.sqrt(z.var(0) + 1e-4)).mean()
    if cov:
        loss = loss + cov * off_diagonal(z.T @ z / (len(z) - 1)) / z.shape[1]
    return loss


def barlow(p, z, weight):
    p, z = (p - p.mean(0)) / (p.std(0) + 1e-5), (z - z.mean(0)) / (z.std(0) + 1e-5)
    c = p.T @ z / len(z)
    return weight * ((1 - torch.diag(c)).pow(2).sum() + 0.01 * off_diagonal(c)) / z.shape[1]


def sigreg(z, weight):
    """LeJEPA's statistic on 16 fresh slices."""
    a = torch.randn(z.shape[1], 16)
    t = torch.linspace(0, 3, 17)
    phi = torch.exp(-t * t / 2)
    x = (z @ (a / a.norm(dim=0)))[:, :, None] * t
    misfit = (torch.cos(x).mean(0) - phi).pow(2) + torch.sin(x).mean(0).pow(2)
    return weight * len(z) * torch.trapz(misfit * phi, t, dim=-1).mean() * 2


class Run:
    """One run of the manifest. `settings` change at the steps that `events` names."""

    def __init__(self, config):
        self.c = c = dict(config)
        torch.manual_seed(c["seed"])
        self.rng = np.random.default_rng(c["seed"])
        self.world = w = world(c["data"])
        self.encoder = mlp(w.obs, c["hidden"], c["dim"], c["norm"])
        self.target = mlp(w.obs, c["hidden"], c["dim"], c["norm"])
        self.target.load_state_dict(self.encoder.state_dict())
        self.predictor = mlp(c["dim"] + w.act, c["pred_hidden"], c["dim"], c["norm"])
        if c["init_scale"] != 1:
            with torch.no_grad():
                for q in (self.encoder[-1], self.target[-1]):
                    q.weight.mul_(c["init_scale"])
                    q.bias.mul_(c["init_scale"])
        self.frozen_matrix = torch.randn(w.obs, c["dim"]) * (2.7 / w.obs**0.5)
        trained = list(self.predictor.parameters())
        if c["target"] != "frozen":
            trained += list(self.encoder.parameters())
        self.optimizer = torch.optim.AdamW(trained, lr=c["lr"], weight_decay=c["wd"], foreach=True)
        held_out = np.random.default_rng(999)
        x0, action, x1, _ = w.draw(c["rows"], held_out, True)
        self.batch = tuple(map(torch.from_numpy, (x0, action, x1)))
        x0, action, x1, self.classes = w.draw(TRUTH_ROWS, held_out, True)
        self.truth = tuple(map(torch.from_numpy, (x0, action, x1)))
        self.kept = {"step": [], "target": [], "prediction": []}

    def encode(self, x):
        return torch.tanh(x @ self.frozen_matrix) if self.c["target"] == "frozen" else self.encoder(x)

    def encode_target(self, x):
        return self.target(x) if self.c["target"] == "ema" else self.encode(x)

    def predict(self, z0, action):
        if not self.c["feed_action"]:
            action = torch.zeros_like(action)
        if not self.c["feed_context"]:
            z0 = torch.zeros_like(z0)
        return self.predictor(torch.cat([z0, action], 1))

    def loss(self, x0, action, x1):
        c = self.c
        frozen = c["target"] == "frozen"
        with torch.set_grad_enabled(not frozen):
            z0 = self.encode(x0)
        with torch.set_grad_enabled(c["target"] == "joint"):
            z1 = self.encode_target(x1)
        seen = z1[torch.randperm(len(z1))] if c["shuffle"] else z1
        p = self.predict(z0, action)
        loss = c["mse"] * F.mse_loss(p, seen)
        if c["cos"]:
            loss = loss + c["cos"] * (1 - F.cosine_similarity(p, seen).mean())
        if frozen:
            return loss
        regularised = [z0, z1] if c["target"] == "joint" else [z0]
        for z in regularised:
            loss = loss + vicreg(z, c["var"], c["cov"])
            if c["sigreg"]:
                loss = loss + sigreg(z, c["sigreg"])
        if c["barlow"]:
            loss = loss + barlow(p, seen, c["barlow"])
        return loss

    def update(self, step):
        c = self.c
        for event in c["events"]:
            if step == event["step"]:
                c.update(event["set"])
        rate = c["lr"] * min(1, step / c["warmup"]) if c["warmup"] else c["lr"]
        if c["decay"]:
            rate *= 0.5 * (1 + np.cos(np.pi * step / c["steps"]))
        for group in self.optimizer.param_groups:
            group["lr"], group["weight_decay"] = rate, c["wd"]
        x0, action, x1, _ = self.world.draw(c["batch"], self.rng, False)
        loss = self.loss(*map(torch.from_numpy, (x0, action, x1)))
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        with torch.no_grad():
            if c["pred_shrink"] != 1:
                self.predictor[-1].weight.mul_(c["pred_shrink"])
            if c["target"] == "ema":
                m = c["momentum"]
                slow = list(self.target.parameters())
                torch._foreach_mul_(slow, m)
                torch._foreach_add_(slow, list(self.encoder.parameters()), alpha=1 - m)
                for q, k in zip(self.target.buffers(), self.encoder.buffers()):
                    q.copy_(k)

    def outputs(self, x0, action, x1):
        nets = (self.encoder, self.target, self.predictor)
        for net in nets:
            net.eval()
        with torch.no_grad():
            z0 = self.encode(x0)
            result = self.predict(z0, action), self.encode_target(x1), z0
        for net in nets:
            net.train()
        return [r.numpy().astype(np.float32) for r in result]

    def save(self, step, folder):
        prediction, target, context = self.outputs(*self.batch)
        at = os.path.join(folder, f"step_{step:06d}")
        os.makedirs(at, exist_ok=True)
        np.save(os.path.join(at, "prediction.npy"), prediction)
        np.save(os.path.join(at, "target.npy"), target)
        if self.c["context"]:
            np.save(os.path.join(at, "context.npy"), context)
        prediction, target, _ = self.outputs(*self.truth)
        self.kept["step"].append(step)
        self.kept["target"].append(target)
        self.kept["prediction"].append(prediction)


def train(config, out):
    truth = os.path.join(out, "truth", config["name"] + ".npz")
    if os.path.exists(truth):
        return False
    run = Run(config)
    folder = os.path.join(out, "runs", config["name"])
    run.save(0, folder)
    for step in range(1, config["steps"] + 1):
        run.update(step)
        if step % config["every"] == 0:
            run.save(step, folder)
            if not np.isfinite(run.kept["target"][-1]).all():
                break
    x0, action, x1 = (t.numpy() for t in run.truth)
    classes = {} if run.classes is None else {"classes": run.classes}
    os.makedirs(os.path.dirname(truth), exist_ok=True)
    half = truth + ".part.npz"
    np.savez(half, x0=x0, action=action, x1=x1, **classes, **{k: np.stack(v) for k, v in run.kept.items()})
    os.replace(half, truth)
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("manifest")
    parser.add_argument("out")
    parser.add_argument("--share", default="1/1", help="I/N: every Nth run from the Ith on, for several processes")
    parser.add_argument("--only", default="", help="only runs whose name contains this")
    options = parser.parse_args()
    torch.set_num_threads(1)
    part, parts = map(int, options.share.split("/"))
    with open(options.manifest) as file:
        runs = json.load(file)["runs"]
    for config in [r for r in runs if options.only in r["name"]][part - 1 :: parts]:
        if train(config, options.out):
            print(config["name"], file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
