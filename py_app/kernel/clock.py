"""Timestamps as the engine writes them."""

import time
from functools import lru_cache


def timestamp() -> str:
    """Now, in UTC, as RFC 3339 with as many of 0, 3, 6 or 9 decimals as carry information."""
    seconds, nanos = divmod(time.time_ns(), 1_000_000_000)
    stamp = _second(seconds)
    if nanos == 0:
        return f"{stamp}+00:00"
    if nanos % 1_000:
        return f"{stamp}.{nanos:09d}+00:00"
    if nanos % 1_000_000:
        return f"{stamp}.{nanos // 1_000:06d}+00:00"
    return f"{stamp}.{nanos // 1_000_000:03d}+00:00"


@lru_cache(maxsize=1)  # many events fall into one second
def _second(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
