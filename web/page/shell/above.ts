/** What opens above everything, none of it part of the first load. */
export const ABOVE = {
  palette: () => import("./palette.ts"),
  shortcuts: () => import("./shortcuts-sheet.ts"),
  search: () => import("./search.ts"),
};
export type Above = keyof typeof ABOVE;
