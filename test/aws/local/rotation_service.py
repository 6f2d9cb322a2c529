"""Secrets Manager's side of a rotation: MiniStack only copies the value and promotes it.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
"""

import contextvars
import threading
import time

from ministack.core.arn import parse_arn
from ministack.core.responses import new_uuid, request_scope
from ministack.services import lambda_svc
from ministack.services import secretsmanager as sm
from operation import Refused, named, operation, required_token
from rotation_permission import may_invoke
from rotation_schedule import SECONDS, configure, count_as_rotated
from secret_versions import attach_empty, changed, detach, has_value, holder_of

STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
# AWS publishes neither the number of attempts nor the time between them.
ATTEMPTS = 2
RETRY_SECONDS = 0.5
TICK_SECONDS = 0.2


class StepFailed(Exception):
    pass


def rotate_secret(secret, data):
    token = required_token(data)
    function = data.get("RotationLambdaARN") or secret.get("RotationLambdaARN")
    refuse_function(secret, function)
    refuse_left_over(secret)
    configure(secret, function, data.get("RotationRules"))
    if data.get("RotateImmediately", True):
        begin(secret, token)
        return {**named(secret), "VersionId": token}
    attach_empty(secret, token)
    secret["TryOutToken"] = token
    in_background(try_out, secret, token)
    return named(secret)


def refuse_function(secret, function):
    if not function:
        raise Refused(
            "InvalidRequestException",
            "No Lambda rotation function ARN is associated with this secret.",
        )
    if not may_invoke(function, secret["ARN"]):
        raise Refused(
            "AccessDeniedException",
            "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function "
            "policy grants access to the principal secretsmanager.amazonaws.com.",
        )


def refuse_left_over(secret):
    if left_over(secret):
        raise Refused(
            "InvalidRequestException",
            "A previous rotation isn't complete. That rotation will be reattempted.",
        )


def left_over(secret):
    """Token of a rotation that hasn't been completed; a try-out isn't one."""
    pending = holder_of(secret, "AWSPENDING")
    ended = (holder_of(secret, "AWSCURRENT"), secret.get("TryOutToken"))
    return None if pending in ended else pending


def begin(secret, token):
    """AWSPENDING is there before createSecret, on a version that has no value yet."""
    attach_empty(secret, token)
    secret["RotationToken"] = token
    in_background(run_attempts, secret, token)


def in_background(work, *arguments):
    """With the request's account and Region, which MiniStack keeps in context variables."""
    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(work, *arguments), daemon=True).start()


def run_attempts(secret, token):
    """The service tries again from the first step with the same token, then on another day."""
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(RETRY_SECONDS)
        try:
            run_steps(secret, token)
        except StepFailed:
            continue
        return


def run_steps(secret, token):
    for step in STEPS:
        if is_abandoned(secret, token):
            return
        invoke(secret, step, token)
        if step == "createSecret" and not has_value(secret["Versions"].get(token, {})):
            raise StepFailed("createSecret put no value")
    if holder_of(secret, "AWSCURRENT") == token:
        count_as_rotated(secret)


def is_abandoned(secret, token):
    """A value put by hand, or an operator, took AWSPENDING off meanwhile."""
    return token not in (holder_of(secret, "AWSPENDING"), holder_of(secret, "AWSCURRENT"))


def try_out(secret, token):
    """RotateImmediately=false: testSecret once, against a temporary AWSPENDING without a value."""
    try:
        invoke(secret, "testSecret", token)
    except StepFailed:
        pass
    finally:
        if holder_of(secret, "AWSPENDING") == token:
            detach(secret, "AWSPENDING")
            changed(secret)


def invoke(secret, step, token):
    record, config, _ = lambda_svc._get_func_record_for_ref(secret["RotationLambdaARN"])
    if not record:
        raise StepFailed("the function is gone")
    event = {
        "Step": step,
        "SecretId": secret["ARN"],
        "ClientRequestToken": token,
        "RotationToken": new_uuid(),
    }
    execution = lambda_svc._execution_record_for_config(record, config)
    if lambda_svc._execute_function_with_config_scope(execution, event).get("error"):
        raise StepFailed(step)


def tick():
    """Starts the rotations whose date has come, by the moved clock."""
    while True:
        time.sleep(TICK_SECONDS)
        for secret in sm._secrets.all_values():
            if is_due(secret):
                # Unless this attempt succeeds, and with it sets a new date, another day is next.
                secret["NextAttempt"] = time.time() + SECONDS["day"]
                arn = parse_arn(secret["ARN"])
                with request_scope(arn.account_id, arn.region):
                    begin(secret, left_over(secret) or new_uuid())


def is_due(secret):
    due = secret.get("NextRotationDate")
    if not due or not secret.get("RotationEnabled") or secret.get("DeletedDate"):
        return False
    last_failed = secret.get("NextAttempt", 0)
    return time.time() >= max(due, last_failed if last_failed > due else 0)


def install():
    sm._rotate_secret = operation(rotate_secret)
    threading.Thread(target=tick, daemon=True).start()
