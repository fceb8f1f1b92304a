/** What figures, days and endings are called. */
import { words } from "../words.ts";

export const format = words("format", {
  of: "{done} of {total}",
  speed: "{rate} tokens/s",
  today: "Today",
  yesterday: "Yesterday",
  week: "Last 7 days",
  earlier: "Earlier",
});

export const endings = words("endings", {
  cancelled: "Stopped",
  error: "Not finished",
  length: "Stopped at the length limit",
  interrupted: "Broken off",
  content_filter: "Held back by the server",
});
