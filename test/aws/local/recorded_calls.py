"""CloudTrail's records: who called, the request in AWS's spelling, and pages of them.

Functions show their ARN as session token (function-identity.cjs); it leads to their role. Whoever
assumed a role is known by the access key that STS gave out.
"""

import contextvars
import json

from ministack import app
from ministack.core.responses import error_response_json, get_account_id, json_response
from ministack.services import cloudtrail, lambda_svc
from ministack.services import cloudwatch_logs as logs
from secret_access import session_of as role_session

PAGE = 50

_token = contextvars.ContextVar("session_token", default=None)
_stock_dispatch = app._maybe_record_cloudtrail
_stock_record = cloudtrail.record_event


def dispatch(service, method, path, headers, *rest):
    _token.set(headers.get("x-amz-security-token"))
    _stock_dispatch(service, method, path, headers, *rest)


def record_event(**call):
    _stock_record(**call)
    event = cloudtrail._get_event_queue()[-1]
    record = json.loads(event["CloudTrailEvent"])
    record["requestParameters"] = {
        field[:1].lower() + field[1:]: value for field, value in record["requestParameters"].items()
    }
    function = function_of(_token.get())
    assumed = role_session(call["access_key_id"])
    if function:
        record["userIdentity"] = session_of(function["Role"], function["FunctionName"])
        event["Username"] = function["FunctionName"]
    elif assumed:
        session, caller = assumed
        event["Username"] = session.split("/")[-1]
        record["userIdentity"] = session_of(caller["aws:PrincipalArn"], event["Username"])
    event["CloudTrailEvent"] = json.dumps(record)


def function_of(token):
    found = lambda_svc._functions.get((token or "").split(":")[-1])
    return found["config"] if found else None


def session_of(role, session):
    """https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html"""
    name, account = role.split("/")[-1], get_account_id()
    issuer = {"type": "Role", "principalId": f"AROA{name}", "arn": role, "accountId": account}
    return {
        "type": "AssumedRole",
        "principalId": f"AROA{name}:{session}",
        "arn": f"arn:aws:sts::{account}:assumed-role/{name}/{session}",
        "accountId": account,
        "sessionContext": {"sessionIssuer": {**issuer, "userName": name}},
    }


def lookup_events(body):
    attributes = body.get("LookupAttributes", [])
    if [attribute["AttributeKey"] for attribute in attributes] != ["EventName"]:
        return error_response_json(
            "InvalidLookupAttributesException",
            "The local AWS looks events up by one attribute, EventName.",
            400,
        )
    found = [
        event
        for event in reversed(cloudtrail._get_event_queue())
        if event["EventName"] == attributes[0]["AttributeValue"]
        and body.get("StartTime", 0) <= event["EventTime"] <= body.get("EndTime", float("inf"))
    ]
    start, size = logs._decode_token(body.get("NextToken")), body.get("MaxResults", PAGE)
    answer = {"Events": found[start : start + size]}
    if start + size < len(found):
        answer["NextToken"] = logs._encode_token(start + size)
    return json_response(answer)


def install():
    app._maybe_record_cloudtrail = dispatch
    cloudtrail.record_event = record_event
    cloudtrail._DISPATCH["LookupEvents"] = lookup_events
