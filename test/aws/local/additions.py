"""What MiniStack lacks for this project, all of it."""

import os
import sys

import cloudformation_types
import email_subscriptions
import function_errors
import function_logs
import key_rotation_status
import log_events
import message_moves
import recorded_calls
import rotation_service
import schedules
import secret_access
import secret_operations
import termination_protection


def install():
    for addition in (
        secret_operations,
        secret_access,
        rotation_service,
        cloudformation_types,
        email_subscriptions,
        function_errors,
        function_logs,
        key_rotation_status,
        log_events,
        message_moves,
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
