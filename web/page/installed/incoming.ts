/** Text and files that other programs of the device hand over go into the composer; the person sends them, or not. */
import { NOT_SHARED, type Shared, takeShared } from "../offline/shared.ts";
import type { Thread } from "../state/thread.ts";
import type { Workbench } from "../state/workbench.ts";
import { w } from "./words.ts";

/** A page that was just opened draws itself in this time, or somebody has gone elsewhere in it. */
const DRAWN_MS = 10_000;

/** What is asked of the composer, which the Chat tab draws. */
interface Receiver extends HTMLElement {
  thread: Thread;
  attach(files: readonly File[]): Promise<void>;
}

interface LaunchQueue {
  setConsumer(take: (launch: { files?: readonly FileSystemFileHandle[] }) => void): void;
}

/** Takes what was shared with the page that opens, and files that the system opens with Alcove from now on. */
export async function takeIncoming(workbench: Workbench): Promise<void> {
  const { launchQueue } = globalThis as { launchQueue?: LaunchQueue };
  launchQueue?.setConsumer(({ files }) => {
    if (files?.length) void open(workbench, files);
  });
  if (location.hash === NOT_SHARED) {
    history.replaceState(null, "", location.pathname + location.search);
    remark(workbench, w.notShared);
  }
  const shared = await takeShared(new URL("./", location.href).href);
  if (shared) await receive(workbench, shared);
}

async function open(workbench: Workbench, handles: readonly FileSystemFileHandle[]): Promise<void> {
  try {
    const files = await Promise.all(handles.map((handle) => handle.getFile()));
    await receive(workbench, { text: "", files });
  } catch (thrown) {
    console.warn("What was opened could not be read.", thrown);
    remark(workbench, w.notTaken);
  }
}

/** A new conversation begins with it; what stood in the composer already stays. */
async function receive(workbench: Workbench, { text, files }: Shared): Promise<void> {
  workbench.startNew();
  const { thread } = workbench;
  thread.drafts.draft = [thread.drafts.draft, text].filter(Boolean).join("\n");
  thread.dispatchEvent(new Event("draft"));
  const field = await receiver(thread);
  await field?.attach(files);
  field?.focus();
}

/** The composer of a conversation, once it is drawn. */
async function receiver(thread: Thread): Promise<Receiver | null> {
  for (const until = performance.now() + DRAWN_MS; performance.now() < until; ) {
    const found = document.querySelector<Receiver>("chat-composer");
    if (found?.thread === thread) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return null;
}

function remark(workbench: Workbench, words: string): void {
  workbench.remark = words;
  workbench.dispatchEvent(new Event("change"));
}
