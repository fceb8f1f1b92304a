"""`tool-alcove-clock`: what time it is, anywhere, and how far two moments lie apart."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone

from amplifier_core.models import ToolResult

from providers.coordinator import Coordinator
from providers.json_types import Json
from py_app.tools.function import FunctionTool, ToolError
from py_app.tools.named import mount_tool
from py_app.tools.zones import Zones

__amplifier_module_type__ = "tool"

_MOST_DAYS = 4_000_000
_PROPERTIES: Json = {
    "zone": {
        "type": "string",
        "description": 'Time zone, such as "Asia/Tokyo"; the person\'s own if left out',
    },
    "date": {
        "type": "string",
        "description": 'A moment, such as "2026-03-01" or "2026-03-01T14:30"; now if left out',
    },
    "until": {"type": "string", "description": "Another moment: tells how far it is from the first"},
    "add_days": {"type": "number", "description": "Days to add; negative goes back"},
    "add_hours": {"type": "number"},
}


async def mount(coordinator: Coordinator, config: Json | None = None) -> Callable[[], Awaitable[None]]:
    """Mount the tool `clock`; returns what unmounts it."""
    zones = Zones(coordinator)

    async def run(given: Json) -> ToolResult:
        return ToolResult(output=await _told(given, zones))

    tool = FunctionTool(
        coordinator,
        "clock",
        "Tell the date and time, convert time zones, compute with dates.",
        _PROPERTIES,
        run,
    )
    return await mount_tool(coordinator, tool)


async def _told(given: Json, zones: Zones) -> Json:
    zone = str(given.get("zone") or "") or await zones.own()
    start = await _moment(given.get("date"), zone, zones)
    try:
        days, hours = float(given.get("add_days") or 0), float(given.get("add_hours") or 0)
        if abs(days) + abs(hours) / 24 > _MOST_DAYS:
            raise OverflowError
        moved = await _local(
            start + timedelta(days=days, hours=hours), zone, zones, keep=start if not hours else None
        )
        told = {"date": moved.isoformat(timespec="minutes"), "weekday": f"{moved:%A}", "zone": zone}
        if not given.get("until"):
            return told
        end = await _moment(given["until"], zone, zones)
    except (OverflowError, ValueError):
        raise ToolError("That lies beyond the years 1 to 9999.") from None
    return {**told, "until": end.isoformat(timespec="minutes"), **_distance(moved, end)}


async def _moment(given: object, zone: str, zones: Zones) -> datetime:
    if not given:
        return await _local(datetime.now(UTC), zone, zones)
    try:
        moment = datetime.fromisoformat(str(given).strip())
    except ValueError:
        raise ToolError(f'"{given}" is no date. Write it as 2026-03-01 or 2026-03-01T14:30.') from None
    return await _local(moment, zone, zones)


async def _local(moment: datetime, zone: str, zones: Zones, keep: datetime | None = None) -> datetime:
    """`moment` as the clocks of `zone` show it. What has no offset of its own is meant so already.

    With `keep`, its time of day stays although an hour was put on or back meanwhile.
    """
    if moment.tzinfo is None or keep is not None:
        naive = moment.replace(tzinfo=None)
        guess = await zones.offset(zone, naive.replace(tzinfo=UTC))
        offset = await zones.offset(zone, naive.replace(tzinfo=UTC) - guess)
        return naive.replace(tzinfo=timezone(offset))
    return moment.astimezone(timezone(await zones.offset(zone, moment)))


def _distance(start: datetime, end: datetime) -> Json:
    seconds = (end - start).total_seconds()
    minutes = round(abs(seconds) / 60)
    days, rest = divmod(minutes, 1440)
    parts = [(days, "day"), (rest // 60, "hour"), (rest % 60, "minute")]
    words = (
        " ".join(f"{many} {unit}{'' if many == 1 else 's'}" for many, unit in parts if many) or "0 minutes"
    )
    calendar = (end.date() - start.date()).days
    return {
        "difference": f"-{words}" if seconds < 0 else words,
        "days": calendar,
        "hours": round(seconds / 3600, 2),
    }
