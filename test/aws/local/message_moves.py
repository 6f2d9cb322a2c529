"""Messages that failed can be moved back, at once: MiniStack doesn't know the calls.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListMessageMoveTasks.html
"""

import json
import time

from ministack.core.responses import new_uuid
from ministack.services import sqs


def start_message_move_task(data, _):
    source = find(data, "SourceArn")
    origin = origin_of(source)
    if not origin:
        raise sqs._Err(
            "InvalidParameterValue", "Source queue must be configured as a Dead Letter Queue."
        )
    destination = find(data, "DestinationArn") if data.get("DestinationArn") else origin
    named = ("SourceArn", "DestinationArn", "MaxNumberOfMessagesPerSecond")
    task = {name: data[name] for name in named if data.get(name)}
    started = int(time.time() * 1000)
    moved = move(source, destination)
    task.update(
        Status="COMPLETED",
        ApproximateNumberOfMessagesMoved=moved,
        ApproximateNumberOfMessagesToMove=moved,
        StartedTimestamp=started,
    )
    # Of the queue, so that they go with it
    source.setdefault("move_tasks", []).insert(0, task)
    return {"TaskHandle": new_uuid()}


def list_message_move_tasks(data, _):
    """The latest first; a handle is of what runs only, and nothing here does for long."""
    tasks = find(data, "SourceArn").get("move_tasks", [])
    return {"Results": tasks[: int(data.get("MaxResults") or 1)]}


def move(source, destination):
    """A moved message is a new one; what is handed out at the moment stays."""
    with sqs._queues_lock:
        messages = sqs._collect_msgs(source, len(source["messages"]), 0)
        for message in messages:
            sent = {
                "MessageBody": message["body"],
                "MessageAttributes": message["message_attributes"],
            }
            sqs._act_send_message(sent, destination["url"])
        gone = {message["id"] for message in messages}
        source["messages"] = [each for each in source["messages"] if each["id"] not in gone]
    return len(messages)


def origin_of(source):
    """MiniStack keeps no origin of a message, so it is the first queue whose failed ones go there."""
    return next((each for each in sqs._queues.values() if fails_into(each, source)), None)


def fails_into(queue, source):
    policy = json.loads(queue["attributes"].get("RedrivePolicy") or "{}")
    return policy.get("deadLetterTargetArn") == source["attributes"]["QueueArn"]


def find(data, parameter):
    queue = sqs._queue_by_arn(data.get(parameter, ""))
    if queue:
        return queue
    raise sqs._Err(
        "ResourceNotFoundException",
        f"The resource that you specified for the {parameter} parameter doesn't exist.",
        404,
    )


def install():
    sqs._HANDLERS.update(
        StartMessageMoveTask=start_message_move_task,
        ListMessageMoveTasks=list_message_move_tasks,
    )
