"""The family `control`: latent dynamics of simulated machines under actions, rolled out over horizons. Worlds and networks, in the parts of data.py."""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from data import PARTS
from nets import Video

TICK = 0.12


class Machines:
    """
    Episodes [n, time, …] under random actions. `pendulum`: what is seen are sine and cosine of the angle, and the speed; `pixels`: the same
    pendulum as two pictures of 12×12; `cartpole`: a pole on a cart; `arm`: two links that turn by themselves, and a goal that stays.
    """

    seeds = dict(pendulum=103, pixels=107, cartpole=109, arm=113)
    seen = dict(pendulum=3, pixels=288, cartpole=5, arm=8)
    acts = dict(pendulum=1, pixels=1, cartpole=1, arm=2)

    def __init__(self, name):
        self.name, self.act, self.size = name, self.acts[name], self.seen[name]

    def draw(self, n, rng, part, length):
        if part != "train":
            rng = np.random.default_rng([PARTS.index(part), self.seeds[self.name]])
        swings = self.name in ("pendulum", "pixels")
        state = self.start(n, rng)
        seen, states, actions, rewards, before = [], [], [], [], None
        if self.name == "pixels":
            before = self.picture(np.stack([state[:, 0] - TICK * state[:, 1], state[:, 1]], 1))
        for _ in range(length):
            see = self.states(state)
            states.append(see)
            if self.name == "pixels":
                now = self.picture(state)
                see, before = np.concatenate([now, now - before], 1), now
            seen.append(see)
            push = rng.uniform(-1, 1, (n, self.act))
            actions.append(push)
            rewards.append(self.reward(state))
            state = self.swing(state, push) if swings else self.roll(state, push) if self.name == "cartpole" else self.turn(state, push)
        stack = lambda parts: np.stack(parts, 1).astype(np.float32)
        return dict(x=stack(seen), states=stack(states), actions=stack(actions), rewards=stack(rewards))

    def start(self, n, rng):
        if self.name == "cartpole":
            return rng.uniform(-1, 1, (n, 4)) * [1.5, 1, 0.6, 1.2]
        if self.name == "arm":
            return np.concatenate([rng.uniform(-np.pi, np.pi, (n, 2)), rng.standard_normal((n, 2)), rng.uniform(-1.4, 1.4, (n, 2))], 1)
        return np.stack([rng.uniform(-np.pi, np.pi, n), 2.5 * rng.standard_normal(n)], 1)

    def swing(self, s, push):
        speed = 0.98 * s[:, 1] + TICK * (-6 * np.sin(s[:, 0]) + 4 * push[:, 0])
        return np.stack([s[:, 0] + TICK * speed, speed], 1)

    def roll(self, s, push):
        sin, cos = np.sin(s[:, 2]), np.cos(s[:, 2])
        force = (10 * push[:, 0] + 0.05 * s[:, 3] ** 2 * sin) / 1.1
        turn = (9.8 * sin - cos * force) / (0.5 * (4 / 3 - 0.1 * cos**2 / 1.1))
        gain = np.stack([s[:, 1], force - 0.05 * turn * cos / 1.1, s[:, 3], turn], 1)
        return s + 0.04 * gain

    def turn(self, s, push):
        speed = 0.95 * s[:, 2:4] + 0.6 * push
        return np.concatenate([s[:, :2] + TICK * speed, speed, s[:, 4:]], 1)

    def states(self, s):
        if self.name == "cartpole":
            return np.stack([s[:, 0], s[:, 1], 2 * np.sin(s[:, 2]), 2 * np.cos(s[:, 2]), s[:, 3] / 2], 1)
        if self.name == "arm":
            return np.concatenate([np.sin(s[:, :2]), np.cos(s[:, :2]), s[:, 2:]], 1)
        return np.stack([np.sin(s[:, 0]), np.cos(s[:, 0]), s[:, 1] / 3], 1)

    def reward(self, s):
        if self.name == "cartpole":
            return 3 * np.cos(s[:, 2]) - 0.3 * s[:, 0] ** 2 - 3
        if self.name == "arm":
            tip = np.stack([np.cos(s[:, 0]) + np.cos(s[:, :2].sum(1)), np.sin(s[:, 0]) + np.sin(s[:, :2].sum(1))], 1)
            return 1 - np.sqrt(((tip - s[:, 4:]) ** 2).sum(1))
        return -np.cos(s[:, 0]) - 0.03 * s[:, 1] ** 2

    def picture(self, s):
        """A rod and a bob: [n, 144]."""
        grid, out = np.arange(12) + 0.5, 0
        for share, light in ((0.5, 0.6), (1.0, 1.0)):
            x, y = 6 + 4.2 * share * np.sin(s[:, :1]), 6 - 4.2 * share * np.cos(s[:, :1])
            out = out + light * np.exp(-((grid - x) ** 2) / 2)[:, None, :] * np.exp(-((grid - y) ** 2) / 2)[:, :, None]
        return 2 * out.reshape(len(s), 144)


class Latent(nn.Module):
    """A perceptron whose output has no norm, a layer norm, or is a simplex in each group of eight (`simnorm`)."""

    def __init__(self, i, width, o, norm):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(i, width), nn.LayerNorm(width), nn.Mish(), nn.Linear(width, width), nn.LayerNorm(width), nn.Mish(), nn.Linear(width, o))
        self.norm, self.blind, self.smooth = norm, 0.0, 0.0

    def forward(self, x):
        z = self.net(x * (1 - self.blind))
        if self.norm == "simnorm":
            return F.softmax(z.unflatten(-1, (-1, 8)), -1).flatten(-2)
        return F.layer_norm(z, z.shape[-1:]) if self.norm == "ln" else z


class Control(Video):
    """
    From what is seen now and the actions to come, the embeddings of what is seen then, one map rolled out (`clock`: told which horizon it is at).
    Beside it reward, the action between two embeddings, or what is seen may be read from embeddings, as in TD-MPC, ICM and Dreamer.
    """

    def __init__(self, c):
        nn.Module.__init__(self)
        self.world, self.horizons, self.actions, self.clock, self.residual = Machines(c["data"]), c["horizons"], c["actions"], c["clock"], c["residual"]
        dim, width, act = c["dim"], c["width"], self.world.act
        self.encoder = Latent(self.world.size, width, dim, c["norm"])
        self.predictor = Latent(dim + act + self.clock * self.horizons, c["units"] or width, dim, "" if self.residual else c["norm"])
        self.predictor.cut = 0
        read = lambda i, o: nn.Sequential(nn.Linear(i, width), nn.Mish(), nn.Linear(width, o))
        self.gain, self.cause, self.show = read(dim + act, 1), read(2 * dim, act), read(dim, self.world.size)

    def draw(self, n, rng, part):
        drawn = self.world.draw(n, rng, part, self.horizons + 1)
        tensors = {k: torch.from_numpy(drawn[k]) for k in ("x", "actions", "rewards")}
        return dict(tensors, content=drawn["states"][:, 1:], last=drawn["states"][:, 0])

    def predict(self, c, b):
        told, z = [], c
        for t in range(self.horizons):
            when = F.one_hot(torch.tensor(t), self.horizons).expand(len(z), -1)[:, : self.clock * self.horizons]
            z = self.residual * z + self.predictor(torch.cat([z * (1 - self.predictor.cut), b["actions"][:, t] * self.actions, when], 1))
            told.append(z)
        return torch.stack(told, 1)

    def beside(self, c, context, p, b):
        """The losses of what is read beside."""
        z, loss = torch.cat([context[:, None], p], 1), 0.0
        if c["reward"]:
            loss = loss + c["reward"] * F.mse_loss(self.gain(torch.cat([z[:, :-1], b["actions"][:, :-1]], 2))[..., 0], b["rewards"][:, :-1])
        if c["inverse"]:
            own = self.encoder(b["x"])
            loss = loss + c["inverse"] * F.mse_loss(self.cause(torch.cat([own[:, :-1], own[:, 1:]], 2)), b["actions"][:, :-1])
        if c["show"]:
            loss = loss + c["show"] * F.mse_loss(self.show(z), b["x"])
        return loss

    def alone(self, b, context, where):
        return context
