/** A menu that a button opens: arrow keys go through it, Escape and a press elsewhere close it. */

export interface MenuItem {
  label: string;
  testId: string;
  /** It cannot be taken back. */
  danger?: boolean;
  run(): void;
}

/** Opens it below the button, which gets the focus back when it closes without something chosen. */
export function openMenu(button: HTMLElement, label: string, items: readonly MenuItem[]): void {
  const menu = document.createElement("div");
  menu.className = "menu";
  menu.popover = "auto";
  menu.setAttribute("role", "menu");
  menu.setAttribute("aria-label", label);
  let chosen = false;
  for (const item of items) {
    const choose = () => {
      chosen = true;
      menu.hidePopover();
      item.run();
    };
    menu.append(itemButton(item, choose));
  }
  menu.addEventListener("keydown", (event) => onKey(event, menu));
  menu.addEventListener("toggle", (event) => {
    if ((event as ToggleEvent).newState !== "closed") return;
    menu.remove();
    button.setAttribute("aria-expanded", "false");
    if (!chosen && (document.activeElement === document.body || !document.activeElement)) button.focus();
  });
  document.body.append(menu);
  menu.showPopover();
  place(menu, button);
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "true");
  menu.querySelector("button")?.focus();
}

function itemButton({ label, testId, danger = false }: MenuItem, choose: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.setAttribute("role", "menuitem");
  made.tabIndex = -1;
  made.dataset.testid = testId;
  made.className = danger ? "danger" : "";
  made.textContent = label;
  made.addEventListener("click", choose);
  return made;
}

function onKey(event: KeyboardEvent, menu: HTMLElement): void {
  // What goes on behind it goes on.
  if (event.key === "Escape") event.stopPropagation();
  if (event.key === "Tab") menu.hidePopover();
  const all = [...menu.querySelectorAll("button")];
  const at = all.indexOf(document.activeElement as HTMLButtonElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  all.at(to % all.length)?.focus();
}

/** Below the button, or above it where there is no room, and within the window. */
function place(menu: HTMLElement, button: HTMLElement): void {
  const at = button.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const gap = 4;
  const below = at.bottom + gap + height <= innerHeight;
  const top = below ? at.bottom + gap : Math.max(gap, at.top - gap - height);
  const start = getComputedStyle(button).direction === "rtl" ? at.right - width : at.left;
  menu.style.top = `${top}px`;
  menu.style.left = `${Math.max(gap, Math.min(start, innerWidth - width - gap))}px`;
}
