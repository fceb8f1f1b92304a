/** The key with which commands are given, as it stands on the keyboard. */
export const MOD = /Mac|iP/.test(globalThis.navigator?.platform ?? "") ? "⌘" : "Ctrl";
