"""Resource types of this project's stack that MiniStack's CloudFormation lacks or gets wrong."""

import json

from ministack.core.responses import new_uuid
from ministack.services import cloudwatch_logs, lambda_svc, sns, sqs
from ministack.services import secretsmanager as sm
from ministack.services.cloudformation import provisioners

_stock = {
    noun: provisioners._RESOURCE_HANDLERS[f"AWS::{noun}"]["create"]
    for noun in (
        "SecretsManager::Secret",
        "Lambda::Function",
        "SNS::Topic",
        "CloudWatch::Alarm",
        "SQS::Queue",
    )
}


def done(answer):
    """A refused call fails the resource with its message."""
    status, _, body = answer
    content = json.loads(body or b"{}")
    if status >= 300:
        raise ValueError(content.get("message") or content)
    return content


def create_secret(logical_id, props, stack_name):
    """Ref of a secret is its ARN."""
    _, attributes = _stock["SecretsManager::Secret"](logical_id, props, stack_name)
    return attributes["Arn"], {"Id": attributes["Arn"], **attributes}


def update_secret(arn, old, props, _stack_name):
    """An edited literal is written over the live value, as AWS does; tags of others are kept."""
    _, secret = sm._resolve(arn)
    own = {tag["Key"] for tag in (*old.get("Tags", []), *props.get("Tags", []))}
    foreign = [tag for tag in secret.get("Tags", []) if tag["Key"] not in own]
    secret["Tags"] = [*props.get("Tags", []), *foreign]
    change = {"Description": props.get("Description", ""), "KmsKeyId": props.get("KmsKeyId")}
    if props.get("SecretString") != old.get("SecretString"):
        change["SecretString"] = props["SecretString"]
    done(sm._update_secret({"SecretId": arn, "ClientRequestToken": new_uuid(), **change}))
    return arn, {"Id": arn, "Arn": arn}


def delete_secret(arn, _props):
    key, secret = sm._resolve(arn)
    if secret:
        sm._purge_secret(key, secret)


def create_schedule(_logical_id, props, _stack_name):
    at_once = str(props.get("RotateImmediatelyOnUpdate", "true")).lower() == "true"
    done(
        sm._rotate_secret(
            {
                "SecretId": props["SecretId"],
                "ClientRequestToken": new_uuid(),
                "RotationLambdaARN": props["RotationLambdaARN"],
                "RotationRules": props.get("RotationRules"),
                "RotateImmediately": at_once,
            }
        )
    )
    return props["SecretId"], {"Id": props["SecretId"]}


def delete_schedule(arn, _props):
    _, secret = sm._resolve(arn)
    if secret:
        secret["RotationEnabled"] = False


def create_policy(_logical_id, props, _stack_name):
    policy = props["ResourcePolicy"]
    text = policy if isinstance(policy, str) else json.dumps(policy)
    done(sm._put_resource_policy({"SecretId": props["SecretId"], "ResourcePolicy": text}))
    return props["SecretId"], {"Id": props["SecretId"]}


def delete_policy(arn, _props):
    sm._delete_resource_policy({"SecretId": arn})


def create_metric_filter(logical_id, props, stack_name):
    name = props.get("FilterName") or provisioners._physical_name(stack_name, logical_id)
    fields = provisioners._pascal_to_camel({**props, "FilterName": name})
    done(cloudwatch_logs._put_metric_filter(fields))
    return name, {}


def delete_metric_filter(name, props):
    cloudwatch_logs._delete_metric_filter(
        {"logGroupName": props["LogGroupName"], "filterName": name}
    )


def update_log_group(name, _old, props, _stack_name):
    """Its lines stay."""
    days = props.get("RetentionInDays")
    group = cloudwatch_logs._log_groups[name]
    group["retentionInDays"] = int(days) if days else None
    return name, {"Arn": group["arn"]}


def create_alarm(logical_id, props, stack_name):
    """One on an expression is kept but never evaluated: MiniStack refuses those."""
    if props.get("Metrics"):
        props = {**props, "Metrics": None, "MetricName": "expression", "Namespace": "none"}
    return _stock["CloudWatch::Alarm"](logical_id, props, stack_name)


def create_queue(logical_id, props, stack_name):
    answer = _stock["SQS::Queue"](logical_id, props, stack_name)
    redrive = props.get("RedrivePolicy")
    if redrive:
        attributes = sqs._queues[answer[0]]["attributes"]
        attributes["RedrivePolicy"] = json.dumps(redrive, separators=(",", ":"))
    return answer


def update_queue(url, _old, props, stack_name, logical_id):
    """What waits in it stays."""
    messages = sqs._queues[url]["messages"]
    answer = create_queue(logical_id, props, stack_name)
    sqs._queues[url]["messages"] = messages
    return answer


def update_function(name, _old, props, stack_name, logical_id):
    """New code leaves permissions, versions, aliases and tags as they are."""
    before = lambda_svc._functions.get(name, {})
    answer = _stock["Lambda::Function"](logical_id, props, stack_name)
    kept = ("policy", "versions", "next_version", "aliases", "tags", "concurrency")
    lambda_svc._functions[name].update({part: before[part] for part in kept if part in before})
    return answer


def update_topic(arn, _old, props, stack_name, logical_id):
    subscriptions = sns._topics[arn]["subscriptions"]
    answer = _stock["SNS::Topic"](logical_id, props, stack_name)
    sns._topics[arn]["subscriptions"] = subscriptions
    return answer


def replaced(create):
    """Types whose update is a create: the same call again with the new properties."""
    return lambda _id, _old, props, stack_name: create("", props, stack_name)


def install():
    handlers = provisioners._RESOURCE_HANDLERS
    handlers.update(
        {
            "AWS::SecretsManager::Secret": {
                "create": create_secret,
                "update": update_secret,
                "delete": delete_secret,
            },
            "AWS::SecretsManager::RotationSchedule": {
                "create": create_schedule,
                "update": replaced(create_schedule),
                "delete": delete_schedule,
            },
            "AWS::SecretsManager::ResourcePolicy": {
                "create": create_policy,
                "update": replaced(create_policy),
                "delete": delete_policy,
            },
            "AWS::Logs::MetricFilter": {
                "create": create_metric_filter,
                "delete": delete_metric_filter,
            },
        }
    )
    handlers["AWS::Logs::LogGroup"]["update"] = update_log_group
    handlers["AWS::CloudWatch::Alarm"]["create"] = create_alarm
    handlers["AWS::SQS::Queue"]["create"] = create_queue
    for noun, update in (
        ("Lambda::Function", update_function),
        ("SNS::Topic", update_topic),
        ("SQS::Queue", update_queue),
    ):
        handlers[f"AWS::{noun}"].update(update=update, update_with_logical_id=True)
