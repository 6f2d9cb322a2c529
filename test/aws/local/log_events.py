"""CloudWatch Logs' messages, order of events, patterns for JSON and pages, as AWS has them."""

import json
import re

from ministack.core.responses import error_response_json, json_response
from ministack.services import cloudwatch_logs as logs

PAGE = 10_000
COMPARISON = re.compile(r'\(?\s*\$\.(\w+)\s*=\s*"([^"*]*)"\s*\)?')

_stock = {
    noun: getattr(logs, noun)
    for noun in ("_create_log_stream", "_put_log_events", "_compile_filter_pattern")
}


def create_log_stream(data):
    return as_aws_says(_stock["_create_log_stream"](data))


def put_log_events(data):
    times = [event["timestamp"] for event in data["logEvents"]]
    if times != sorted(times):
        return error_response_json(
            "InvalidParameterException",
            "Log events in a single PutLogEvents request must be in chronological order.",
            400,
        )
    return as_aws_says(_stock["_put_log_events"](data))


def as_aws_says(answer):
    """AWS names neither group nor stream."""
    status, _, body = answer
    content = json.loads(body)
    if status < 300:
        return answer
    sentence = content["message"].split(": ")[0]
    stop = "" if sentence.endswith("already exists") else "."
    return error_response_json(content["__type"], f"{sentence}{stop}", 400)


def filter_log_events(data):
    """A page is searched, not filled: it may be empty although more follow."""
    group = logs._log_groups.get(logs._resolve_log_group_name(data))
    if group is None:
        return error_response_json(
            "ResourceNotFoundException", "The specified log group does not exist.", 400
        )
    passes = logs._compile_filter_pattern(data.get("filterPattern", ""))
    searched = within(group, data.get("startTime", 0), data.get("endTime", float("inf")))
    start, limit = logs._decode_token(data.get("nextToken")), data.get("limit", PAGE)
    page = searched[start : start + limit]
    answer = {
        "events": [event for event in page if passes(event["message"])],
        "searchedLogStreams": [],
    }
    if start + limit < len(searched):
        answer["nextToken"] = logs._encode_token(start + limit)
    return json_response(answer)


def within(group, start, end):
    events = [
        {**event, "logStreamName": name}
        for name, stream in group["streams"].items()
        for event in stream["events"]
        if start <= event["timestamp"] <= end
    ]
    return sorted(events, key=lambda event: event["timestamp"])


def compile_pattern(raw):
    """MiniStack takes every pattern in braces for a match."""
    braces = re.fullmatch(r"\s*\{(.*)\}\s*", raw or "")
    if not braces:
        return _stock["_compile_filter_pattern"](raw)
    terms = [COMPARISON.fullmatch(term.strip()) for term in braces[1].split("&&")]
    if not all(terms):
        raise ValueError(f"The local AWS does not know the pattern {raw}.")
    return lambda message: all(field_of(message, term[1]) == term[2] for term in terms)


def field_of(message, field):
    try:
        content = json.loads(message)
    except ValueError:
        return None
    return content.get(field) if isinstance(content, dict) else None


def install():
    logs._create_log_stream = create_log_stream
    logs._put_log_events = put_log_events
    logs._filter_log_events = filter_log_events
    logs._compile_filter_pattern = compile_pattern
