"""Runs the PyTorch loop of docs/recipes/pytorch.md as it stands there, around a model that collapses after step 800.

python3 scripts/recipes/run_loop.py FOLDER: trains in FOLDER; `collapse watch runs/exp1 --sentinel runs/exp1/STOP`
beside it must stop the loop before step 2000. Needs torch and numpy.
"""
import os
import re
import sys
import time

import torch

here = os.path.dirname(os.path.abspath(__file__))
page = open(os.path.join(here, "../../docs/recipes/pytorch.md"), encoding="utf-8").read()
loop = re.search(r"## A plain loop.*?```python\n(.*?)```", page, re.S).group(1)

os.makedirs(sys.argv[1], exist_ok=True)
os.chdir(sys.argv[1])
torch.manual_seed(0)
encoder = torch.nn.Linear(24, 16)
predictor = torch.nn.Linear(16, 16)
optimiser = torch.optim.SGD([*encoder.parameters(), *predictor.parameters()], lr=0.05)
evaluation_batch = torch.randn(128, 24)
batch = None
steps = 0


class Model(torch.nn.Module):
    def forward(self, views):
        target = encoder(views)
        return predictor(target), target


model = Model()


def train_one_step(model, _):
    """A joint embedding without a stop-gradient from step 800 on, so that both sides shrink to a point."""
    global steps
    steps += 1
    views = torch.randn(64, 24)
    prediction, target = model(views)
    if steps < 800:
        target = target.detach()
        spread = ((target.std(dim=0) - 1) ** 2).mean()
        loss = (prediction - target).pow(2).mean() + spread
    else:
        loss = (prediction - target).pow(2).mean() + 0.5 * (prediction.pow(2).mean() + target.pow(2).mean())
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    time.sleep(0.01)


exec(compile(loop, "docs/recipes/pytorch.md", "exec"))
print(f"torch {torch.__version__}: the loop ended at step {steps}")
