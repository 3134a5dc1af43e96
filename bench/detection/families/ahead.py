"""The networks of the families `text` and `sensors`, which tell windows to come from those seen; as in nets.py."""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from nets import perceptron
from windows import Sensors, Text


class TextEncoder(nn.Module):
    """Windows of bytes [n, t, size] to embeddings [n, t, dim], each window by itself: two convolutions over its bytes."""

    def __init__(self, size, width, dim):
        super().__init__()
        self.letters = nn.Embedding(128, len(Text.GROUPS))
        with torch.no_grad():
            # Bytes of one group begin alike, so that an untrained network carries what windows hold.
            self.letters.weight.mul_(0.3).add_(torch.from_numpy(Text.groups(np.arange(128))))
        self.convolve = nn.Sequential(nn.Conv1d(len(Text.GROUPS), width, 3, 1, 1), nn.GELU(), nn.Conv1d(width, width, 4, 4), nn.GELU(), nn.Flatten())
        self.head = perceptron(width * size // 4, 2 * width, dim)
        self.blind, self.smooth = 0.0, 0.0

    def forward(self, x):
        n, t, size = x.shape
        z = self.letters(x.reshape(n * t, size)).transpose(1, 2) * (1 - self.blind)
        return self.head(self.convolve(z)).reshape(n, t, -1)


class TextPredictor(nn.Module):
    """A GRU over the windows seen, and for each horizon a linear map of its last state."""

    def __init__(self, dim, width, horizons, units=0):
        super().__init__()
        self.memory, self.horizons, self.cut = nn.GRU(dim, width, batch_first=True), horizons, 0.0
        self.heads = nn.Sequential(nn.Linear(width, units or 2 * width), nn.GELU(), nn.Linear(units or 2 * width, horizons * dim))

    def forward(self, c):
        return self.heads(self.memory(c * (1 - self.cut))[0][:, -1]).reshape(len(c), self.horizons, -1)


class Ahead(nn.Module):
    """The embeddings of the windows after the first `seen` are predicted from those."""

    seen: int

    def targets(self, encoder, b):
        return encoder(b["x"][:, self.seen :])

    def context(self, b):
        return self.encoder(b["x"][:, : self.seen])

    def predict(self, c, b):
        return self.predictor(c)


class TextAhead(Ahead):
    """Contrastive predictive coding in small: eight windows of text are seen, the next ones are to be told from them."""

    seen = 8

    def __init__(self, c):
        super().__init__()
        self.world, self.horizons = Text(), c["horizons"]
        self.encoder = TextEncoder(self.world.size, c["width"], c["dim"])
        self.predictor = TextPredictor(c["dim"], c["width"], c["horizons"], c["units"])

    def draw(self, n, rng, part):
        drawn = self.world.draw(n, rng, part, self.seen + self.horizons)
        return dict(x=torch.from_numpy(drawn["x"]), content=None if drawn["states"] is None else drawn["states"][:, self.seen :])


class FieldEncoder(nn.Module):
    """Windows of a field [n, t, sensors, ticks] to embeddings [n, t, dim], each by itself: two rounds of messages between near sensors."""

    def __init__(self, world, width, dim):
        super().__init__()
        self.register_buffer("near", torch.from_numpy(world.near.astype("float32")))
        self.place = nn.Parameter(0.2 * torch.randn(world.sensors, width))
        self.own = nn.ModuleList([nn.Linear(world.ticks, width), nn.Linear(width, width)])
        self.heard = nn.ModuleList([nn.Linear(world.ticks, width, bias=False), nn.Linear(width, width, bias=False)])
        self.norms = nn.ModuleList([nn.LayerNorm(width), nn.LayerNorm(width)])
        self.read, self.head = nn.Linear(width, 6), nn.Linear(6 * world.sensors, dim)
        self.blind, self.smooth = 0.0, 0.0

    def forward(self, x):
        h = x * (1 - self.blind)
        for own, heard, norm in zip(self.own, self.heard, self.norms):
            h = F.gelu(norm(own(h) + heard(self.near @ h) + self.place))
        return self.head(F.gelu(self.read(h)).flatten(2))


class FieldPredictor(nn.Module):
    """The embeddings of four windows, and a horizon, to that of the window so far ahead."""

    def __init__(self, dim, width, horizons, units=0):
        super().__init__()
        self.horizons, self.cut = horizons, 0.0
        middle = [nn.Linear(width, units), nn.Linear(units, width)] if units else []
        self.into, self.out = nn.Linear(4 * dim + horizons, width), nn.Sequential(nn.LayerNorm(width), nn.GELU(), *middle, nn.Linear(width, width), nn.GELU(), nn.Linear(width, dim))

    def forward(self, c):
        seen = (c * (1 - self.cut)).flatten(1)[:, None].expand(-1, self.horizons, -1)
        when = torch.eye(self.horizons).expand(len(c), -1, -1)
        return self.out(self.into(torch.cat([seen, when], 2)))


class Field(Ahead):
    """A graph of sensors: four windows are seen, the embeddings of the next ones are to be told from them."""

    seen = 4

    def __init__(self, c):
        super().__init__()
        self.world, self.horizons = Sensors(c["data"]), c["horizons"]
        self.encoder = FieldEncoder(self.world, c["width"], c["dim"])
        self.predictor = FieldPredictor(c["dim"], 2 * c["width"], c["horizons"], c["units"])

    def draw(self, n, rng, part):
        drawn = self.world.draw(n, rng, part, self.seen + self.horizons)
        return dict(x=torch.from_numpy(drawn["x"]), content=drawn["states"][:, self.seen :], last=drawn["states"][:, self.seen - 1])
