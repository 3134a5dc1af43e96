"""The networks of the families, but for those of ahead.py. A model has an `encoder` (of which a slow copy may give the targets) and a `predictor`;
`targets(encoder, batch)` gives z, `context(batch)` c, and `predict(c, batch)` p of z's shape."""
import torch
import torch.nn.functional as F
from torch import nn

from data import Chirps, Motifs, Sprites, pictures


def perceptron(i, width, o, norm=nn.LayerNorm, deep=False):
    middle = [nn.Linear(width, width), nn.GELU()] if deep else []
    return nn.Sequential(nn.Linear(i, width), norm(width), nn.GELU(), *middle, nn.Linear(width, o))


class Blocks(nn.Module):
    """Pre-norm transformer blocks, the last norm included."""

    def __init__(self, width, depth, heads=4):
        super().__init__()
        self.heads = heads
        part = lambda: nn.ModuleList([nn.LayerNorm(width), nn.Linear(width, 3 * width), nn.Linear(width, width), perceptron(width, 2 * width, width)])
        self.layers = nn.ModuleList(part() for _ in range(depth))
        self.norm = nn.LayerNorm(width)

    def forward(self, x):
        n, t, w = x.shape
        for norm, qkv, out, mlp in self.layers:
            q, k, v = qkv(norm(x)).reshape(n, t, 3, self.heads, w // self.heads).permute(2, 0, 3, 1, 4)
            x = x + out(F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(n, t, w))
            x = x + mlp(x)
        return self.norm(x)


class TokenEncoder(nn.Module):
    """Tokens [n, t, in] and their places to embeddings [n, t, dim]."""

    def __init__(self, size, places, width, dim, depth):
        super().__init__()
        self.embed, self.blocks, self.head = nn.Linear(size, width), Blocks(width, depth), nn.Linear(width, dim)
        self.place = nn.Parameter(0.2 * torch.randn(places, width))
        self.blind, self.smooth = 0.0, 0.0

    def forward(self, tokens, at):
        z = self.head(self.blocks(self.embed(tokens * (1 - self.blind)) + self.place[at]))
        return z + self.smooth * (z.mean(1, keepdim=True) - z)


class TokenPredictor(nn.Module):
    """Embeddings at the places seen to predictions at the places hidden."""

    def __init__(self, places, dim, width, depth=1, units=0):
        super().__init__()
        self.into, self.blocks = nn.Linear(dim, width), Blocks(width, depth)
        self.out = nn.Linear(width, dim) if not units else nn.Sequential(nn.Linear(width, units), nn.Linear(units, dim))
        self.place, self.mask = nn.Parameter(0.2 * torch.randn(places, width)), nn.Parameter(torch.zeros(width))
        self.cut = 0.0

    def forward(self, c, seen, hidden):
        asked = (self.mask + self.place[hidden]).expand(len(c), -1, -1)
        x = torch.cat([self.into(c) * (1 - self.cut) + self.place[seen], asked], 1)
        return self.out(self.blocks(x)[:, len(seen):])


class Token(nn.Module):
    """I-JEPA in small: 16 patches of a picture, a block of them hidden."""

    def __init__(self, c):
        super().__init__()
        self.world = pictures(c["data"])
        self.patch, self.high = self.world.side // 4, c["high"]
        self.encoder = TokenEncoder(self.patch**2, 16, c["width"], c["dim"], 2)
        self.predictor = TokenPredictor(16, c["dim"], c["width"], units=c["units"])

    def draw(self, n, rng, part):
        drawn = self.world.draw(n, rng, part)
        x = drawn["x"].reshape(len(drawn["x"]), 4, self.patch, 4, self.patch).transpose(0, 1, 3, 2, 4).reshape(-1, 16, self.patch**2)
        x = 3 * x
        high = self.high
        top, left = (rng.integers(0, 5 - high), rng.integers(0, 3)) if part == "train" else (1, 1)
        hidden = [4 * (top + r) + left + k for r in range(high) for k in range(2)]
        seen = [i for i in range(16) if i not in hidden]
        return dict(x=torch.from_numpy(x), hidden=torch.tensor(hidden), seen=torch.tensor(seen), content=x[:, hidden], classes=drawn["classes"])

    def targets(self, encoder, b):
        return encoder(b["x"], torch.arange(16))[:, b["hidden"]]

    def context(self, b):
        return self.encoder(b["x"][:, b["seen"]], b["seen"])

    def predict(self, c, b):
        return self.predictor(c, b["seen"], b["hidden"])


class Sequence(nn.Module):
    """Windows of a wave; the second half is to be told from the first."""

    def __init__(self, c):
        super().__init__()
        self.world = {"motifs": Motifs, "chirps": Chirps}[c["data"]]()
        self.encoder = TokenEncoder(12, 12, c["width"], c["dim"], 1)
        self.predictor = TokenPredictor(12, c["dim"], c["width"], units=c["units"])

    def draw(self, n, rng, part):
        drawn = self.world.draw(n, rng, part)
        seen, hidden = torch.arange(6), torch.arange(6, 12)
        return dict(x=torch.from_numpy(drawn["x"]), seen=seen, hidden=hidden, content=drawn["states"][:, 6:])

    def targets(self, encoder, b):
        # Each window by itself: nothing tells a window's neighbours what it holds.
        x = b["x"][:, b["hidden"]]
        n, t, d = x.shape
        places = b["hidden"].repeat(n)
        return encoder(x.reshape(n * t, 1, d), places[:, None]).reshape(n, t, -1)

    context, predict = Token.context, Token.predict


class Views:
    """A picture seen twice: moved, scaled, brightened, with noise and a hole."""

    def __init__(self, strength):
        self.strength = strength

    def __call__(self, x, rng):
        n, side, s = len(x), x.shape[-1], self.strength
        draw = lambda *shape: torch.from_numpy(rng.uniform(-1, 1, (n, *shape)).astype("float32"))
        turn, scale, move = 0.35 * s * draw(), 1 + 0.25 * s * draw(), 0.25 * s * draw(2)
        cos, sin = torch.cos(turn) * scale, torch.sin(turn) * scale
        theta = torch.stack([torch.stack([cos, -sin, move[:, 0]], 1), torch.stack([sin, cos, move[:, 1]], 1)], 1)
        x = F.grid_sample(x[:, None], F.affine_grid(theta, (n, 1, side, side), align_corners=False), align_corners=False)
        x = x * (1 + 0.4 * s * draw(1, 1, 1)) + 0.15 * s * draw(1, side, side)
        hole = torch.from_numpy(rng.integers(0, side - side // 4, (n, 2)))
        grid = torch.arange(side)
        inside = lambda at: (grid >= at[:, None]) & (grid < at[:, None] + side // 4)
        return x * (1 - (inside(hole[:, 0])[:, None, :, None] & inside(hole[:, 1])[:, None, None, :]).float())


class Joint(nn.Module):
    """Two views of a picture through one small CNN and a projector; what is compared are the projections."""

    def __init__(self, c):
        super().__init__()
        self.world, self.views = pictures(c["data"]), Views(c["views"])
        flat = 32 * (self.world.side // 4) ** 2
        self.norm = nn.BatchNorm1d if c["bn"] else nn.LayerNorm
        conv = nn.Sequential(
            nn.Conv2d(1, 16, 3, 2, 1), nn.BatchNorm2d(16) if c["bn"] else nn.GroupNorm(4, 16), nn.GELU(),
            nn.Conv2d(16, 32, 3, 2, 1), nn.BatchNorm2d(32) if c["bn"] else nn.GroupNorm(4, 32), nn.GELU(),
            nn.Flatten(), nn.Linear(flat, c["dim"]),
        )
        self.encoder = nn.Sequential(conv, self.norm(c["dim"]), nn.GELU(), perceptron(c["dim"], c["width"], c["dim"], self.norm))
        units = c["units"] or c["width"]
        self.predictor = perceptron(c["dim"], units, c["dim"], self.norm) if c["predictor"] else nn.Identity()

    def draw(self, n, rng, part):
        drawn = self.world.draw(n, rng, part)
        x = torch.from_numpy(drawn["x"])
        return dict(a=self.views(x, rng), b=self.views(x, rng), classes=drawn["classes"])

    def targets(self, encoder, b):
        return encoder(b["b"])

    def context(self, b):
        return self.encoder(b["a"])

    def predict(self, c, b):
        return self.predictor(c)


class Video(nn.Module):
    """Frames of moving sprites; from the first two and the actions, the embeddings of the next ones."""

    def __init__(self, c):
        super().__init__()
        balls, speed, scene = c["sprites"]
        self.world, self.horizons, self.act = Sprites(balls, speed, scene), c["horizons"], c["actions"]
        self.residual = c["residual"]
        self.encoder = perceptron(288, c["width"], c["dim"], deep=True)
        self.predictor = perceptron(c["dim"] + self.world.act + self.horizons, c["units"] or c["width"], c["dim"], deep=True)

    def draw(self, n, rng, part):
        drawn = self.world.draw(n, rng, part, self.horizons + 2)
        x = torch.from_numpy(drawn["x"])
        pairs = torch.cat([x[:, 1:], x[:, 1:] - x[:, :-1]], 2)
        return dict(x=pairs, actions=torch.from_numpy(drawn["actions"])[:, 1:], content=drawn["states"][:, 2:])

    def targets(self, encoder, b):
        return encoder(b["x"][:, 1:])

    def context(self, b):
        return self.encoder(b["x"][:, 0])

    def predict(self, c, b):
        told, z = [], c
        for t in range(self.horizons):
            when = F.one_hot(torch.tensor(t), self.horizons).expand(len(z), -1)
            z = self.residual * z + self.predictor(torch.cat([z, b["actions"][:, t] * self.act, when], 1))
            told.append(z)
        return torch.stack(told, 1)


MODELS = {"token": Token, "joint": Joint, "video": Video, "sequence": Sequence}
