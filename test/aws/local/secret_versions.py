"""Versions of a secret and the staging labels on them, in MiniStack's records."""

import time

from ministack.services import secretsmanager as sm
from operation import Refused

# https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html
MAX_LABELS = 20


def has_value(version):
    return version.get("SecretString") is not None or version.get("SecretBinary") is not None


def holder_of(secret, label):
    """Id of the version that carries the label."""
    return sm._find_stage_version(secret, label)[0]


def attach(secret, label, version_id):
    """A label sits on one version; AWSPREVIOUS goes to the one that AWSCURRENT leaves."""
    before = holder_of(secret, label)
    if before == version_id:
        return
    sm._remove_stage_everywhere(secret, label)
    sm._add_stage(secret, version_id, label)
    if label == "AWSCURRENT" and before:
        attach(secret, "AWSPREVIOUS", before)
    if label not in ("AWSPENDING", "AWSPREVIOUS"):
        sm._emit_secret_label_updated(secret, label, version_id)


def detach(secret, label):
    sm._remove_stage_everywhere(secret, label)


def attach_empty(secret, token):
    """What the service does before createSecret: the label, and no value yet."""
    secret["Versions"].setdefault(token, new_version())
    attach(secret, "AWSPENDING", token)
    changed(secret)


def new_version(value=None):
    return {
        "SecretString": (value or {}).get("SecretString"),
        "SecretBinary": (value or {}).get("SecretBinary"),
        "CreatedDate": int(time.time()),
        "Stages": [],
    }


def refuse_too_many(secret, more):
    labels = {label for version in secret["Versions"].values() for label in version["Stages"]}
    if len(labels | set(more)) > MAX_LABELS:
        raise Refused(
            "LimitExceededException",
            f"The request failed because a secret can't have more than {MAX_LABELS} staging labels.",
        )


def changed(secret):
    """Without label and value nothing is left of a version; with a value it is deprecated."""
    for version_id, version in list(secret["Versions"].items()):
        if not version["Stages"] and not has_value(version):
            del secret["Versions"][version_id]
    secret["LastChangedDate"] = int(time.time())
    sm._sync_replicas(secret)
