/** What is said of robots and scripts that send frames to this tab. */
import { words } from "../../kit/words.ts";

export const w = words("relay", {
  title: "Robots and scripts",
  end: "End",
  again: "Answer again",
  nobody: "Nobody is connected. They reach it at {address}.",
  frames: { one: "{count} frame", other: "{count} frames" },
  dropped: "{figure} dropped",
  replies: { one: "{count} reply", other: "{count} replies" },
  unreadable: "{figure} unreadable",
  last: "The last frame",
  noWords: "It found no words.",
});

export const states = words("relay-states", {
  connecting: "Connecting to the endpoint on this machine…",
  on: "This tab answers, also while it is out of sight.",
  lost: "The endpoint on this machine does not answer. Is “build.py vila” running? It is tried again.",
  taken: "Another tab answers now.",
  ended: "This tab does not answer any more.",
});
