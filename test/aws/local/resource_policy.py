"""Whether a resource-based policy denies a call; of what it doesn't know it knows no answer.

What it allows is passed over: MiniStack enforces no IAM, so everybody is allowed everything else.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

import re
from fnmatch import fnmatchcase

ACCOUNT = r"arn:aws:iam::\d{12}:root"
# ${aws:SourceIp, 'none'}: the word is for a request without the key
VARIABLE = re.compile(r"\$\{([\w:/-]+), '(\w+)'\}")


def like(given, patterns):
    return given is not None and any(fnmatchcase(given, pattern) for pattern in patterns)


OPERATORS = {
    "StringEquals": lambda given, values: given in values,
    "StringNotEquals": lambda given, values: given not in values,
    "StringLike": like,
    # A negated operator also matches where the key is absent
    "StringNotLike": lambda given, values: not like(given, values),
    "ArnNotEquals": lambda given, values: not like(given, values),
    "Null": lambda given, values: str(given is None).lower() in values,
}


def denies(policy, action, context):
    return any(
        action in listed(statement["Action"]) and meets(statement, context)
        for statement in map(checked, listed(policy["Statement"]))
        if statement["Effect"] == "Deny"
    )


def checked(statement):
    principal = statement.get("Principal")
    if statement["Effect"] == "Allow" and re.fullmatch(ACCOUNT, principal["AWS"]):
        return statement
    others = set(statement) - {"Sid", "Effect", "Principal", "Action", "Resource", "Condition"}
    if (
        others
        or statement["Effect"] != "Deny"
        or principal not in ("*", {"AWS": "*"})
        or statement["Resource"] != "*"
    ):
        raise NotImplementedError(f"The local AWS does not know this statement: {statement}")
    return statement


def meets(statement, context):
    """All conditions, each by one of its values; an unknown operator is a KeyError."""
    return all(
        OPERATORS[operator](context.get(key), [filled_in(value, context) for value in listed(values)])
        for operator, keys in statement.get("Condition", {}).items()
        for key, values in keys.items()
    )


def filled_in(value, context):
    """With what the request has in place of variables."""
    filled = VARIABLE.sub(lambda found: literal(context.get(found[1]) or found[2]), value)
    if "${" in filled:
        raise NotImplementedError(f"The local AWS does not know this variable: {value}")
    return filled


def literal(value):
    if any(mark in value for mark in "*?["):
        raise NotImplementedError(f"The local AWS knows no wildcard in a variable: {value}")
    return value


def listed(value):
    return value if isinstance(value, list) else [value]
