"""When a secret is to be rotated."""

import re
import time

from operation import Refused

SECONDS = {"day": 86_400, "hour": 3_600}


def configure(secret, function, rules):
    """Sets function and rules; the first date counts from now, like that of changed rules."""
    if rules:
        interval(rules)
    if (rules and rules != secret.get("RotationRules")) or not secret.get("RotationEnabled"):
        secret["RotationRules"] = rules or secret.get("RotationRules")
        schedule_next(secret)
    secret["RotationEnabled"] = True
    secret["RotationLambdaARN"] = function


def schedule_next(secret):
    seconds = interval(secret.get("RotationRules") or {})
    secret["NextRotationDate"] = int(time.time()) + seconds if seconds else None


def count_as_rotated(secret):
    if secret.get("RotationEnabled"):
        secret["LastRotatedDate"] = int(time.time())
        schedule_next(secret)


def interval(rules):
    """Of AWS's schedules those that need no calendar."""
    days, expression = rules.get("AutomaticallyAfterDays"), rules.get("ScheduleExpression")
    if days:
        return int(days) * SECONDS["day"]
    if not expression:
        return None
    rate = re.fullmatch(r"rate\((\d+) (day|hour)s?\)", expression)
    if not rate:
        raise Refused(
            "InvalidParameterException",
            f"The local AWS knows schedules like rate(90 days), not {expression}.",
        )
    return int(rate[1]) * SECONDS[rate[2]]
