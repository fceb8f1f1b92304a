/** What the Voice tab says. */
import type { VoiceState } from "../../sdk/index.ts";
import { words } from "../kit/words.ts";

export const w = words("voice", {
  hold: "Hold to talk",
  stop: "Stop the conversation",
  start: "Start talking",
  handsFree: "Hands-free",
  stopAnswer: "Stop the answer",
  end: "End",
  show: "Show the conversation",
  about:
    "Speak as you would to a person. What you say becomes a message of the open conversation, and its answer is read to you. Nothing you say leaves this device, unless you chose a server to answer.",

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

  // Where a press of a button stands for what otherwise happens by itself.
  listeningByHand: "Hold the button while you speak",
  hearingByHand: "Let go when you are done",
  speakingByHand: "Speaking: hold the button to interrupt",
});

/** What the conversation by voice is doing. */
export function stateWords(state: VoiceState, handsFree: boolean): string {
  const byHand = !handsFree && (state === "listening" || state === "hearing" || state === "speaking");
  return byHand ? w[`${state}ByHand`] : w[state];
}
