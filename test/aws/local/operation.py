"""How a call of Secrets Manager's API is answered here: by a function of the secret, or refused."""

from ministack.core.responses import error_response_json, json_response
from ministack.services import secretsmanager as sm


class Refused(Exception):
    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


def operation(work, even_if_deleted=False):
    """MiniStack's form of a call, around `work(secret, data)` or its refusal."""

    def answer(data):
        try:
            return json_response(work(find(data, even_if_deleted), data))
        except Refused as refused:
            return error_response_json(refused.code, str(refused), 400)

    return answer


def find(data, even_if_deleted):
    _, secret = sm._resolve(data.get("SecretId"))
    if not secret:
        raise Refused(
            "ResourceNotFoundException", "Secrets Manager can't find the specified secret."
        )
    if secret.get("DeletedDate") and not even_if_deleted:
        raise Refused(
            "InvalidRequestException",
            "You can't perform this operation on the secret because it was marked for deletion.",
        )
    return secret


def required_token(data):
    if not data.get("ClientRequestToken"):
        raise Refused(
            "InvalidRequestException",
            "You must provide a ClientRequestToken value. We recommend a UUID-type value.",
        )
    return data["ClientRequestToken"]


def named(secret):
    return {"ARN": secret["ARN"], "Name": secret["Name"]}
