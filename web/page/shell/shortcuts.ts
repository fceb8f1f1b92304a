/** The keys of the page, as they are listed for a person. */
import type { ChoiceOf } from "../state/choices.ts";
import { MOD } from "../state/mod-key.ts";
import type { Tab } from "../state/tab.ts";
import { w } from "./palette-words.ts";

interface Shortcut {
  /** Pressed together; each is named as it stands on the key. */
  keys: readonly string[];
  does: string;
}

/** By where they work. */
export function shortcuts(
  tabs: readonly Tab[],
  sends: ChoiceOf<"send">,
): readonly { where: string; list: readonly Shortcut[] }[] {
  const settings = tabs.some(({ id }) => id === "settings");
  const [send, line] = sends === "enter" ? [["Enter"], ["Shift", "Enter"]] : [[MOD, "Enter"], ["Enter"]];
  return [
    {
      where: w.everywhere,
      list: [
        { keys: [MOD, "K"], does: w.hint },
        { keys: [MOD, "Shift", "O"], does: w.new },
        ...(settings ? [{ keys: [MOD, ","], does: w.settings }] : []),
        { keys: ["?"], does: w.thisList },
        ...tabs.map(({ name, digit }) => ({ keys: ["Ctrl", "Shift", `${digit}`], does: name })),
      ],
    },
    {
      where: w.inConversation,
      list: [
        { keys: send as string[], does: w.send },
        { keys: line as string[], does: w.newLine },
        { keys: ["/"], does: w.prompt },
        { keys: ["Esc"], does: w.stop },
      ],
    },
  ];
}
