"""The family `audio`: log-spectrograms of synthesised sounds, of which a span of windows is hidden. World and networks, in the parts of data.py."""
import functools

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from data import PARTS

RATE, FRAME, BANDS = 8000, 256, 24
#: Windows of a clip, frames of a window, windows hidden.
WINDOWS, FRAMES, HIDDEN = 12, 2, 4
HOW_MANY = dict(train=2400, saved=600, truth=600)


class Sounds:
    """
    Clips [n, windows, frames × bands] of log-spectra. `notes`: melodies of eight pitches by instruments of three numbers (brightness, odd
    partials, breath); `chords`: two voices that move by themselves; `glides`: one pure tone of any pitch and loudness (two factors);
    `winds`: noise in a band that drifts (three factors).
    """

    seeds = dict(notes=83, chords=89, glides=97, winds=101)

    def __init__(self, name):
        self.name = name

    def draw(self, n, rng, part):
        x, states = pool(self.name, part)
        i = rng.integers(0, len(x), n) if part == "train" else np.arange(n)
        return x[i], states[i]


@functools.lru_cache(None)
def pool(name, part):
    """All clips of a part [n, windows, frames × bands], and what each window holds [n, windows, factors]."""
    rng = np.random.default_rng([PARTS.index(part), Sounds.seeds[name]])
    told = [dict(notes=notes, chords=chords, glides=glides, winds=winds)[name](200, rng) for _ in range(HOW_MANY[part] // 200)]
    x, states = (np.concatenate(parts) for parts in zip(*told))
    return x.astype(np.float32), states.astype(np.float32)


def held(n, rng, choices, keep):
    """A choice for each window that stays with probability `keep`, else moves to one of its neighbours: [n, windows]."""
    now, out = rng.integers(0, choices, n), []
    for _ in range(WINDOWS):
        moved = (now + rng.choice([-2, -1, 1, 2], n)) % choices
        now = np.where(rng.random(n) < keep, now, moved)
        out.append(now)
    return np.stack(out, 1)


def drifting(n, rng, pace):
    """A number in [-1, 1] that drifts from window to window and turns at the ends: [n, windows]."""
    at, fall, out = rng.uniform(-1, 1, n), pace * rng.standard_normal(n), []
    for _ in range(WINDOWS):
        at = at + fall
        fall = np.where(abs(at) > 1, -fall, fall)
        at = np.clip(at, -1, 1)
        out.append(at)
    return np.stack(out, 1)


def stretched(a):
    """A number a window as one a sample: [n, samples]."""
    return np.repeat(a, FRAMES * FRAME, 1)


def tone(pitch, loud, partials):
    """A voice: pitch in Hz and loudness a window, `partials` [n, k] the heights of its partials."""
    phase = 2 * np.pi * np.cumsum(stretched(pitch), 1) / RATE
    return stretched(loud) * sum(h[:, None] * np.sin((k + 1) * phase) for k, h in enumerate(partials.T))


def spectra(wave, rng):
    """Log-energies of bands of a wave [n, samples], a hundredth of noise with it: [n, windows, frames × bands]."""
    n = len(wave)
    wave = wave + 0.01 * rng.standard_normal(wave.shape)
    power = abs(np.fft.rfft(wave.reshape(n, -1, FRAME) * np.hanning(FRAME))) ** 2
    edges = np.geomspace(2, FRAME // 2, BANDS + 2)
    bins = np.arange(FRAME // 2 + 1)
    bands = np.stack([np.clip(np.minimum((bins - a) / (b - a), (c - bins) / (c - b)), 0, 1) for a, b, c in zip(edges, edges[1:], edges[2:])])
    return ((np.log(power @ bands.T + 0.05) - 1) / 2.5).reshape(n, WINDOWS, FRAMES * BANDS)


def notes(n, rng):
    step, loud = held(n, rng, 8, 0.7), drifting(n, rng, 0.2)
    bright, odd, breath = rng.uniform(-1, 1, (3, n))
    partials = np.stack([(0.25 + 0.2 * bright) ** (0.5 * k) * (1 if k % 2 == 0 else 0.5 + 0.5 * odd) for k in range(5)], 1)
    wave = tone(220 * 2 ** (np.array([0, 2, 4, 5, 7, 9, 11, 12]) / 12)[step], 0.6 + 0.5 * loud, partials)
    wave = wave + 0.15 * (1 + breath[:, None]) * rng.standard_normal(wave.shape)
    style = np.broadcast_to(np.stack([bright, odd, breath], 1)[:, None], (n, WINDOWS, 3))
    return spectra(wave, rng), np.concatenate([np.eye(8)[step], loud[..., None], style], 2)


def chords(n, rng):
    low, high, loud = held(n, rng, 5, 0.75), held(n, rng, 5, 0.6), drifting(n, rng, 0.15)
    bright = rng.uniform(-1, 1, n)
    partials = np.stack([(0.3 + 0.2 * bright) ** k for k in range(4)], 1)
    wave = tone(160 * 2 ** (np.arange(5) / 6)[low], 0.6 + 0.4 * loud, partials) + tone(600 * 2 ** (np.arange(5) / 6)[high], np.full(low.shape, 0.4), partials)
    style = np.broadcast_to(bright[:, None, None], (n, WINDOWS, 1))
    return spectra(wave, rng), np.concatenate([np.eye(5)[low], np.eye(5)[high], loud[..., None], style], 2)


def glides(n, rng):
    pitch, loud = drifting(n, rng, 0.2), drifting(n, rng, 0.2)
    wave = tone(500 * 2 ** (1.3 * pitch), 0.7 + 0.55 * loud, np.ones((n, 1)))
    return spectra(wave, rng), np.stack([pitch, loud], 2)


def winds(n, rng):
    centre, width, loud = (drifting(n, rng, 0.15) for _ in range(3))
    noise = np.fft.rfft(rng.standard_normal((n, WINDOWS * FRAMES, FRAME)))
    bins = np.log(np.arange(FRAME // 2 + 1) + 1)
    each = lambda a: np.repeat(a, FRAMES, 1)[..., None]
    shape = (0.7 + 0.6 * each(loud)) * np.exp(-(((bins - 3.2 - each(centre)) / (0.45 + 0.3 * each(width))) ** 2) / 2)
    return spectra(np.fft.irfft(noise * shape).reshape(n, -1), rng), np.stack([centre, width, loud], 2)


class Mixing(nn.Module):
    """A block over time [n, t, width]: a convolution a channel, then a perceptron a window, each beside what goes past."""

    def __init__(self, width):
        super().__init__()
        self.over = nn.Conv1d(width, width, 5, padding=2, groups=width)
        self.norms = nn.ModuleList([nn.LayerNorm(width), nn.LayerNorm(width)])
        self.each = nn.Sequential(nn.Linear(width, 2 * width), nn.SiLU(), nn.Linear(2 * width, width))

    def forward(self, x):
        x = x + self.over(self.norms[0](x).transpose(1, 2)).transpose(1, 2)
        return x + self.each(self.norms[1](x))


class SoundEncoder(nn.Module):
    """Clips, and which windows are hidden, to embeddings [n, windows, dim]; `deep`: of the mean of all blocks, as data2vec's targets are (2: those less each clip's own mean)."""

    def __init__(self, width, dim, deep):
        super().__init__()
        self.embed, self.blocks, self.head = nn.Linear(FRAMES * BANDS, width), nn.ModuleList(Mixing(width) for _ in range(2)), nn.Linear(width, dim)
        self.place, self.mask = nn.Parameter(0.2 * torch.randn(WINDOWS, width)), nn.Parameter(0.1 * torch.randn(width))
        self.norm, self.deep = nn.LayerNorm(width), deep
        self.blind, self.smooth = 0.0, 0.0

    def forward(self, x, hidden=None):
        h = self.embed(x * (1 - self.blind))
        if hidden is not None:
            h = torch.where(hidden[None, :, None], self.mask, h)
        h, told = h + self.place, []
        for block in self.blocks:
            h = block(h)
            told.append(self.norm(h))
        z = self.head(sum(told) / len(told) if self.deep else told[-1])
        return z + self.smooth * (z.mean(1, keepdim=True) - z)


class SoundPredictor(nn.Module):
    """The embeddings of a clip with hidden windows to those of all its windows."""

    def __init__(self, dim, width, units=0):
        super().__init__()
        self.into, self.block, self.place = nn.Linear(dim, width), Mixing(width), nn.Parameter(0.2 * torch.randn(WINDOWS, width))
        self.out = nn.Linear(width, dim) if not units else nn.Sequential(nn.Linear(width, units), nn.Linear(units, dim))
        self.cut = 0.0

    def forward(self, c):
        return self.out(self.block(self.into(c * (1 - self.cut)) + self.place))


class Audio(nn.Module):
    """An audio JEPA in small: a span of a clip is hidden, the teacher hears all of it."""

    def __init__(self, c):
        super().__init__()
        self.world = Sounds(c["data"])
        self.encoder = SoundEncoder(c["width"], c["dim"], c["deep"])
        self.predictor = SoundPredictor(c["dim"], c["width"], c["units"])

    def draw(self, n, rng, part):
        x, states = self.world.draw(n, rng, part)
        at = int(rng.integers(0, WINDOWS - HIDDEN + 1)) if part == "train" else 4
        hidden = torch.zeros(WINDOWS, dtype=torch.bool)
        hidden[at : at + HIDDEN] = True
        return dict(x=torch.from_numpy(x), hidden=hidden, content=states[:, at : at + HIDDEN], last=states.mean(1))

    def targets(self, encoder, b):
        z = encoder(b["x"])
        z = F.layer_norm(z.transpose(1, 2), (WINDOWS,)).transpose(1, 2) if self.encoder.deep > 1 else z
        return z[:, b["hidden"]]

    def context(self, b):
        return self.encoder(b["x"], b["hidden"])

    def predict(self, c, b):
        return self.predictor(c)[:, b["hidden"]]

    def alone(self, b, context, where):
        """What the encoder gives of a whole clip, a mean over its windows."""
        return self.encoder(b["x"]).mean(1)
