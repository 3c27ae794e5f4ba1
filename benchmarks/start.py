"""How long ./run takes to say ``ready``: cold data folder, warm one, after kill -9.

``python benchmarks/start.py [RUNS]``. Installing packages is not part of it. Printed, not asserted: it depends on the
machine and on its neighbours.
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUN = Path(__file__).resolve().parents[1] / "run"


def seconds_to_ready(data: Path, end: signal.Signals) -> tuple[float, float]:
    """One start and stop: seconds until ``ready``, and from the signal until the process is gone."""
    command = [str(RUN), "--empty", "--data", str(data), "--port", "8790"]
    started = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        if not any(line == "ready\n" for line in process.stdout):
            raise SystemExit("./run did not get ready")
        ready = time.monotonic()
        process.send_signal(end)
        process.wait()
        return ready - started, time.monotonic() - ready


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    # Somebody's own servers would be used instead of starting ours.
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder, "data")
        cold, stop = seconds_to_ready(data, signal.SIGTERM)
        print(f"cold data folder  {cold:5.2f} s   (stop {stop:.2f} s)")
        warm = [seconds_to_ready(data, signal.SIGTERM) for _ in range(runs)]
        print(
            f"warm              {statistics.median(t for t, _ in warm):5.2f} s   median of {runs},"
            f" slowest {max(t for t, _ in warm):.2f} s (stop {statistics.median(s for _, s in warm):.2f} s)"
        )
        seconds_to_ready(data, signal.SIGKILL)
        # What the parent's death ends needs a moment.
        time.sleep(3)
        after, _ = seconds_to_ready(data, signal.SIGTERM)
        print(f"after kill -9     {after:5.2f} s")


if __name__ == "__main__":
    main()
