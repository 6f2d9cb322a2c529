"""E-mail subscriptions wait for a confirmation, which nobody gives here: no mail is delivered."""

from ministack.core.responses import get_account_id
from ministack.services import sns
from ministack.services.cloudformation import provisioners

PROTOCOLS = ("email", "email-json")

_stock_create = provisioners._RESOURCE_HANDLERS["AWS::SNS::Subscription"]["create"]
_stock_list = sns._list_subscriptions_by_topic


def create_subscription(logical_id, props, stack_name):
    arn, attributes = _stock_create(logical_id, props, stack_name)
    if props.get("Protocol") in PROTOCOLS:
        topic = sns._topics[props["TopicArn"]]
        [subscription] = [each for each in topic["subscriptions"] if each["arn"] == arn]
        subscription["confirmed"] = False
        subscription["attributes"].update(
            SubscriptionArn=arn, Owner=get_account_id(), PendingConfirmation="true"
        )
        sns._refresh_subscription_counts(topic)
    return arn, attributes


def list_by_topic(params):
    """AWS lists the words PendingConfirmation in place of the ARN."""
    status, headers, body = _stock_list(params)
    topic = sns._topics.get(sns._normalize_arn(sns._p(params, "TopicArn")))
    for subscription in topic["subscriptions"] if topic else ():
        if not subscription["confirmed"]:
            body = body.replace(subscription["arn"].encode(), b"PendingConfirmation")
    return status, headers, body


def install():
    sns._list_subscriptions_by_topic = list_by_topic
    provisioners._RESOURCE_HANDLERS["AWS::SNS::Subscription"]["create"] = create_subscription
