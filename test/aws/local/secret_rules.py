"""What Secrets Manager enforces and MiniStack doesn't: labels, tokens, versions without a value.

The answers follow what LocalStack's maintainers recorded against AWS
(localstack/localstack, tests/aws/services/secretsmanager).
"""

from ministack.core.responses import error_response_json, json_response, new_uuid
from ministack.services import secretsmanager as sm

_stock = {
    "describe": sm._describe_secret,
    "get": sm._get_secret_value,
    "put": sm._put_secret_value,
    "move": sm._update_secret_version_stage,
}


def refusal(code, message):
    return error_response_json(code, message, 400)


def has_value(version):
    return version.get("SecretString") is not None or version.get("SecretBinary") is not None


def forget_unlabelled(secret):
    """A version that lost its last label is deprecated: Describe and default reads don't know it."""
    for version_id, version in list(secret["Versions"].items()):
        if not version["Stages"] and not has_value(version):
            del secret["Versions"][version_id]


def describe_secret(data):
    status, headers, body = _stock["describe"](data)
    _, secret = sm._resolve(data.get("SecretId"))
    if status != 200:
        return status, headers, body
    answer = sm.json.loads(body)
    for name in ("LastRotatedDate", "NextRotationDate"):
        if secret.get(name):
            answer[name] = secret[name]
    return json_response({name: value for name, value in answer.items() if value is not None})


def get_secret_value(data):
    _, secret = sm._resolve(data.get("SecretId"))
    version_id, stage = data.get("VersionId"), data.get("VersionStage")
    if secret and not secret.get("DeletedDate") and version_id:
        version = secret["Versions"].get(version_id)
        if version and stage and stage not in version["Stages"]:
            return refusal(
                "InvalidRequestException",
                "You provided a VersionStage that is not associated to the provided VersionId.",
            )
        if not version or not has_value(version):
            return refusal(
                "ResourceNotFoundException",
                f"Secrets Manager can't find the specified secret value for VersionId: {version_id}",
            )
    if secret and not version_id:
        _, version = sm._find_stage_version(secret, stage or "AWSCURRENT")
        if version and not has_value(version):
            return refusal(
                "ResourceNotFoundException",
                "Secrets Manager can't find the specified secret value for staging label: "
                f"{stage or 'AWSCURRENT'}",
            )
    return _stock["get"](data)


def put_secret_value(data):
    """A token is written once; a label sits on one version."""
    _, secret = sm._resolve(data.get("SecretId"))
    if not secret or secret.get("DeletedDate"):
        return _stock["put"](data)
    token = data.setdefault("ClientRequestToken", new_uuid())
    stages = data.get("VersionStages", ["AWSCURRENT"])
    version = secret["Versions"].get(token)
    if version and has_value(version):
        if any(version.get(field) != data.get(field) for field in ("SecretString", "SecretBinary")):
            return refusal(
                "ResourceExistsException",
                f"You can't use ClientRequestToken {token} because that value is already in use "
                "for a version of secret " + secret["ARN"] + ".",
            )
        return json_response(
            {"ARN": secret["ARN"], "Name": secret["Name"], "VersionId": token,
             "VersionStages": version["Stages"]}
        )
    earlier = version["Stages"] if version else []
    for stage in stages:
        if stage != "AWSCURRENT":
            sm._remove_stage_everywhere(secret, stage, except_version_id=token)
    answer = _stock["put"](data)
    for stage in earlier:
        sm._add_stage(secret, token, stage)
    forget_unlabelled(secret)
    return answer


def update_secret_version_stage(data):
    if data.get("VersionStage") == "AWSCURRENT" and not data.get("MoveToVersionId"):
        return refusal(
            "InvalidParameterException",
            "You can only move staging label AWSCURRENT to a different secret version. "
            "It can't be completely removed.",
        )
    answer = _stock["move"](data)
    _, secret = sm._resolve(data.get("SecretId"))
    if secret:
        forget_unlabelled(secret)
    return answer


def install():
    sm._describe_secret = describe_secret
    sm._get_secret_value = get_secret_value
    sm._put_secret_value = put_secret_value
    sm._update_secret_version_stage = update_secret_version_stage
