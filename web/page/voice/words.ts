/** What the conversation by voice is doing, in the person's words. */
import type { VoiceState } from "../../sdk/index.ts";

const WORDS: Record<VoiceState, string> = {
  idle: "Press the button and speak",
  starting: "One moment…",
  listening: "I am listening",
  hearing: "I hear you",
  transcribing: "Understanding…",
  thinking: "Thinking…",
  asking: "May I? Please choose below",
  speaking: "Speaking: just talk to interrupt",
  muted: "Your microphone is switched off",
  waiting: "Click anywhere, so that I can hear and speak",
};

/** Where a press of a button stands for what otherwise happens by itself. */
const BY_HAND: Partial<Record<VoiceState, string>> = {
  listening: "Hold the button while you speak",
  hearing: "Let go when you are done",
  speaking: "Speaking: hold the button to interrupt",
};

export const stateWords = (state: VoiceState, handsFree: boolean): string =>
  (handsFree ? undefined : BY_HAND[state]) ?? WORDS[state];
