/** Line icons, drawn for this page on a 20-unit grid. */
import { html, type SVGTemplateResult, svg, type TemplateResult } from "lit";

/** A drawing on the grid of 20 units. */
export const icon = (shape: SVGTemplateResult): TemplateResult =>
  html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">${shape}</svg>`;

export const icons = {
  chat: icon(
    svg`<path d="M4 5.5A1.5 1.5 0 0 1 5.5 4h9A1.5 1.5 0 0 1 16 5.5v6a1.5 1.5 0 0 1-1.5 1.5H9l-3.5 3v-3A1.5 1.5 0 0 1 4 11.5z" />`,
  ),
  eye: icon(
    svg`<path d="M2.5 10S5.2 5 10 5s7.5 5 7.5 5-2.7 5-7.5 5-7.5-5-7.5-5z" /><circle cx="10" cy="10" r="2.4" />`,
  ),
  agents: icon(
    svg`<circle cx="10" cy="6.8" r="3.1" /><path d="M4 16.5c.6-3.3 3-5 6-5s5.4 1.7 6 5M15.2 3.2v3M13.7 4.7h3" />`,
  ),
  sound: icon(
    svg`<path d="M3.5 8v4h2.7L10 15.2V4.8L6.2 8zM12.8 7.4a3.6 3.6 0 0 1 0 5.2M14.9 5.2a6.8 6.8 0 0 1 0 9.6" />`,
  ),
  disk: icon(
    svg`<ellipse cx="10" cy="5.2" rx="6" ry="2.4" /><path d="M4 5.2v9.6c0 1.3 2.7 2.4 6 2.4s6-1.1 6-2.4V5.2M4 10c0 1.3 2.7 2.4 6 2.4s6-1.1 6-2.4" />`,
  ),
  attach: icon(
    svg`<path d="m15.8 9.6-5.7 5.7a3.7 3.7 0 0 1-5.3-5.3l6-6a2.5 2.5 0 0 1 3.5 3.5l-5.8 5.8a1.2 1.2 0 0 1-1.7-1.7l5.2-5.2" />`,
  ),
  document: icon(svg`<path d="M5 3h7l3 3v11H5zM8 8.5h4M8 11h4M8 13.5h4" />`),
  plus: icon(svg`<path d="M10 4v12M4 10h12" />`),
  menu: icon(svg`<path d="M3 6h14M3 10h14M3 14h9" />`),
  close: icon(svg`<path d="m5 5 10 10M15 5 5 15" />`),
  send: icon(svg`<path d="M10 16V4.5M5 9l5-5 5 5" />`),
  stop: icon(svg`<rect x="5.5" y="5.5" width="9" height="9" rx="2" class="filled" />`),
  retry: icon(svg`<path d="M15.5 8.5A6 6 0 1 0 16 11.5M16 4v4.5h-4.5" />`),
  copy: icon(
    svg`<rect x="7" y="7" width="9.5" height="9.5" rx="2" /><path d="M13 7V5.5a2 2 0 0 0-2-2H5.5a2 2 0 0 0-2 2V11a2 2 0 0 0 2 2H7" />`,
  ),
  check: icon(svg`<path d="m4 10.5 4 4 8-9" />`),
  rename: icon(svg`<path d="m4 16 .8-3.4 8.4-8.4a1.5 1.5 0 0 1 2.1 0l.5.5a1.5 1.5 0 0 1 0 2.1l-8.4 8.4z" />`),
  trash: icon(svg`<path d="M4 6h12M8 6V4h4v2M5.5 6l.7 9.5a1 1 0 0 0 1 .9h5.6a1 1 0 0 0 1-.9L14.5 6" />`),
  down: icon(svg`<path d="M10 4v11.5M5 11l5 5 5-5" />`),
  chevron: icon(svg`<path d="m7.5 5 5 5-5 5" />`),
  tool: icon(
    svg`<path d="M12.6 3.6a4 4 0 0 0-4.9 5.2l-4.4 4.4a1.6 1.6 0 0 0 2.3 2.3l4.4-4.4a4 4 0 0 0 5.2-4.9l-2.3 2.3-2-.5-.5-2z" />`,
  ),
  agent: icon(svg`<circle cx="10" cy="6.8" r="3" /><path d="M4 16.5c.6-3.2 3-5 6-5s5.4 1.8 6 5" />`),
  auto: icon(svg`<circle cx="10" cy="10" r="6.5" /><path d="M10 3.5a6.5 6.5 0 0 1 0 13z" class="filled" />`),
  light: icon(
    svg`<circle cx="10" cy="10" r="3.2" /><path d="M10 2.5v1.7M10 15.8v1.7M2.5 10h1.7M15.8 10h1.7M4.7 4.7l1.2 1.2M14.1 14.1l1.2 1.2M15.3 4.7l-1.2 1.2M5.9 14.1l-1.2 1.2" />`,
  ),
  dark: icon(svg`<path d="M16.5 11.8A6.8 6.8 0 0 1 8.2 3.5a6.8 6.8 0 1 0 8.3 8.3z" />`),
  alert: icon(svg`<circle cx="10" cy="10" r="7" /><path d="M10 6.5v4.2M10 13.4v.1" />`),
  more: icon(
    svg`<circle cx="4.5" cy="10" r="1.3" class="filled" /><circle cx="10" cy="10" r="1.3" class="filled" /><circle cx="15.5" cy="10" r="1.3" class="filled" />`,
  ),
  search: icon(svg`<circle cx="9" cy="9" r="5" /><path d="m12.8 12.8 3.7 3.7" />`),
  shield: icon(svg`<path d="M10 2.8 4.5 5v4.6c0 3.4 2.3 6.1 5.5 7.4 3.2-1.3 5.5-4 5.5-7.4V5z" />`),
} as const;

/** The arch: an alcove in a wall. */
export const mark = html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
  <path class="mark-wall" d="M4 29V16a12 12 0 0 1 24 0v13z" />
  <path class="mark-light" d="M10 29V17a6 6 0 0 1 12 0v12z" />
</svg>`;
