"""The seven metrics of every step of a run directory, in one process."""
import runpy
import sys
from pathlib import Path

script = str(Path(__file__).with_name("seven_metrics.py"))
for step in sorted(Path(sys.argv[1]).iterdir()):
    sys.argv = [script, str(step / "prediction.npy"), str(step / "target.npy")]
    runpy.run_path(script)
