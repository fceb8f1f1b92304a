/** The open conversation, as one that is spoken: what is said goes through it, so that it is drawn as ever. */

import { streamOf } from "../../../workers/wire/stream.ts";
import { AlcoveError, type ChatEvent, type SpokenChat } from "../../sdk/index.ts";
import type { Thread } from "./thread.ts";
import { w } from "./words.ts";

/** What `alcove.openVoice` asks of a session. */
export function spokenChat(thread: Thread): SpokenChat {
  return {
    send: (text, { signal } = {}) => turn(thread, text, signal),
    shorten: (answer) => change(thread, async () => (await thread.session.connect()).shorten(answer)),
    takeBack: () => change(thread, async () => (await thread.session.connect()).takeBack()),
  };
}

async function change(thread: Thread, work: () => Promise<void>): Promise<void> {
  await work();
  await thread.refresh();
}

function turn(thread: Thread, text: string, signal?: AbortSignal): AsyncGenerator<ChatEvent> {
  return streamOf(async (push) => {
    if (thread.busy) throw new AlcoveError("busy", w.stillWritten);
    let arrived = false;
    const stop = () => thread.stop();
    signal?.addEventListener("abort", stop, { once: true });
    const hear = (event: ChatEvent) => {
      arrived = true;
      push(event);
    };
    try {
      await thread.send({ text, pictures: [] }, hear);
    } finally {
      signal?.removeEventListener("abort", stop);
    }
    if (thread.failure) throw AlcoveError.from(thread.failure);
    if (!arrived) throw unsent(thread, text);
  });
}

/** It was stopped before it was sent; it is said again, not written. */
function unsent(thread: Thread, text: string): AlcoveError {
  const { draft } = thread.drafts;
  // It stands before what was typed.
  if (draft === text || draft.startsWith(`${text}\n`)) {
    thread.drafts.draft = draft.slice(text.length + 1);
    thread.dispatchEvent(new Event("draft"));
  }
  return new AlcoveError("cancelled", w.stopped);
}
