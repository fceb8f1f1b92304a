/** The card that asks before a tool acts: it shows all that the tool is given. */
import type { ChatEvent } from "../sdk/index.ts";

/** Milliseconds that nobody reads in: a click that comes sooner was meant for what was there before. */
const UNREAD_MS = 500;

export function approvalCard(
  { prompt, details, options, respond }: Extract<ChatEvent, { type: "approval" }>,
  label: string,
): HTMLElement {
  const card = Object.assign(document.createElement("section"), { className: "approval" });
  card.setAttribute("role", "alertdialog");
  card.setAttribute("aria-label", label);
  card.append(Object.assign(document.createElement("p"), { textContent: prompt }));
  if (details)
    card.append(Object.assign(document.createElement("pre"), { textContent: details, tabIndex: 0 }));
  const buttons = options.map((option) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: option });
    button.disabled = true;
    button.addEventListener("click", () => {
      // After five minutes it has been refused already.
      respond(option).catch(() => undefined);
      card.remove();
    });
    return button;
  });
  card.append(...buttons);
  setTimeout(() => {
    for (const button of buttons) button.disabled = false;
  }, UNREAD_MS);
  return card;
}
