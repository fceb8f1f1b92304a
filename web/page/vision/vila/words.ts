/** What is said of a ViLA server. */
import { words } from "../../kit/words.ts";

export const w = words("vila", {
  ask: "Ask a ViLA server",
  title: "ViLA server",
  send: "Send frames",
  withKey: "{server}, with a key",
  consentCamera: "Let pictures of your camera go to {server}?",
  consentScreen: "Let pictures of your screen go to {server}?",
  aboutConsent:
    "Up to 30 a second leave this tab until you stop. What becomes of them there, Alcove cannot know.",
  sendThem: "Send them",
  notNow: "Not now",
  figures: "{sent} sent · {skipped} skipped",
  leaving: "Frames leave this tab: they go to {server}.",
  connecting: "Connecting to {server}…",
  broken: "The connection broke off.",
  next: "{problem} Next try in {time}.",
  replies: "Replies",
  noReply: "No reply yet.",
  about:
    "A server that describes a video as it comes: OpenMind’s, or “build.py vila” on this device. {leaves} and go to that server.",
  leaves: "The pictures then leave this tab",
  save: "Save",
  forget: "Forget",
});
