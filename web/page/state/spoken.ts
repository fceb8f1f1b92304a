/** The open conversation, as one that is spoken: what is said goes through it, so that it is drawn as ever. */
import { AlcoveError, type ChatEvent, type SpokenChat } from "../../sdk/index.ts";
import type { Thread } from "./thread.ts";

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

async function* turn(thread: Thread, text: string, signal?: AbortSignal): AsyncGenerator<ChatEvent> {
  if (thread.busy) throw new AlcoveError("busy", "An answer is still being written.");
  const events: ChatEvent[] = [];
  let over = false;
  let arrived = false;
  let wake: () => void = () => undefined;
  const stop = () => thread.stop();
  signal?.addEventListener("abort", stop, { once: true });
  const hear = (event: ChatEvent) => {
    events.push(event);
    wake();
  };
  const done = thread.send({ text, pictures: [] }, hear).finally(() => {
    over = true;
    wake();
  });
  try {
    while (!over || events.length > 0) {
      const event = events.shift();
      arrived ||= event !== undefined;
      if (event) yield event;
      else if (!over) await new Promise<void>((resolve) => (wake = resolve));
    }
    await done;
    if (thread.failure) throw AlcoveError.from(thread.failure);
    if (!arrived) throw unsent(thread, text);
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

/** It was stopped before it was sent; it is said again, not written. */
function unsent(thread: Thread, text: string): AlcoveError {
  if (thread.drafts.draft === text) {
    thread.drafts.draft = "";
    thread.dispatchEvent(new Event("draft"));
  }
  return new AlcoveError("cancelled", "Stopped.");
}
