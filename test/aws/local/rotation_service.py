"""Secrets Manager's side of a rotation: MiniStack only copies the value and promotes it.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
"""

import contextvars
import re
import threading
import time

from ministack.core.responses import json_response, new_uuid
from ministack.services import lambda_svc
from ministack.services import secretsmanager as sm
from secret_rules import forget_unlabelled, refusal

STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
TICK_SECONDS = 1
DAY = 86_400


class StepFailed(Exception):
    pass


def rotate_secret(data):
    _, secret = sm._resolve(data.get("SecretId"))
    if not secret or secret.get("DeletedDate"):
        return _stock_rotate(data)
    function = data.get("RotationLambdaARN") or secret.get("RotationLambdaARN")
    if not function:
        return refusal(
            "InvalidRequestException", "No Lambda rotation function ARN is associated with this secret."
        )
    if not lambda_svc._get_func_record_for_ref(function)[0]:
        return refusal(
            "AccessDeniedException",
            "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function "
            "policy grants access to the principal secretsmanager.amazonaws.com.",
        )
    if left_over(secret):
        return refusal(
            "InvalidRequestException",
            "A previous rotation isn't complete. That rotation will be reattempted.",
        )
    configure(secret, function, data.get("RotationRules"))
    token = data.get("ClientRequestToken") or new_uuid()
    if data.get("RotateImmediately", True):
        begin(secret, token)
    else:
        in_background(try_out, secret, token)
    return json_response({"ARN": secret["ARN"], "Name": secret["Name"], "VersionId": token})


_stock_rotate = sm._rotate_secret


def left_over(secret):
    version_id, version = sm._find_stage_version(secret, "AWSPENDING")
    return version_id is not None and "AWSCURRENT" not in version["Stages"]


def configure(secret, function, rules):
    secret["RotationEnabled"] = True
    secret["RotationLambdaARN"] = function
    if rules:
        secret["RotationRules"] = rules
    secret["NextRotationDate"] = next_date(secret)


def next_date(secret):
    rules = secret.get("RotationRules") or {}
    rate = re.fullmatch(r"rate\((\d+) days?\)", rules.get("ScheduleExpression", ""))
    days = int(rate[1]) if rate else rules.get("AutomaticallyAfterDays")
    return int(time.time()) + days * DAY if days else None


def begin(secret, token):
    """AWSPENDING is there before createSecret, on a version that has no value yet."""
    sm._remove_stage_everywhere(secret, "AWSPENDING")
    forget_unlabelled(secret)
    secret["Versions"][token] = empty_version()
    secret["LastChangedDate"] = int(time.time())
    in_background(run_steps, secret, token)


def empty_version():
    return {
        "SecretString": None,
        "SecretBinary": None,
        "CreatedDate": int(time.time()),
        "Stages": ["AWSPENDING"],
    }


def in_background(work, *arguments):
    """With the request's account and Region, which MiniStack keeps in context variables."""
    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(work, *arguments), daemon=True).start()


def run_steps(secret, token):
    """The service tries a failed rotation again, from the first step and with the same token."""
    for _ in range(2):
        try:
            for step in STEPS:
                invoke(secret, step, token)
            secret["LastRotatedDate"] = int(time.time())
            secret["NextRotationDate"] = next_date(secret)
            return
        except StepFailed:
            continue


def try_out(secret, token):
    """RotateImmediately=false: testSecret once, against a temporary AWSPENDING without a value."""
    secret["Versions"][token] = empty_version()
    try:
        invoke(secret, "testSecret", token)
    except StepFailed:
        pass
    finally:
        sm._remove_stage(secret, token, "AWSPENDING")
        forget_unlabelled(secret)


def invoke(secret, step, token):
    record, config, _ = lambda_svc._get_func_record_for_ref(secret["RotationLambdaARN"])
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
        for _, secret in list(sm._secrets.items()):
            due = secret.get("NextRotationDate")
            if secret.get("RotationEnabled") and due and due <= time.time() and not left_over(secret):
                secret["NextRotationDate"] = due + DAY
                begin(secret, new_uuid())


def install():
    sm._rotate_secret = rotate_secret
    threading.Thread(target=tick, daemon=True).start()
