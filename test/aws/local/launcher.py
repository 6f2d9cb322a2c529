"""Starts MiniStack on loopback with what it lacks for this project.

    python launcher.py PORT CLOCK_FILE

CLOCK_FILE holds the seconds by which the clock is ahead. The server ends with its
parent: it watches standard input, which the parent keeps open.
"""

import os
import sys
import threading

port, clock_file = sys.argv[1:3]
os.environ.update(
    GATEWAY_PORT=port,
    BIND_HOST="127.0.0.1",  # the default is 0.0.0.0, and it runs uploaded code
    IOT_MTLS_ENABLED="0",
    SFTP_ENABLED="0",
    CLOUDTRAIL_RECORDING="1",
    LOG_LEVEL=os.environ.get("LOG_LEVEL", "ERROR"),
)

import moved_clock  # noqa: E402  before MiniStack, which binds time.time at import

moved_clock.install(clock_file)

import cloudformation_types  # noqa: E402
import rotation_service  # noqa: E402
import secret_rules  # noqa: E402
from ministack import app  # noqa: E402
from ministack.services import lambda_svc  # noqa: E402


def end_with_parent():
    sys.stdin.read()
    lambda_svc.reset()
    os._exit(0)


secret_rules.install()
rotation_service.install()
cloudformation_types.install()
threading.Thread(target=end_with_parent, daemon=True).start()
sys.argv = ["ministack"]
app.main()
