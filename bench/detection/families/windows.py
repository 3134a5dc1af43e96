"""What is foreseen in the families `text` and `sensors`: windows of which most cannot be told from those before, in the parts of data.py."""
import functools
import glob
import os

import numpy as np

from data import PARTS


@functools.lru_cache(None)
def written():
    """Six kinds of text, as bytes: Python, its stubs, C++ and YAML of torch, Python's own manual and Cython of scikit-learn."""
    import gzip
    import pydoc_data.topics
    import sklearn
    import torch
    import torchgen

    def files(package, pattern, limit=2_000_000):
        out = b""
        for path in sorted(glob.glob(os.path.join(os.path.dirname(package.__file__), pattern), recursive=True)):
            with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
                out += file.read()
            if len(out) > limit:
                break
        return out[:limit]

    manual = "\n".join(text for _, text in sorted(pydoc_data.topics.topics.items())).encode()
    kinds = [files(torch, "nn/**/*.py"), files(torch, "**/*.pyi"), files(torch, "include/ATen/*.h"), manual, files(sklearn, "**/*.pyx"), files(torchgen, "packaged/ATen/native/*.yaml")]
    return [np.minimum(np.frombuffer(kind, np.uint8), 127) for kind in kinds]


class Text:
    """Windows [n, windows, 16] of consecutive bytes of text of six kinds."""

    size = 16
    #: What a byte is.
    GROUPS = (b"aeiou", b"bcdfghjklm", b"npqrstvwxyz", b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"0123456789", b" ", b"\n", b"._", b"()[]{}", b",;:", b"\"'`", b"=+-*/<>#")

    @classmethod
    def groups(cls, x):
        """Of which group each byte is: one-hot of those above, [..., groups]."""
        return np.stack([np.isin(x, np.frombuffer(group, np.uint8)) for group in cls.GROUPS], -1).astype(np.float32)

    def draw(self, n, rng, part, windows=12):
        if part != "train":
            rng = np.random.default_rng([PARTS.index(part), 47])
        kinds = written()
        a, b = {"train": (0, 0.6), "saved": (0.6, 0.75), "truth": (0.75, 1)}[part]
        length = windows * self.size
        rows = []
        for kind, where in zip(rng.integers(0, len(kinds), n), rng.random(n)):
            text = kinds[kind]
            at = int((a + (b - a) * where) * (len(text) - length))
            rows.append(text[at : at + length])
        x = np.stack(rows).reshape(n, windows, self.size)
        return dict(x=x.astype(np.int64), states=self.states(x) if part == "truth" else None)

    def states(self, x):
        """What each window holds: eight factors of which group stands at which of its places, and four of how often each is in the whole text."""
        groups = self.groups(x)
        style = leading(groups.mean((1, 2)), 4)
        return np.stack([np.concatenate([leading(window.reshape(len(x), -1), 8), style], 1) for window in groups.transpose(1, 0, 2, 3)], 1)


def leading(a, k):
    """The first k whitened principal components of [n, columns]."""
    u = np.linalg.svd(a - a.mean(0), full_matrices=False)[0]
    return (u[:, :k] * np.sqrt(len(a))).astype(np.float32)


class Sensors:
    """
    Windows [n, windows, sensors, 6] of a field seen by twelve sensors, each with noise of its own. Processes of graded predictability
    drive it, each with a place: `grades`, ten autoregressions that forget after two ticks to two hundred; `chaos`, four logistic maps,
    four waves and four autoregressions; `few`, one wave of any phase and a slow drift; `noisy`, six that forget within a window, two slow ones
    and much noise.
    """

    sensors, ticks = 12, 6
    memory = dict(grades=np.exp(-1 / np.geomspace(2, 200, 10)), chaos=np.linspace(0.7, 0.97, 4), few=np.array([0.98]), noisy=np.append(np.linspace(0.3, 0.8, 6), [0.985, 0.99]))
    waves, maps = dict(chaos=4, few=1), dict(chaos=4)
    #: Of the seed of each, which is that of the places too.
    seeds = dict(grades=61, chaos=67, few=71, noisy=73)

    def __init__(self, name):
        self.name, self.noise = name, 1.0 if name == "noisy" else 0.2
        dice = np.random.default_rng(self.seeds[name])
        self.at = dice.random((self.sensors, 2))
        self.near = self.closeness(self.at, 0.25)
        np.fill_diagonal(self.near, 0)
        self.near /= self.near.sum(1, keepdims=True)
        waves, maps = self.waves.get(name, 0), self.maps.get(name, 0)
        self.pace = dice.uniform(0.15, 0.6, waves)
        self.count = len(self.memory[name]) + 2 * waves + maps
        # A wave has two numbers, its sine and cosine, which reach the sensors from two places.
        self.reach = self.closeness(dice.random((self.count, 2)), 0.3) * dice.choice([-1, 1], (self.count, self.sensors))

    def closeness(self, places, width):
        return np.exp(-((places[:, None] - self.at[None]) ** 2).sum(2) / (2 * width**2))

    def draw(self, n, rng, part, windows=8):
        if part != "train":
            rng = np.random.default_rng([PARTS.index(part), self.seeds[self.name]])
        length = windows * self.ticks
        told = np.concatenate([self.drift(n, rng, length), self.turn(n, rng, length), self.wander(n, rng, length)], 2)
        field = told @ self.reach
        x = field + self.noise * rng.standard_normal(field.shape)
        cut = lambda a: a.reshape(n, windows, self.ticks, -1)
        # What a window holds: where each process is, on the mean over the window.
        states = cut(told).mean(2)
        return dict(x=cut(x).transpose(0, 1, 3, 2).astype(np.float32), states=states.astype(np.float32))

    def drift(self, n, rng, length):
        keep = self.memory[self.name]
        now, out = rng.standard_normal((n, len(keep))), []
        for _ in range(length):
            now = keep * now + np.sqrt(1 - keep**2) * rng.standard_normal(now.shape)
            out.append(now)
        return np.stack(out, 1)

    def turn(self, n, rng, length):
        """Waves of fixed paces and of any phase and height."""
        k = len(self.pace)
        phase, high = rng.uniform(0, 2 * np.pi, (n, 1, k)), rng.uniform(0.7, 1.7, (n, 1, k))
        angle = phase + self.pace * np.arange(length)[None, :, None]
        return np.concatenate([high * np.sin(angle), high * np.cos(angle)], 2)

    def wander(self, n, rng, length):
        """Logistic maps at 3.9, which can be told for a few iterations: one of them in each three ticks."""
        now, out = rng.uniform(0.1, 0.9, (n, self.maps.get(self.name, 0))), []
        for tick in range(length):
            now = 3.9 * now * (1 - now) if tick % 3 == 0 else now
            out.append((now - 0.6) / 0.28)
        return np.stack(out, 1)
