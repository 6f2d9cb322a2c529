"""EventBridge Scheduler: MiniStack looks only every 10 s, and CloudFormation can't change one."""

from ministack.core.responses import get_account_id, get_region
from ministack.services import scheduler
from ministack.services.cloudformation import provisioners

TICK_SECONDS = 0.2

_stock_create = scheduler._create_schedule


def create_schedule(name, body):
    """It counts from now, whatever a schedule of that name did before it was deleted."""
    key = f"{body.get('GroupName', 'default')}/{name}"
    scheduler._schedule_last_fired.pop((get_account_id(), get_region(), key), None)
    return _stock_create(name, body)


def update_resource(name, _old, props, _stack_name):
    status, _, body = scheduler._update_schedule(name, props)
    if status >= 300:
        raise ValueError(body.decode())
    return name, {"Arn": scheduler._schedule_arn(props.get("GroupName", "default"), name)}


def install():
    scheduler._SCHEDULE_TICK_INTERVAL = TICK_SECONDS
    scheduler._create_schedule = create_schedule
    provisioners._RESOURCE_HANDLERS["AWS::Scheduler::Schedule"]["update"] = update_resource
