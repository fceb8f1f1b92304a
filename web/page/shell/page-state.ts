/** `<html data-state>`: what tests and styles need to know of the page as a whole. */
type PageState = "booting" | "ready" | "offline" | "error";

export function setPageState(ready: boolean, failed: boolean): void {
  const state: PageState = failed ? "error" : !ready ? "booting" : navigator.onLine ? "ready" : "offline";
  document.documentElement.dataset.state = state;
}
