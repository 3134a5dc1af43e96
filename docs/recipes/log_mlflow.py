"""Log what a check found to MLflow, each step once: log_mlflow.py RUN RECORDS.

RUN is the id of the MLflow run, RECORDS what `collapse check runs/exp1 -o ndjson=records.ndjson` wrote. Called after
each check, it goes on after the last step that the run has. Tags say what the newest step suffers from.
"""

import json
import sys

import mlflow


def log(run_id: str, records: str) -> None:
    client = mlflow.MlflowClient()
    logged = client.get_run(run_id).data.metrics.get("collapse/step", -1)
    with open(records, encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            if record["type"] != "step" or record["step"] is None or record["step"] <= logged:
                continue
            verdict = record.get("verdict", {})
            alerts = verdict.get("alerts", [])
            values = {name: value for name, value in record["metrics"].items() if value is not None}
            values.update(step=record["step"], alerts=len(alerts))
            mlflow.log_metrics(
                {f"collapse/{name}": value for name, value in values.items()}, step=int(record["step"]), run_id=run_id
            )
            client.set_tag(run_id, "collapse.diagnosis", verdict.get("diagnosis", ""))
            client.set_tag(run_id, "collapse.alerts", "; ".join(alert["message"] for alert in alerts))


if __name__ == "__main__":
    log(*sys.argv[1:])
