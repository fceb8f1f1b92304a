"""What in Python's memory is of the time and the machine that it was kept on, renewed."""


def _wake() -> None:
    import random
    import time

    random.seed()
    # As CPython's init_timezone, which ran where the memory was made.
    year = 365 * 24 * 3600 + 6 * 3600
    january = time.time() // year * year
    winter, summer = time.localtime(january), time.localtime(january + year / 2)
    south = winter.tm_gmtoff > summer.tm_gmtoff
    standard, daylight = (summer, winter) if south else (winter, summer)
    time.timezone, time.altzone = -standard.tm_gmtoff, -daylight.tm_gmtoff
    time.daylight = int(standard.tm_gmtoff != daylight.tm_gmtoff)
    time.tzname = (standard.tm_zone, daylight.tm_zone)


_wake()
del _wake
