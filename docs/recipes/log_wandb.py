"""Log what a check found to Weights & Biases, each step once: log_wandb.py RUN RECORDS.

RUN is the id of the W&B run, RECORDS what `collapse check runs/exp1 -o ndjson=records.ndjson` wrote. Called after each
check, it goes on after the last step that the run has.
"""

import json
import sys

import wandb


def log(run_id: str, records: str, project: str = "jepa") -> None:
    with wandb.init(project=project, id=run_id, resume="allow") as run, open(records, encoding="utf-8") as lines:
        # A clock of its own: W&B's step only grows, and the training may have logged a later one.
        run.define_metric("collapse/step", hidden=True)
        run.define_metric("collapse/*", step_metric="collapse/step")
        logged = run.summary.get("collapse/step", -1)
        for record in map(json.loads, lines):
            if record["type"] != "step" or record["step"] is None or record["step"] <= logged:
                continue
            verdict = record.get("verdict", {})
            values = {name: value for name, value in record["metrics"].items() if value is not None}
            values.update(step=record["step"], alerts=len(verdict.get("alerts", [])))
            run.log({f"collapse/{name}": value for name, value in values.items()})
            for alert in verdict.get("alerts", []):
                level = wandb.AlertLevel.ERROR if alert["level"] == "error" else wandb.AlertLevel.WARN
                title = f"{verdict.get('diagnosis', 'alert')} at step {record['step']}"
                run.alert(title=title, text=alert["message"], level=level, wait_duration=300)


if __name__ == "__main__":
    log(*sys.argv[1:])
