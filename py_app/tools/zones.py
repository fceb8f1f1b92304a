"""Time zones. Python in the tab has no data of them, the browser has: the page is asked there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from providers.capabilities import PAGE
from providers.coordinator import Coordinator
from py_app.tools.function import ToolError, on_page


class Zones:
    """Of one session."""

    def __init__(self, coordinator: Coordinator) -> None:
        self._coordinator = coordinator

    async def own(self) -> str:
        """The name of the person's zone; UTC where there is no person."""
        if self._coordinator.get_capability(PAGE) is None:
            return "UTC"
        return str((await on_page(self._coordinator, "time-zone", {}))["zone"])

    async def offset(self, zone: str, moment: datetime) -> timedelta:
        """How far the clocks of `zone` are before UTC at `moment`. Raises ToolError if it is none."""
        if self._coordinator.get_capability(PAGE) is not None:
            asked = {"zone": zone, "at": moment.timestamp() * 1000}
            return timedelta(minutes=float((await on_page(self._coordinator, "time-zone", asked))["offset"]))
        try:
            return moment.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
        except (KeyError, ValueError, OSError):
            if zone.upper() in ("UTC", "GMT", "Z"):
                return datetime.now(UTC).utcoffset() or timedelta()
            raise ToolError(f'There is no time zone "{zone}". Write it as "Europe/Paris".') from None
