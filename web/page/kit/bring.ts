/** Brings the script of an element that few pages draw, when one does; what is on the page then becomes it. */
export function bring(tag: string, script: () => Promise<unknown>): void {
  if (!customElements.get(tag)) script().catch(() => undefined);
}
