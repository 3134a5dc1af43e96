"""Trains the small action-conditioned JEPAs of a manifest and saves what `collapse check` reads, and what labels need.

    python3 grid.py > OUT/manifest.json && python3 train.py OUT/manifest.json OUT

A run writes OUT/runs/<name>/step_%06d/{prediction,target}.npy, one validation batch a saved step, and
OUT/truth/<name>.npz: the same network's outputs for other rows, with the inputs and classes behind them, from which
label.py decides what became of the run. Nothing here looks at a metric of the tool.

Runs of one shape train side by side, as slices of the same tensors: they see the same batches, and share nothing else.
One thread, and everything from seeds: the same PyTorch writes the same bytes.
"""
import argparse
import json
import os
import sys

import numpy as np
import torch
import torch.nn.functional as F

from worlds import world

TRUTH_ROWS = 384
#: What runs must have in common to be slices of one tensor.
SHAPE = ("data", "dim", "hidden", "norm", "batch", "rows", "steps", "every")
RATES = (0.9, 0.999, 1e-8)


class Nets:
    """As many perceptrons as seeds: in -> hidden (normalised, GELU) -> hidden (GELU) -> out, on tensors [runs, rows, in]."""

    def __init__(self, sizes, norm, seeds):
        self.norm = norm
        drawn = [self.draw(sizes, torch.Generator().manual_seed(seed)) for seed in seeds]
        self.params = [torch.stack(same).requires_grad_() for same in zip(*drawn)]
        self.mean = torch.zeros(len(seeds), 1, sizes[1])
        self.var = torch.ones(len(seeds), 1, sizes[1])

    @staticmethod
    def draw(sizes, generator):
        """PyTorch's own initial law of a linear layer: uniform within 1/sqrt(in)."""
        params = []
        for i, o in zip(sizes, sizes[1:]):
            for shape in ((i, o), (1, o)):
                params.append((torch.rand(shape, generator=generator) * 2 - 1) / i**0.5)
        return params

    def __call__(self, x, training):
        a, b, c, d, e, f = self.params
        h = F.gelu(self.normalised(x @ a + b, training))
        return F.gelu(h @ c + d) @ e + f

    def normalised(self, h, training):
        if self.norm == "ln":
            return F.layer_norm(h, h.shape[-1:])
        if not training:
            return (h - self.mean) / (self.var + 1e-5).sqrt()
        mean, var = h.mean(1, keepdim=True), h.var(1, unbiased=False, keepdim=True)
        with torch.no_grad():
            self.mean.lerp_(mean, 0.1)
            self.var.lerp_(var, 0.1)
        return (h - mean) / (var + 1e-5).sqrt()


def centred(z):
    return z - z.mean(1, keepdim=True)


def off_diagonal(c):
    return (c**2).sum((1, 2)) - (torch.diagonal(c, dim1=1, dim2=2) ** 2).sum(1)


def variance_hinge(z):
    return F.relu(1 - (z.var(1) + 1e-4).sqrt()).mean(1)


def covariance(z):
    z = centred(z)
    return off_diagonal(z.transpose(1, 2) @ z / (z.shape[1] - 1)) / z.shape[2]


def barlow(p, z):
    p, z = (centred(x) / (x.std(1, keepdim=True) + 1e-5) for x in (p, z))
    c = p.transpose(1, 2) @ z / z.shape[1]
    return ((1 - torch.diagonal(c, dim1=1, dim2=2)) ** 2).sum(1) / z.shape[2] + 0.01 * off_diagonal(c) / z.shape[2]


def sigreg(z):
    """LeJEPA's statistic on 16 fresh slices."""
    a = torch.randn(z.shape[2], 16)
    t = torch.linspace(0, 3, 17)
    phi = torch.exp(-t * t / 2)
    x = (z @ (a / a.norm(dim=0)))[..., None] * t
    misfit = (torch.cos(x).mean(1) - phi).pow(2) + torch.sin(x).mean(1).pow(2)
    return z.shape[1] * torch.trapz(misfit * phi, t, dim=-1).mean(1) * 2


class Fleet:
    """Runs of one shape. Settings change at the steps that their `events` name."""

    def __init__(self, configs):
        self.configs = configs = [dict(c) for c in configs]
        first = configs[0]
        self.world = w = world(first["data"])
        dim, hidden, norm = first["dim"], first["hidden"], first["norm"]
        seeds = [c["seed"] for c in configs]
        torch.manual_seed(first["batch"])
        self.rng = np.random.default_rng([first["dim"], first["batch"], first["rows"]])
        self.encoder = Nets((w.obs, hidden, hidden, dim), norm, seeds)
        self.target = Nets((w.obs, hidden, hidden, dim), norm, seeds)
        self.predictor = Nets((dim + w.act, hidden, hidden, dim), norm, [s + 1 for s in seeds])
        with torch.no_grad():
            scale = self.column("init_scale")
            for net in (self.encoder, self.target):
                for q in net.params[-2:]:
                    q.mul_(scale)
            # A predictor of fewer units: the others are cut off, and stay so.
            units = torch.tensor([c["pred_units"] or hidden for c in configs])
            self.open = (torch.arange(hidden) < units[:, None]).float()[:, :, None]
        self.frozen_matrix = torch.stack(
            [torch.randn(w.obs, dim, generator=torch.Generator().manual_seed(s + 2)) for s in seeds]
        ) * (2.7 / w.obs**0.5)
        self.moments = [(torch.zeros_like(q), torch.zeros_like(q)) for q in self.trained()]
        held_out = np.random.default_rng(999)
        x0, action, x1, _ = w.draw(first["rows"], held_out, True)
        self.batch = tuple(map(torch.from_numpy, (x0, action, x1)))
        x0, action, x1, self.classes = w.draw(TRUTH_ROWS, held_out, True)
        self.truth = tuple(map(torch.from_numpy, (x0, action, x1)))
        self.kept = [{"step": [], "target": [], "prediction": []} for _ in configs]
        self.read_settings()

    def column(self, key):
        """One setting of every run, to multiply [runs, rows, dims] with."""
        return torch.tensor([float(c[key]) for c in self.configs])[:, None, None]

    def trained(self):
        return self.encoder.params + self.predictor.params

    def read_settings(self):
        kind = [c["target"] for c in self.configs]
        which = lambda name: torch.tensor([k == name for k in kind])[:, None, None]
        self.frozen, self.joint, self.slow = which("frozen"), which("joint"), which("ema")
        self.set = {k: self.column(k) for k in ("lr", "wd", "momentum", "mse", "cos", "var", "cov", "barlow", "sigreg",
                                                "shuffle", "feed_action", "feed_context", "pred_shrink")}
        self.any = {k: [i for i, c in enumerate(self.configs) if c[k]] for k in ("barlow", "sigreg")}

    def encode(self, net, x, training):
        z = net(x, training)
        return torch.where(self.frozen, torch.tanh(x @ self.frozen_matrix), z) if self.frozen.any() else z

    def predict(self, z0, action, training):
        s = self.set
        action = action.expand(len(z0), *action.shape) * s["feed_action"]
        x = torch.cat([z0 * s["feed_context"], action], 2)
        a, b, c, d, e, f = self.predictor.params
        h = F.gelu(self.predictor.normalised(x @ a + b, training))
        return (F.gelu(h @ c + d) @ (e * self.open)) + f

    def loss(self, x0, action, x1):
        s = self.set
        z0 = self.encode(self.encoder, x0, True)
        online = self.encode(self.encoder, x1, True)
        with torch.no_grad():
            slow = self.encode(self.target, x1, True)
        z1 = torch.where(self.joint, online, torch.where(self.slow, slow, online.detach()))
        seen = torch.where(s["shuffle"] > 0, z1[:, torch.randperm(z1.shape[1])], z1)
        p = self.predict(z0, action, True)
        w = {k: v[:, 0, 0] for k, v in s.items()}
        loss = w["mse"] * ((p - seen) ** 2).mean((1, 2)) + w["cos"] * (1 - F.cosine_similarity(p, seen, dim=2).mean(1))
        both = self.joint[:, 0, 0].float()
        loss = loss + w["var"] * (variance_hinge(z0) + both * variance_hinge(online))
        loss = loss + w["cov"] * (covariance(z0) + both * covariance(online))
        loss = loss.sum()
        if i := self.any["sigreg"]:
            loss = loss + (w["sigreg"][i] * (sigreg(z0[i]) + both[i] * sigreg(online[i]))).sum()
        if i := self.any["barlow"]:
            loss = loss + (w["barlow"][i] * barlow(p[i], seen[i])).sum()
        return loss

    def rate(self, step):
        factors = [
            min(1, step / c["warmup"] if c["warmup"] else 1) * (0.5 * (1 + np.cos(np.pi * step / c["steps"])) if c["decay"] else 1)
            for c in self.configs
        ]
        return self.set["lr"] * torch.tensor(factors, dtype=torch.float32)[:, None, None]

    def update(self, step):
        events = [(c, e["set"]) for c in self.configs for e in c["events"] if e["step"] == step]
        for config, changes in events:
            config.update(changes)
        if events:
            self.read_settings()
        x0, action, x1, _ = self.world.draw(self.configs[0]["batch"], self.rng, False)
        loss = self.loss(*map(torch.from_numpy, (x0, action, x1)))
        gradients = torch.autograd.grad(loss, self.trained())
        rate, decay = self.rate(step), self.set["wd"]
        encoder_rate = torch.where(self.frozen, torch.zeros(()), rate)
        b1, b2, epsilon = RATES
        with torch.no_grad():
            for i, (q, g, (m, v)) in enumerate(zip(self.trained(), gradients, self.moments)):
                r = encoder_rate if i < len(self.encoder.params) else rate
                m.lerp_(g, 1 - b1)
                v.mul_(b2).addcmul_(g, g, value=1 - b2)
                q.mul_(1 - r * decay).sub_(r / (1 - b1**step) * m / ((v / (1 - b2**step)).sqrt() + epsilon))
            self.predictor.params[-2].mul_(self.set["pred_shrink"])
            for q, k in zip(self.target.params, self.encoder.params):
                q.copy_(q * self.set["momentum"] + k * (1 - self.set["momentum"]))
            self.target.mean.copy_(self.encoder.mean)
            self.target.var.copy_(self.encoder.var)

    def outputs(self, x0, action, x1):
        with torch.no_grad():
            z0 = self.encode(self.encoder, x0, False)
            net1 = self.encode(self.encoder, x1, False)
            z1 = torch.where(self.slow, self.encode(self.target, x1, False), net1)
            return [r.numpy().astype(np.float32) for r in (self.predict(z0, action, False), z1, z0)]

    def save(self, step, out):
        batch, truth = self.outputs(*self.batch), self.outputs(*self.truth)
        for i, (config, kept) in enumerate(zip(self.configs, self.kept)):
            prediction, target, context = (a[i] for a in batch)
            if not all(np.isfinite(a[i]).all() for a in batch + truth):
                continue
            at = os.path.join(out, "runs", config["name"], f"step_{step:06d}")
            os.makedirs(at, exist_ok=True)
            np.save(os.path.join(at, "prediction.npy"), prediction)
            np.save(os.path.join(at, "target.npy"), target)
            if config["context"]:
                np.save(os.path.join(at, "context.npy"), context)
            kept["step"].append(step)
            kept["prediction"].append(truth[0][i])
            kept["target"].append(truth[1][i])


def train(configs, out):
    fleet = Fleet(configs)
    fleet.save(0, out)
    for step in range(1, configs[0]["steps"] + 1):
        fleet.update(step)
        if step % configs[0]["every"] == 0:
            fleet.save(step, out)
    x0, action, x1 = (t.numpy() for t in fleet.truth)
    classes = {} if fleet.classes is None else {"classes": fleet.classes}
    for config, kept in zip(configs, fleet.kept):
        truth = truth_file(out, config)
        os.makedirs(os.path.dirname(truth), exist_ok=True)
        np.savez(truth + ".part.npz", x0=x0, action=action, x1=x1, **classes, **{k: np.stack(v) for k, v in kept.items()})
        os.replace(truth + ".part.npz", truth)


def truth_file(out, config):
    return os.path.join(out, "truth", config["name"] + ".npz")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("manifest")
    parser.add_argument("out")
    parser.add_argument("--rounds", default="", help="only these rounds of the manifest, as 0,2,4: for several processes")
    options = parser.parse_args()
    torch.set_num_threads(1)
    rounds = [int(r) for r in options.rounds.split(",") if r]
    with open(options.manifest) as file:
        runs = json.load(file)["runs"]
    fleets = {}
    for config in runs:
        if rounds and config["round"] not in rounds:
            continue
        fleets.setdefault(tuple(config[k] for k in SHAPE), []).append(config)
    for shape, configs in fleets.items():
        if not all(os.path.exists(truth_file(options.out, c)) for c in configs):
            train(configs, options.out)
            print(len(configs), *shape, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
