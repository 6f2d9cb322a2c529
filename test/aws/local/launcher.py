"""Starts MiniStack on loopback, with what it lacks for this project or as it comes.

    python launcher.py PORT FOLDER [stock]

FOLDER is for this run alone and is removed at its end. Its file `clock` holds the seconds by
which the clock is ahead. The server ends with its parent: it watches standard input, which the
parent keeps open. `stock` adds nothing, for a second opinion.
"""

import os
import shutil
import sys
import threading

port, folder = sys.argv[1:3]
stock = sys.argv[3:] == ["stock"]
clock = os.path.join(folder, "clock")
os.environ.update(
    GATEWAY_PORT=port,
    BIND_HOST="127.0.0.1",  # the default is 0.0.0.0, and it runs uploaded code
    IOT_MTLS_ENABLED="0",
    SFTP_ENABLED="0",
    CLOUDTRAIL_RECORDING="1",
    LOG_LEVEL=os.environ.get("LOG_LEVEL", "ERROR"),
    TMPDIR=folder,
    LOCAL_AWS_CLOCK=clock,
)

if not stock:
    import moved_clock  # before MiniStack, which binds the clock at import

    moved_clock.install(clock)
    import additions

    additions.install()

from ministack import app  # noqa: E402
from ministack.core import lambda_runtime  # noqa: E402


def tidy_up():
    """Functions run as children: they end with the server."""
    lambda_runtime.reset()
    shutil.rmtree(folder, ignore_errors=True)


def end_with_parent():
    sys.stdin.read()
    tidy_up()
    os._exit(0)


threading.Thread(target=end_with_parent, daemon=True).start()
sys.argv = ["ministack"]
try:
    app.main()
finally:
    tidy_up()
