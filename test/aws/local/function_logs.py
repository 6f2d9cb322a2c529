"""A run's log has all its lines: MiniStack stops listening after 5 ms without one, so that on a
busy machine the last ones came with the next run's, or never."""

import queue
import time

from ministack.core import lambda_runtime

# Printed after all that a function prints, and before its answer
END = "== end of the run's log =="
SETTLED = "if (settled) return;\n        settled = true;"
# Without an end mark: what a handler throws before it returns its promise
PATIENCE_SECONDS = 2.0


def drain(worker):
    lines = []
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            line = worker._stderr_queue.get(timeout=0.05)
        except queue.Empty:
            continue
        if line == END:
            break
        lines.append(line)
    return "\n".join(lines)


def install():
    script = lambda_runtime._NODEJS_WORKER_SCRIPT
    if SETTLED not in script:
        raise RuntimeError("This MiniStack's functions answer in another way.")
    mark = f'{SETTLED}\n        _stderrWrite("{END}\\n");'
    lambda_runtime._NODEJS_WORKER_SCRIPT = script.replace(SETTLED, mark)
    lambda_runtime.Worker._drain_stderr_bounded = drain
