"""The clock: zones, differences and sums of dates, with zones of Python's and of a page's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from mounted_tool import call


async def page(name: str, asked: dict[str, Any]) -> dict[str, Any]:
    """As `workers/python/time-zone.ts` answers, for a person in Berlin."""
    assert name == "alcove:time-zone"
    zone = asked.get("zone", "Europe/Berlin")
    try:
        moment = datetime.fromtimestamp(asked.get("at", 0) / 1000, UTC).astimezone(ZoneInfo(zone))
    except (KeyError, ValueError):
        return {
            "error": {"code": "bad-request", "message": f'There is no time zone "{zone}".', "action": "Hm."}
        }
    offset = moment.utcoffset()
    assert offset is not None
    return {"ok": {"zone": zone, "offset": offset.total_seconds() / 60}}


async def test_now_is_now_where_the_person_is() -> None:
    output = (await call("clock", page)).output
    assert output["zone"] == "Europe/Berlin"
    apart = datetime.now(UTC) - datetime.fromisoformat(output["date"])
    assert abs(apart.total_seconds()) < 120
    assert (await call("clock")).output["zone"] == "UTC"


@pytest.mark.parametrize("on_page", [page, None])
@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"date": "2026-03-01"}, {"date": "2026-03-01T00:00+01:00", "weekday": "Sunday"}),
        ({"date": "2026-07-01T12:00Z"}, {"date": "2026-07-01T14:00+02:00"}),
        ({"date": "2026-07-01T12:00Z", "zone": "Asia/Tokyo"}, {"date": "2026-07-01T21:00+09:00"}),
        ({"date": "2024-02-28", "add_days": 2}, {"date": "2024-03-01T00:00+01:00"}),
        # The night in which an hour is missing: noon stays noon, 24 hours are 24 hours.
        ({"date": "2026-03-28T12:00", "add_days": 1}, {"date": "2026-03-29T12:00+02:00"}),
        ({"date": "2026-03-28T12:00", "add_hours": 24}, {"date": "2026-03-29T13:00+02:00"}),
        (
            {"date": "2026-01-01", "until": "2026-12-25T18:30"},
            {"difference": "358 days 18 hours 30 minutes", "days": 358, "hours": 8610.5},
        ),
        ({"date": "2026-01-02", "until": "2026-01-01"}, {"difference": "-1 day", "days": -1, "hours": -24}),
    ],
)
async def test_it_computes(asked: dict[str, Any], told: dict[str, Any], on_page: Any) -> None:
    output = (await call("clock", on_page, **{"zone": "Europe/Berlin", **asked})).output
    assert {name: output[name] for name in told} == told


@pytest.mark.parametrize("on_page", [page, None])
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"zone": "Atlantis/Capital"}, "no time zone"),
        ({"zone": "../../etc/passwd"}, "no time zone"),
        ({"date": "soon"}, "no date"),
        ({"date": "2026-02-30"}, "no date"),
        ({"date": "2026-01-01", "add_days": 1e12}, "years 1 to 9999"),
        ({"date": "9999-12-31", "add_days": 2}, "years 1 to 9999"),
        ({"date": "2026-01-01", "add_days": float("nan")}, "years 1 to 9999"),
    ],
)
async def test_what_is_no_date_is_told(asked: dict[str, Any], said: str, on_page: Any) -> None:
    result = await call("clock", on_page, **asked)
    assert not result.success
    assert said in result.output
