"""Resource types of this project's stack that MiniStack's CloudFormation lacks or gets wrong."""

import json

from ministack.services import secretsmanager as sm
from ministack.services.cloudformation import provisioners
from rotation_service import configure, in_background, new_uuid, try_out


def create_secret(logical_id, props, stack_name):
    """Ref of a secret is its ARN."""
    _, attributes = _stock_secret["create"](logical_id, props, stack_name)
    return attributes["Arn"], attributes


def update_secret(arn, _old, props, _stack_name):
    _, secret = sm._resolve(arn)
    secret.update(
        Description=props.get("Description", ""),
        Tags=props.get("Tags", []),
        KmsKeyId=props.get("KmsKeyId"),
    )
    return arn, {"Arn": arn}


def delete_secret(arn, _props):
    key, _ = sm._resolve(arn)
    sm._secrets.pop(key, None)


def create_schedule(_logical_id, props, _stack_name):
    _, secret = sm._resolve(props["SecretId"])
    configure(secret, props["RotationLambdaARN"], props.get("RotationRules"))
    if str(props.get("RotateImmediatelyOnUpdate", "true")).lower() == "false":
        in_background(try_out, secret, new_uuid())
    else:
        sm._rotate_secret({"SecretId": secret["ARN"]})
    return secret["ARN"], {}


def update_schedule(_physical_id, _old, props, stack_name):
    return create_schedule("", props, stack_name)


def delete_schedule(arn, _props):
    _, secret = sm._resolve(arn)
    if secret:
        secret["RotationEnabled"] = False


def create_policy(_logical_id, props, _stack_name):
    policy = props["ResourcePolicy"]
    sm._put_resource_policy(
        {
            "SecretId": props["SecretId"],
            "ResourcePolicy": policy if isinstance(policy, str) else json.dumps(policy),
        }
    )
    return props["SecretId"], {}


def update_policy(_physical_id, _old, props, stack_name):
    return create_policy("", props, stack_name)


def delete_policy(arn, _props):
    sm._delete_resource_policy({"SecretId": arn})


_stock_secret = provisioners._RESOURCE_HANDLERS["AWS::SecretsManager::Secret"]


def install():
    provisioners._RESOURCE_HANDLERS.update(
        {
            "AWS::SecretsManager::Secret": {
                "create": create_secret,
                "update": update_secret,
                "delete": delete_secret,
            },
            "AWS::SecretsManager::RotationSchedule": {
                "create": create_schedule,
                "update": update_schedule,
                "delete": delete_schedule,
            },
            "AWS::SecretsManager::ResourcePolicy": {
                "create": create_policy,
                "update": update_policy,
                "delete": delete_policy,
            },
        }
    )
