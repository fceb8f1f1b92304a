/** The keys of the page, as they are listed for a person. */

/** ⌘ where a keyboard has it. */
const MOD = /Mac|iP/.test(globalThis.navigator?.platform ?? "") ? "⌘" : "Ctrl";

interface Shortcut {
  /** Pressed together; each is named as it stands on the key. */
  keys: readonly string[];
  does: string;
}

/** By where they work. @param sends what sends a message */
export const shortcuts = (
  tabs: readonly { name: string; digit: number }[],
  sends: "enter" | "ctrl-enter",
): readonly { where: string; list: readonly Shortcut[] }[] => [
  {
    where: "Everywhere",
    list: [
      { keys: [MOD, "K"], does: "Find a conversation, a setting, anything to do" },
      { keys: [MOD, "Shift", "O"], does: "New conversation" },
      { keys: [MOD, ","], does: "Settings" },
      { keys: ["?"], does: "This list" },
      ...tabs.map(({ name, digit }) => ({ keys: ["Ctrl", "Shift", `${digit}`], does: name })),
    ],
  },
  {
    where: "In a conversation",
    list: [
      { keys: sends === "enter" ? ["Enter"] : [MOD, "Enter"], does: "Send" },
      { keys: sends === "enter" ? ["Shift", "Enter"] : ["Enter"], does: "New line" },
      { keys: ["/"], does: "A prompt of yours, at the beginning of a message" },
      { keys: ["Esc"], does: "Stop the answer" },
    ],
  },
];
