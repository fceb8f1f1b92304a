/** A word on what was done, with the way to undo it, for a while. */

const SHOWN_MS = 12_000;

interface Undo {
  label: string;
  run(): void;
}

/** Shows it above what goes on; another one takes its place. It stays while the pointer or the focus is on it. */
export function toast(text: string, undo?: Undo): void {
  for (const before of document.querySelectorAll(".toast")) before.remove();
  const shown = document.createElement("div");
  shown.className = "toast";
  shown.dataset.testid = "toast";
  shown.setAttribute("role", "status");
  const words = document.createElement("span");
  words.textContent = text;
  shown.append(words);
  if (undo) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "text-button";
    button.dataset.testid = "undo";
    button.textContent = undo.label;
    button.addEventListener("click", () => {
      shown.remove();
      undo.run();
    });
    shown.append(button);
  }
  document.body.append(shown);
  const hide = () => {
    if (shown.matches(":hover, :focus-within")) setTimeout(hide, SHOWN_MS / 4);
    else shown.remove();
  };
  setTimeout(hide, SHOWN_MS);
}
