"""Starts MiniStack on loopback with what it lacks for this project.

    python launcher.py PORT FOLDER

FOLDER is for this run alone and is removed at its end. Its file `clock` holds the seconds by
which the clock is ahead. The server ends with its parent: it watches standard input, which the
parent keeps open.
"""

import os
import shutil
import sys
import threading

port, folder = sys.argv[1:3]
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

import moved_clock  # noqa: E402  before MiniStack, which binds the clock at import

moved_clock.install(clock)

import cloudformation_types  # noqa: E402
import email_subscriptions  # noqa: E402
import function_errors  # noqa: E402
import key_rotation_status  # noqa: E402
import log_events  # noqa: E402
import recorded_calls  # noqa: E402
import rotation_service  # noqa: E402
import schedules  # noqa: E402
import secret_access  # noqa: E402
import secret_operations  # noqa: E402
import termination_protection  # noqa: E402
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


for addition in (
    secret_operations,
    secret_access,
    rotation_service,
    cloudformation_types,
    email_subscriptions,
    function_errors,
    key_rotation_status,
    log_events,
    recorded_calls,
    schedules,
    termination_protection,
):
    addition.install()
# Set here for the functions only: they inherit this environment
os.environ["NODE_OPTIONS"] = " ".join(
    f"--require={os.path.join(sys.path[0], module)}"
    for module in ("moved-date.cjs", "function-identity.cjs")
)
threading.Thread(target=end_with_parent, daemon=True).start()
sys.argv = ["ministack"]
try:
    app.main()
finally:
    tidy_up()
