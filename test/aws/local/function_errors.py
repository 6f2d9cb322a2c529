"""What a function throws keeps its name: MiniStack answers Runtime.HandlerError for all."""

import threading

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

THROWN = 'error: String(err.message || err), trace: err.stack || ""'

_last = threading.local()
_stock_invoke = lambda_runtime.Worker.invoke
_stock_execute = lambda_svc._execute_function_warm


def invoke(worker, event, request_id):
    result = _stock_invoke(worker, event, request_id)
    _last.error_type = result.get("errorType")
    return result


def execute(function, event):
    _last.error_type = None
    result = _stock_execute(function, event)
    if result.get("error") and _last.error_type:
        result["body"]["errorType"] = _last.error_type
    return result


def install():
    script = lambda_runtime._NODEJS_WORKER_SCRIPT
    if THROWN not in script:
        raise RuntimeError("This MiniStack reports thrown errors in another way.")
    lambda_runtime._NODEJS_WORKER_SCRIPT = script.replace(THROWN, f"{THROWN}, errorType: err.name")
    lambda_runtime.Worker.invoke = invoke
    lambda_svc._execute_function_warm = execute
