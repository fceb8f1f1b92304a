import type { Workbench } from "./workbench.ts";

/** The workbench of the page that an element stands in, for elements whose script comes after the page is drawn. */
export function workbenchOf(element: Element): Workbench {
  const app = element.closest<HTMLElement & { workbench: Workbench }>("alcove-app");
  if (!app) throw new Error(`${element.localName} stands in no page of Alcove.`);
  return app.workbench;
}
