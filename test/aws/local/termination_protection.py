"""A stack that is protected can't be deleted; MiniStack doesn't know the call."""

from ministack.services import cloudformation
from ministack.services.cloudformation.handlers import _ACTION_HANDLERS
from ministack.services.cloudformation.helpers import _error, _p, _xml

_stock = {name: _ACTION_HANDLERS[name] for name in ("DeleteStack", "DescribeStacks")}


def update_termination_protection(params):
    stack = find(params)
    if not stack:
        return _error("ValidationError", f"Stack [{_p(params, 'StackName')}] does not exist")
    stack["Protected"] = _p(params, "EnableTerminationProtection") == "true"
    result = f"<StackId>{stack['StackId']}</StackId>"
    return _xml(
        200,
        "UpdateTerminationProtectionResponse",
        f"<UpdateTerminationProtectionResult>{result}</UpdateTerminationProtectionResult>",
    )


def delete_stack(params):
    stack = find(params)
    if stack and stack.get("Protected"):
        name = stack["StackName"]
        return _error(
            "ValidationError",
            f"Stack [{name}] cannot be deleted while TerminationProtection is enabled",
        )
    return _stock["DeleteStack"](params)


def describe_stacks(params):
    status, headers, body = _stock["DescribeStacks"](params)
    for stack in cloudformation._stacks.values():
        place = f"<StackId>{stack['StackId']}</StackId>"
        answer = str(bool(stack.get("Protected"))).lower()
        flag = f"<EnableTerminationProtection>{answer}</EnableTerminationProtection>"
        body = body.replace(place.encode(), (place + flag).encode())
    return status, headers, body


def find(params):
    name = _p(params, "StackName")
    stacks = cloudformation._stacks.values()
    return next((each for each in stacks if name in (each["StackName"], each["StackId"])), None)


def install():
    _ACTION_HANDLERS.update(
        UpdateTerminationProtection=update_termination_protection,
        DeleteStack=delete_stack,
        DescribeStacks=describe_stacks,
    )
