"""A clock that a file moves forward, for everything in this process."""

import datetime
import os
import time

_real_time = time.time
_real_gmtime = time.gmtime


def install(path):
    """The current time runs ahead by the seconds that the file at `path` holds."""
    state = {"stamp": None, "offset": 0.0}

    def offset():
        try:
            stamp = os.stat(path).st_mtime_ns
        except FileNotFoundError:
            return 0.0
        if stamp != state["stamp"]:
            with open(path, encoding="ascii") as file:
                state["offset"] = float(file.read())
            state["stamp"] = stamp
        return state["offset"]

    class MovedDatetime(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls.fromtimestamp(time.time(), tz)

        @classmethod
        def utcnow(cls):
            return cls.fromtimestamp(time.time(), datetime.timezone.utc).replace(tzinfo=None)

    time.time = lambda: _real_time() + offset()
    time.gmtime = lambda seconds=None: _real_gmtime(time.time() if seconds is None else seconds)
    datetime.datetime = MovedDatetime
