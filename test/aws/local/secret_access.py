"""What bars a secret: its policy, for whoever assumed a role of STS, and a CMK that can't be used.

The account's own credentials and the functions aren't judged: MiniStack enforces no IAM.
"""

import contextvars
import json

from ministack.core.router import extract_access_key_id
from ministack.services import iam, kms, sts
from ministack.services import secretsmanager as sm
from operation import Refused, operation
from resource_policy import denies
from secret_operations import get_secret_value, put_secret_value

READ = "secretsmanager:GetSecretValue"
LOOPBACK = "127.0.0.1"

_session = contextvars.ContextVar("session", default=None)
_stock_handle = sm.handle_request


async def handle_request(method, path, headers, body, query_params):
    _session.set(session_of(extract_access_key_id(headers, query_params)))
    return await _stock_handle(method, path, headers, body, query_params)


def session_of(access_key):
    """ARN of the session, and what policies ask about it, if AssumeRole gave out the key."""
    session = sts._sessions.get(access_key, {})
    arn = session.get("Arn")
    if arn is None:
        return None
    account, name = arn.split(":")[4], arn.split("/")[-2]
    role = iam._roles.get(name)
    return arn, {
        "aws:PrincipalArn": role["Arn"] if role else f"arn:aws:iam::{account}:role/{name}",
        "aws:PrincipalAccount": account,
        "aws:userid": session["UserId"],
        "aws:SourceIp": LOOPBACK,
    }


def read(secret, data):
    policy = sm._resource_policies.get(secret["ARN"])
    session, caller = _session.get() or (None, {})
    if session and policy and denies(json.loads(policy), READ, context(secret, data, caller)):
        raise Refused(
            "AccessDeniedException",
            f"User: {session} is not authorized to perform: {READ} on resource: {secret['ARN']} "
            "with an explicit deny in a resource-based policy",
        )
    refuse_unusable(secret, "DecryptionFailure", "decrypt")
    return get_secret_value(secret, data)


def context(secret, data, caller):
    tags = {f"aws:ResourceTag/{tag['Key']}": tag["Value"] for tag in secret.get("Tags", [])}
    asked = {f"secretsmanager:{key}": data.get(key) for key in ("VersionId", "VersionStage")}
    return {**tags, **asked, **caller}


def write(secret, data):
    refuse_unusable(secret, "EncryptionFailure", "encrypt")
    return put_secret_value(secret, data)


def refuse_unusable(secret, code, verb):
    key = kms._resolve_key(secret.get("KmsKeyId"))
    if key and key["KeyState"] != "Enabled":
        raise Refused(
            code,
            f"Secrets Manager can't {verb} the protected secret text using the provided KMS key.",
        )


def install():
    sm.handle_request = handle_request
    sm._get_secret_value = operation(read)
    sm._put_secret_value = operation(write)
