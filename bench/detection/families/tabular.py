"""The family `tabular`: two views of a row of a table, columns of which are replaced by those of other rows. Tables and networks, in the parts of data.py."""
import functools

import numpy as np
import torch
from torch import nn

from data import PARTS
from nets import Joint


class Table:
    """
    Rows [n, columns] and what they hold. `cancer` and `wine` are those of scikit-learn, a row a mixture of two of one class;
    `forest`: ten numbers and three one-hot choices driven by seven kinds and four slopes, as in covertype; `plane`: twenty bent columns of two factors.
    """

    def __init__(self, name):
        self.name = name
        self.columns = table(name, "saved")[0].shape[1]

    def draw(self, n, rng, part):
        x, content = table(self.name, part)
        i = rng.integers(0, len(x), n) if part == "train" else np.arange(n)
        return x[i], content[i]


@functools.lru_cache(None)
def table(name, part):
    """All rows of a part and their content, [n, columns] and [n, factors]: for real tables six leading components and the class."""
    rng = np.random.default_rng([PARTS.index(part), dict(cancer=127, wine=131, forest=137, plane=139)[name]])
    n = 3000 if part == "train" else 700
    if name in ("cancer", "wine"):
        x, classes, axes = real(name)
        order = np.random.default_rng(149).permutation(len(x))
        a, b = {"train": (0, 0.55), "saved": (0.55, 0.75), "truth": (0.75, 1)}[part]
        own = order[int(a * len(x)) : int(b * len(x))]
        first = rng.choice(own, n)
        second = np.array([rng.choice(own[classes[own] == classes[i]]) for i in first])
        share = rng.uniform(0, 0.5, (n, 1))
        x = (1 - share) * x[first] + share * x[second] + 0.05 * rng.standard_normal((n, x.shape[1]))
        content = np.concatenate([x @ axes, np.eye(classes.max() + 1)[classes[first]]], 1)
    elif name == "forest":
        dice = np.random.default_rng(151)
        kind, slope = rng.integers(0, 7, n), rng.standard_normal((n, 4))
        hidden = np.concatenate([2 * np.eye(7)[kind], slope], 1)
        numbers = np.tanh(hidden @ dice.standard_normal((11, 10)) / 1.5) + 0.3 * rng.standard_normal((n, 10))
        chances = hidden @ dice.standard_normal((3, 11, 6))
        choices = [np.eye(6)[(c + rng.gumbel(size=c.shape)).argmax(1)] for c in chances]
        x = np.concatenate([numbers, *choices], 1)
        content = np.concatenate([np.eye(7)[kind], slope], 1)
    else:
        dice = np.random.default_rng(157)
        hidden = rng.uniform(-1, 1, (n, 2))
        x = np.sin(hidden @ dice.standard_normal((2, 20)) * 1.5 + dice.uniform(0, 6, 20)) + 0.1 * rng.standard_normal((n, 20))
        content = hidden
    spread = dict(forest=0.55, plane=0.7).get(name, 1)
    return (x / spread).astype(np.float32), content.astype(np.float32)


@functools.lru_cache(None)
def real(name):
    from sklearn.datasets import load_breast_cancer, load_wine

    x, classes = (load_breast_cancer if name == "cancer" else load_wine)(return_X_y=True)
    x = (x - x.mean(0)) / x.std(0)
    return np.clip(x, -4, 4), classes, np.linalg.svd(x, full_matrices=False)[2][:6].T


class Tabular(Joint):
    """Two views of a row through one perceptron and a projector; what is compared are the projections."""

    def __init__(self, c):
        nn.Module.__init__(self)
        self.world, self.rate = Table(c["data"]), c["views"]
        width, dim, act = c["width"], c["dim"], dict(relu=nn.ReLU, tanh=nn.Tanh, elu=nn.ELU)[c["bend"]]
        norm = lambda w: nn.BatchNorm1d(w) if c["bn"] else nn.Identity()
        trunk = nn.Sequential(nn.Linear(self.world.columns, width), norm(width), act(), nn.Linear(width, width), norm(width), act(), nn.Linear(width, dim))
        self.encoder = nn.Sequential(trunk, nn.Sequential(norm(dim), act(), nn.Linear(dim, width), norm(width), act(), nn.Linear(width, dim)))
        units = c["units"] or width
        self.predictor = nn.Sequential(nn.Linear(dim, units), norm(units), act(), nn.Linear(units, dim)) if c["predictor"] else nn.Identity()

    def draw(self, n, rng, part):
        x, content = self.world.draw(n, rng, part)
        fixed = rng if part == "train" else np.random.default_rng([PARTS.index(part), 163])
        return dict(a=self.view(x, fixed), b=self.view(x, fixed), content=content, last=content)

    def view(self, x, rng):
        other = np.stack([rng.permutation(column) for column in x.T], 1)
        return torch.from_numpy(np.where(rng.random(x.shape) < self.rate, other, x))

    def alone(self, b, context, where):
        return self.encoder[0](b["a"]) if where == "h" else context
