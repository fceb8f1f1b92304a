/** Line icons of what is heard. */
import { svg } from "lit";
import { icon } from "./icons.ts";

export const microphone = icon(
  svg`<rect x="7.2" y="2.8" width="5.6" height="9" rx="2.8" /><path d="M4.5 9.8a5.5 5.5 0 0 0 11 0M10 15.3v2.2" />`,
);

/** What was said, written down. */
export const written = icon(svg`<path d="M3.5 7.5v5M6.5 5v10M9.5 8v4M12.5 6h4M12.5 10h4M12.5 14h4" />`);
