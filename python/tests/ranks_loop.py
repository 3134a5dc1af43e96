"""A loop for two ranks. argv: RUN ddp|fully_shard collapse|gather|wrong-flag|save."""

from __future__ import annotations

import datetime
import json
import os
import sys
from typing import Any

import torch
import torch.distributed as dist
from jobs import BATCH, Jepa, batches
from torch.nn.parallel import DistributedDataParallel

from embedding_collapse import CollapseError, CollapseGate, save_step


def main(run: str, wrapper: str, mode: str) -> None:
    dist.init_process_group("gloo", timeout=datetime.timedelta(seconds=60))
    rank = dist.get_rank()
    model: Any = Jepa()
    if wrapper == "ddp":
        model = DistributedDataParallel(model)
    else:
        from torch.distributed.device_mesh import init_device_mesh
        from torch.distributed.fsdp import fully_shard

        fully_shard(model, mesh=init_device_mesh("cpu", (2,)))
    if mode == "save":
        prediction, target = model(BATCH[rank::2])
        save_step(run, 1, prediction=prediction, target=target)
        say(rank)
        return
    flags: dict[str, Any] = {"nonsense": 1} if mode == "wrong-flag" else {}
    gate = CollapseGate(run, BATCH[rank::2], every=20, after=20, gather=mode == "gather", **flags)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    stopped = None
    for step, x in enumerate(batches(300 if mode == "collapse" else 100, 32), 1):
        optimizer.zero_grad()
        loss_of(model, x, mode == "collapse" and step > 100).backward()
        optimizer.step()
        try:
            if gate(model, step):
                stopped = step
                break
        except CollapseError as error:
            say(rank, error=str(error))
            return
    gate.close()
    say(rank, stopped=stopped)


def loss_of(model: Any, x: Any, collapses: bool) -> Any:
    prediction, target = model(x)
    if collapses:
        return (prediction - target).pow(2).mean() + prediction.pow(2).mean() + target.pow(2).mean()
    return (prediction - target.detach()).pow(2).mean() + (target.std(0) - 1).pow(2).mean()


def say(rank: int, **words: Any) -> None:
    print(json.dumps({"rank": rank, **words}), flush=True)
    dist.barrier()
    dist.destroy_process_group()


main(*sys.argv[1:])
# A thread of gloo may still hold the last tensor, and its end aborts an interpreter that is being torn down: torch's
# fault, not the gate's. Whatever main raises ends this process before this line.
sys.stdout.flush()
os._exit(0)
