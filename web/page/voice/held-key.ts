/** What a key means for the button that is held while somebody talks. */
export function heldKey(
  { type, key, repeat }: Pick<KeyboardEvent, "type" | "key" | "repeat">,
  onButton: boolean,
): "press" | "release" | "held" | null {
  if (key !== " " && key !== "Enter") return null;
  // The focus may have gone elsewhere while it was held: it is let go of all the same.
  if (type === "keyup") return "release";
  if (!onButton) return null;
  return repeat ? "held" : "press";
}
