import assert from "node:assert/strict";
import { test } from "node:test";
import { dayGroups } from "../../../../web/page/kit/format.ts";

test("a conversation is listed by the calendar day on which it was used", () => {
  const now = new Date(2026, 4, 20, 9);
  const dayOf = dayGroups(now.getTime());
  const at = (day: number, hour: number, minute = 0) =>
    dayOf(new Date(2026, 4, day, hour, minute).toISOString());
  assert.deepEqual(
    [at(20, 0), at(19, 23, 59), at(19, 0), at(18, 23), at(13, 0), at(12, 23, 59)],
    ["Today", "Yesterday", "Yesterday", "Last 7 days", "Last 7 days", "Earlier"],
  );
});
