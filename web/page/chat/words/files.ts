/** What files say that go with a message, and messages that wait. */
import { words } from "../../kit/words.ts";

export const w = words("chat-files", {
  toSend: "Files to send",
  forCode: "The model opens them with its Python tool, which is switched on with them.",
  asText: "Read it as text",
  textOf: "{file}, about {tokens} tokens",
  beginningOf: "{file}, its beginning: about {tokens} tokens",
  tooLong:
    "That is about {tokens} tokens of text. {model} reads {window} at a time, what was said before among them.",
  muchTooLong: "That is about {tokens} tokens of text, which is too much for a message.",
  shorten: "Send the beginning only",
  toDocuments: "Put it into Documents and ask it there",
  reading: "Reading…",
  sent: "Files of this message",
  letters: "{count} characters",
  lettersOf: "the first {count} of {whole} characters",
  noText: "“{name}” holds no text.",

  waits: "Sent when the answer is done",
  held: "Waits until you send it",
  queue: "Messages that wait",
  sendNow: "Stop the answer and send this now",
  send: "Send",
  pictures: { one: "{count} picture", other: "{count} pictures" },
  files: { one: "{count} file", other: "{count} files" },
});
