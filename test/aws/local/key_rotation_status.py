"""GetKeyRotationStatus tells the next date too, and no rotation of a CMK pending deletion.

https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html
"""

import time

from ministack.core.responses import error_response_json, json_response
from ministack.services import kms

DAY = 86_400


def get_key_rotation_status(data):
    key = kms._resolve_key(data.get("KeyId", ""))
    if not key:
        return error_response_json(
            "NotFoundException", f"Key '{data.get('KeyId')}' does not exist", 400
        )
    if key["KeyState"] == "PendingDeletion" or not key.get("KeyRotationEnabled"):
        return json_response({"KeyId": key["Arn"], "KeyRotationEnabled": False})
    period = int(key.get("RotationPeriodInDays", 365))
    return json_response(
        {
            "KeyId": key["Arn"],
            "KeyRotationEnabled": True,
            "RotationPeriodInDays": period,
            "NextRotationDate": next_date(key["CreationDate"], period * DAY),
        }
    )


def next_date(created, seconds):
    """Counted from the creation: MiniStack doesn't keep when rotation was enabled."""
    periods = int((time.time() - created) // seconds) + 1
    return int(created + periods * seconds)


def install():
    kms._get_key_rotation_status = get_key_rotation_status
