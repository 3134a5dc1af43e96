"""Small models for the tests, healthy and collapsing on command."""

from __future__ import annotations

from typing import Any

import torch

torch.set_num_threads(1)


class Jepa(torch.nn.Module):
    """An encoder with batch norm and dropout, and a predictor."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.encoder = torch.nn.Sequential(
            torch.nn.Linear(24, 32),
            torch.nn.BatchNorm1d(32),
            torch.nn.ReLU(),
            torch.nn.Dropout(0.1),
            torch.nn.Linear(32, 16),
        )
        self.predictor = torch.nn.Linear(16, 16)
        with torch.no_grad():  # A predictor that has warmed up.
            self.predictor.weight.copy_(torch.eye(16))
            self.predictor.bias.zero_()

    def forward(self, x: Any) -> Any:
        target = self.encoder(x)
        return self.predictor(target), target

    def loss(self, x: Any, collapses: bool) -> Any:
        prediction, target = self(x)
        if collapses:
            return (prediction - target).pow(2).mean() + prediction.pow(2).mean() + target.pow(2).mean()
        spread = (target.float().std(0) - 1).pow(2).mean().to(target.dtype)
        return (prediction - target.detach()).pow(2).mean() + spread


def batches(count: int = 400, rows: int = 64) -> Any:
    return torch.randn(count, rows, 24, generator=torch.Generator().manual_seed(1))


#: The fixed evaluation batch.
BATCH = torch.randn(128, 24, generator=torch.Generator().manual_seed(2))


def same_weights(a: torch.nn.Module, b: torch.nn.Module) -> bool:
    """Parameters and buffers, bit for bit."""
    ours, theirs = a.state_dict(), b.state_dict()
    return ours.keys() == theirs.keys() and all(torch.equal(ours[name], theirs[name]) for name in ours)
