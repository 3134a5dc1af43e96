"""The data sets that the runs train on, all offline: each gives pairs of an observation and the one an action turns it into."""
import functools

import numpy as np
from sklearn.datasets import load_breast_cancer, load_digits, load_sample_images


class World:
    """`draw(n, rng, held_out)` gives x0 [n, obs], action [n, act], x1 [n, obs] in float32, and classes [n] or None."""

    def __init__(self, obs, act, draw):
        self.obs, self.act, self.draw = obs, act, draw


def _roll(images, moves):
    """Each image [n, 8, 8] rolled by its own move [n, 2]."""
    n = len(images)
    rows = (np.arange(8)[None, :] - moves[:, :1]) % 8
    cols = (np.arange(8)[None, :] - moves[:, 1:]) % 8
    return images[np.arange(n)[:, None, None], rows[:, :, None], cols[:, None, :]]


def digits():
    """UCI digits; the action rolls the image by up to two pixels."""
    images, classes = load_digits(return_X_y=True)
    images = (images / 16.0).astype(np.float32).reshape(-1, 8, 8)
    order = np.random.default_rng(123).permutation(len(images))
    images, classes = images[order], classes[order]
    seen, unseen = slice(0, 1000), slice(1000, None)

    def draw(n, rng, held_out):
        part = unseen if held_out else seen
        i = rng.integers(0, len(images[part]), n)
        moves = rng.integers(-2, 3, (n, 2))
        x = images[part][i]
        noisy = x if held_out else x + 0.05 * rng.standard_normal(x.shape).astype(np.float32)
        return noisy.reshape(n, 64), moves / 2, _roll(x, moves).reshape(n, 64), classes[part][i]

    return World(64, 2, draw)


def patches():
    """8×8 grey patches of the two photographs that ship with scikit-learn; the action moves the window."""
    planes = [im.mean(2)[: im.shape[0] // 3 * 3, : im.shape[1] // 3 * 3] for im in load_sample_images().images]
    planes = [p.reshape(p.shape[0] // 3, 3, p.shape[1] // 3, 3).mean((1, 3)) / 255 for p in planes]
    height, width = planes[0].shape
    stack = np.stack(planes).astype(np.float32)
    stack = (stack - stack.mean()) / stack.std()
    border = int(width * 0.7)

    def cut(which, r, c):
        grid = np.arange(8)
        return stack[which[:, None, None], (r[:, None] + grid)[:, :, None], (c[:, None] + grid)[:, None, :]]

    def draw(n, rng, held_out):
        which = rng.integers(0, 2, n)
        r = rng.integers(2, height - 10, n)
        c = rng.integers(border, width - 10, n) if held_out else rng.integers(2, border - 10, n)
        moves = rng.integers(-2, 3, (n, 2))
        x1 = cut(which, r + moves[:, 0], c + moves[:, 1])
        return cut(which, r, c).reshape(n, 64), moves / 2, x1.reshape(n, 64), None

    return World(64, 2, draw)


def pendulum():
    """A double pendulum of four degrees of state, seen through a fixed random tanh layer of 48 units; the action is a torque."""
    mix = np.random.default_rng(5).standard_normal((6, 48)) / 1.5

    def slope(s, torque):
        a, b, va, vb = s.T
        d = a - b
        den = 3 - np.cos(2 * d)
        fa = (-3 * np.sin(a) - np.sin(a - 2 * b) - 2 * np.sin(d) * (vb**2 + va**2 * np.cos(d))) / den
        fb = 2 * np.sin(d) * (2 * va**2 + 2 * np.cos(a) + vb**2 * np.cos(d)) / den
        return np.stack([va, vb, fa + torque, fb], 1)

    def step(s, torque, dt=0.05, n=4):
        for _ in range(n):
            k1 = slope(s, torque)
            k2 = slope(s + dt / 2 * k1, torque)
            k3 = slope(s + dt / 2 * k2, torque)
            s = s + dt / 6 * (k1 + 4 * k2 + slope(s + dt * k3, torque))
        return s

    def see(s):
        f = np.stack([np.sin(s[:, 0]), np.cos(s[:, 0]), np.sin(s[:, 1]), np.cos(s[:, 1]), s[:, 2] / 2, s[:, 3] / 2], 1)
        return np.tanh(f @ mix)

    def draw(n, rng, held_out):
        s = np.c_[rng.uniform(-2, 2, (n, 2)), rng.normal(0, 1, (n, 2))]
        torque = rng.uniform(-3, 3, n)
        return see(s), torque[:, None] / 2, see(step(s, torque)), None

    return World(48, 1, draw)


def ball():
    """A blurred ball on an 8×8 torus; the action pushes it. Two numbers describe each image."""

    def see(p):
        grid = np.arange(8)
        near = lambda q: np.minimum(np.abs(grid - q[:, None]), 8 - np.abs(grid - q[:, None]))
        d = near(p[:, 0])[:, :, None] ** 2 + near(p[:, 1])[:, None, :] ** 2
        return np.exp(-d / 3).reshape(len(p), 64)

    def draw(n, rng, held_out):
        p = rng.uniform(0, 8, (n, 2))
        push = rng.uniform(-2, 2, (n, 2))
        return see(p), push / 2, see((p + push) % 8), None

    return World(64, 2, draw)


def cancer():
    """Wisconsin breast cancer measurements; the action bends one of four groups of columns."""
    x, classes = load_breast_cancer(return_X_y=True)
    order = np.random.default_rng(123).permutation(len(x))
    x, classes = np.clip((x - x.mean(0)) / x.std(0), -4, 4)[order], classes[order]
    effect = np.random.default_rng(6).standard_normal((4, 30)) * (np.arange(30) % 4 == np.arange(4)[:, None])

    def draw(n, rng, held_out):
        part = slice(380, None) if held_out else slice(0, 380)
        i = rng.integers(0, len(x[part]), n)
        force = rng.uniform(-1, 1, (n, 4))
        jitter = 0.1 * rng.standard_normal((n, 30))
        x0 = x[part][i] + jitter
        return x0, force, np.tanh(x0 / 3) * 3 + force @ effect, classes[part][i]

    return World(30, 4, draw)


WORLDS = {"digits": digits, "patches": patches, "pendulum": pendulum, "ball": ball, "cancer": cancer}


@functools.lru_cache(None)
def world(name):
    made = WORLDS[name]()
    return World(made.obs, made.act, lambda *a: _as_float32(made.draw(*a)))


def _as_float32(drawn):
    *arrays, classes = drawn
    return [np.ascontiguousarray(a, np.float32) for a in arrays] + [classes]
