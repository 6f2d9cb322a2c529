"""What Secrets Manager enforces and MiniStack doesn't: labels, tokens, versions without a value.

The answers follow what LocalStack's maintainers recorded against AWS
(localstack/localstack, tests/aws/services/secretsmanager).
"""

import json
import time

from ministack.core.responses import error_response_json, json_response
from ministack.services import secretsmanager as sm
from operation import Refused, named, operation, required_token
from rotation_schedule import count_as_rotated
from secret_versions import (
    attach,
    changed,
    detach,
    has_value,
    holder_of,
    new_version,
    refuse_too_many,
)

VALUE_FIELDS = ("SecretString", "SecretBinary")

_stock_create = sm._create_secret


def create_secret(data):
    taken = sm._secrets.get(data.get("Name"))
    if taken and taken.get("DeletedDate"):
        return error_response_json(
            "InvalidRequestException",
            "You can't create this secret because a secret with this name is already scheduled "
            "for deletion.",
            400,
        )
    status, headers, body = _stock_create(data)
    if status != 200:
        return status, headers, body
    secret = sm._secrets[data["Name"]]
    version = secret["Versions"].pop(json.loads(body)["VersionId"])
    if not has_value(version):
        return json_response(named(secret))
    token = required_token(data)
    secret["Versions"][token] = version
    return json_response({**named(secret), "VersionId": token})


def update_secret(secret, data):
    token = required_token(data)
    secret.update({field: data[field] for field in ("Description", "KmsKeyId") if field in data})
    if not any(field in data for field in VALUE_FIELDS):
        changed(secret)
        return named(secret)
    put(secret, token, data, ["AWSCURRENT"])
    return {**named(secret), "VersionId": token}


def put_secret_value(secret, data):
    token = required_token(data)
    put(secret, token, data, data.get("VersionStages", ["AWSCURRENT"]))
    return {
        **named(secret),
        "VersionId": token,
        "VersionStages": list(secret["Versions"][token]["Stages"]),
    }


def put(secret, token, value, stages):
    """The same token with the same value changes nothing."""
    version = secret["Versions"].get(token)
    if version and has_value(version):
        if all(version.get(field) == value.get(field) for field in VALUE_FIELDS):
            return
        raise Refused(
            "ResourceExistsException",
            f"You can't use ClientRequestToken {token} because that value is already in use for "
            f"a version of secret {secret['ARN']}.",
        )
    if not secret["Versions"]:
        stages = [*stages, "AWSCURRENT"]
    refuse_too_many(secret, stages)
    if "AWSCURRENT" in stages:
        abandon_rotation(secret, token)
    labels = version["Stages"] if version else []
    secret["Versions"][token] = {**new_version(value), "Stages": list(labels)}
    for label in stages:
        attach(secret, label, token)
    changed(secret)
    if "AWSCURRENT" in stages:
        count_as_rotated(secret)


def abandon_rotation(secret, token):
    """A value put by hand takes the place of a rotation that hasn't ended."""
    pending = holder_of(secret, "AWSPENDING")
    if pending and pending != token and pending == secret.get("RotationToken"):
        detach(secret, "AWSPENDING")


def get_secret_value(secret, data):
    version_id, stage = data.get("VersionId"), data.get("VersionStage")
    label = stage or (None if version_id else "AWSCURRENT")
    found = version_id or holder_of(secret, label)
    version = secret["Versions"].get(found)
    if version and label and label not in version["Stages"]:
        raise Refused(
            "InvalidRequestException",
            "You provided a VersionStage that is not associated to the provided VersionId.",
        )
    if not version or not has_value(version):
        what = f"VersionId: {version_id}" if version_id else f"staging label: {label}"
        raise Refused(
            "ResourceNotFoundException",
            f"Secrets Manager can't find the specified secret value for {what}",
        )
    secret["LastAccessedDate"] = int(time.time())
    value = {field: version[field] for field in VALUE_FIELDS if version.get(field) is not None}
    return {
        **named(secret),
        **value,
        "VersionId": found,
        "VersionStages": list(version["Stages"]),
        "CreatedDate": version["CreatedDate"],
    }


_stock_describe = sm._describe_secret


def describe_secret(secret, data):
    _, _, body = _stock_describe(data)
    answer = json.loads(body)
    for field in ("LastRotatedDate", "NextRotationDate"):
        answer[field] = secret.get(field)
    if secret.get("RotationLambdaARN") is None:
        del answer["RotationEnabled"]
    answer["VersionIdsToStages"] = answer["VersionIdsToStages"] or None
    return {field: value for field, value in answer.items() if value is not None}


def list_version_ids(secret, data):
    versions = []
    for version_id, version in secret["Versions"].items():
        row = {"VersionId": version_id, "CreatedDate": version["CreatedDate"]}
        if version["Stages"]:
            versions.append({**row, "VersionStages": list(version["Stages"])})
        elif data.get("IncludeDeprecated"):
            versions.append(row)
    return {**named(secret), "Versions": versions}


def move_label(secret, data):
    label, to = data.get("VersionStage"), data.get("MoveToVersionId")
    source, holder = data.get("RemoveFromVersionId"), holder_of(secret, data.get("VersionStage"))
    for version_id in (to, source):
        if version_id and version_id not in secret["Versions"]:
            raise invalid(f"Secrets Manager can't find the version {version_id}.")
    if source and source != holder:
        raise invalid(
            f"When you move staging label {label}, if you specify RemoveFromVersionId, it must be "
            f"set to the version that currently has the staging label {label}."
        )
    if to:
        move_to(secret, label, to, source)
    else:
        take_off(secret, label, source)
    changed(secret)
    return named(secret)


def move_to(secret, label, to, source):
    holder = holder_of(secret, label)
    if holder not in (None, to) and not source:
        raise invalid(
            f"The parameter RemoveFromVersionId can't be empty. Staging label {label} is currently "
            f"attached to version {holder}, so you must explicitly reference that version in "
            "RemoveFromVersionId."
        )
    refuse_too_many(secret, [label])
    attach(secret, label, to)


def take_off(secret, label, source):
    if not source:
        raise invalid("You must specify MoveToVersionId or RemoveFromVersionId.")
    if label == "AWSCURRENT":
        raise invalid(
            "You can only move staging label AWSCURRENT to a different secret version. "
            "It can't be completely removed."
        )
    detach(secret, label)


def invalid(message):
    return Refused("InvalidParameterException", message)


def install():
    sm._create_secret = create_secret
    sm._update_secret = operation(update_secret)
    sm._put_secret_value = operation(put_secret_value)
    sm._get_secret_value = operation(get_secret_value)
    sm._describe_secret = operation(describe_secret, even_if_deleted=True)
    sm._list_secret_version_ids = operation(list_version_ids)
    sm._update_secret_version_stage = operation(move_label)
