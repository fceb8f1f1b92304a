import { svg } from "lit";
import { icon } from "../kit/icons.ts";

/** Line icons of this tab alone. */
export const icons = {
  camera: icon(
    svg`<path d="M3.5 6.5h3L8 4.5h4l1.5 2h3A1.5 1.5 0 0 1 18 8v6.5a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 2 14.5V8a1.5 1.5 0 0 1 1.5-1.5z" /><circle cx="10" cy="11" r="3" />`,
  ),
  screen: icon(svg`<rect x="2.5" y="4" width="15" height="10" rx="1.5" /><path d="M7 17h6M10 14v3" />`),
  picture: icon(
    svg`<rect x="2.5" y="3.5" width="15" height="13" rx="1.5" /><circle cx="7" cy="8" r="1.4" /><path d="m3 14.5 4.5-4 3 2.5 3.5-3.5 3.5 3.5" />`,
  ),
  pdf: icon(svg`<path d="M5 2.5h6.5L16 7v10.5H5zM11.5 2.5V7H16M7.5 10.5h5.5M7.5 13.5h5.5" />`),
  flip: icon(
    svg`<path d="M4 8a6.5 6.5 0 0 1 11.5-1.5M16 12a6.5 6.5 0 0 1-11.5 1.5M15.8 3v3.7h-3.7M4.2 17v-3.7h3.7" />`,
  ),
  play: icon(svg`<path d="M7 4.8v10.4a.6.6 0 0 0 .9.5l8-5.2a.6.6 0 0 0 0-1l-8-5.2a.6.6 0 0 0-.9.5z" />`),
  pause: icon(svg`<path d="M7.5 5v10M12.5 5v10" />`),
  freeze: icon(
    svg`<path d="M7 3.5H5A1.5 1.5 0 0 0 3.5 5v2M13 3.5h2A1.5 1.5 0 0 1 16.5 5v2M7 16.5H5A1.5 1.5 0 0 1 3.5 15v-2M13 16.5h2a1.5 1.5 0 0 0 1.5-1.5v-2" /><circle cx="10" cy="10" r="2.4" />`,
  ),
  read: icon(
    svg`<path d="M3 6V4.5A1.5 1.5 0 0 1 4.5 3H6M14 3h1.5A1.5 1.5 0 0 1 17 4.5V6M17 14v1.5a1.5 1.5 0 0 1-1.5 1.5H14M6 17H4.5A1.5 1.5 0 0 1 3 15.5V14M6 7.5h8M6 10h8M6 12.5h5" />`,
  ),
  before: icon(svg`<path d="m12.5 5-5 5 5 5" />`),
} as const;
