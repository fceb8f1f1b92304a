/** What can be done with a message, behind its three dots. */
import type { Alcove } from "../../../sdk/index.ts";
import { type MenuItem, openMenu } from "../../kit/above/menu.ts";
import { toast } from "../../kit/above/toast.ts";
import { copyText } from "../../kit/clipboard.ts";
import { toFailure } from "../../kit/failure.ts";
import { helpsOnly } from "../../kit/models/filter.ts";
import type { Thread } from "../../state/thread.ts";
import type { Entry } from "../../state/transcript.ts";
import { asMarkdown, deleteTurn, quote, wordsOf } from "../../state/turns.ts";
import { w } from "../words/turn.ts";

export interface MessageMenu {
  alcove: Promise<Alcove>;
  thread: Thread;
  entry: Entry;
  /** It is the last answer. */
  last: boolean;
  /** No answer is written here, in any tab. */
  rests: boolean;
  /** Another model is wanted. */
  choose(): void;
  /** The field where one writes gets the focus. */
  write(): void;
}

export function openMessageMenu(button: HTMLElement, about: MessageMenu): void {
  openMenu(button, w.more, itemsOf(button, about));
}

function itemsOf(button: HTMLElement, about: MessageMenu): MenuItem[] {
  const { thread, entry, last, rests, write } = about;
  const text = wordsOf(entry);
  const selected = selectionIn(button.closest(".message"));
  const quoteIt = () => {
    quote(thread, selected || text);
    write();
  };
  const answer = entry.kind === "answer";
  return [
    ...(text
      ? [
          {
            label: answer ? w.copyMarkdown : w.copyMessage,
            testId: "copy-message",
            run: () => void copy(text),
          },
          { label: selected ? w.quoteSelection : w.quote, testId: "quote", run: quoteIt },
        ]
      : []),
    { label: w.copyAll, testId: "copy-all", run: () => void copyAll(about) },
    ...(last && rests && answer
      ? [{ label: w.answerWith, testId: "answer-with", run: () => void answerWith(button, about) }]
      : []),
    { label: w.details, testId: "details", run: () => void showDetails(entry) },
    ...(rests
      ? [{ label: w.delete, testId: "delete-turn", danger: true, run: () => void remove(about) }]
      : []),
  ];
}

/** What is selected of a message. */
function selectionIn(message: Element | null): string {
  const selection = getSelection();
  const inside = message && selection && !selection.isCollapsed && selection.containsNode(message, true);
  return inside && message.contains(selection.anchorNode) ? selection.toString().trim() : "";
}

async function copy(text: string): Promise<void> {
  toast((await copyText(text)) ? w.copied : w.notCopied);
}

async function copyAll({ alcove, thread }: MessageMenu): Promise<void> {
  const head = thread.id
    ? await (await alcove).conversations.head(thread.id).catch(() => undefined)
    : undefined;
  await copy(asMarkdown(head?.title ?? "", thread.entries, w.you));
}

async function remove({ thread, entry, write }: MessageMenu): Promise<void> {
  try {
    const putBack = await deleteTurn(thread, entry);
    const undo = (): void =>
      void putBack().catch((thrown) => {
        // It may be had again in a moment, where something waits to be kept.
        if (toFailure(thrown).code === "bad-request") tell(thrown);
        else toast(words(thrown), { label: w.undo, run: undo });
      });
    toast(w.deleted, { label: w.undo, run: undo });
  } catch (thrown) {
    tell(thrown);
  }
  write();
}

const tell = (thrown: unknown): void => toast(words(thrown));

function words(thrown: unknown): string {
  const { message, action } = toFailure(thrown);
  return `${message} ${action}`;
}

/** The models that are here, and the way to all others. */
async function answerWith(button: HTMLElement, { alcove, thread, choose }: MessageMenu): Promise<void> {
  const models = await (await alcove).models.list().catch(() => []);
  const writes = models.filter(
    (model) =>
      (model.cached || model.shipped) &&
      model.fits &&
      model.context > 0 &&
      !helpsOnly(model) &&
      model.id !== thread.choice?.model,
  );
  const items = writes.map(({ id, name }) => ({
    label: name,
    testId: "answer-with-model",
    run: () => void again(thread, id),
  }));
  openMenu(button, w.answerWith, [...items, { label: w.anotherModel, testId: "choose-model", run: choose }]);
}

async function again(thread: Thread, model: string): Promise<void> {
  try {
    await thread.use({ model });
    await thread.retry();
  } catch (thrown) {
    tell(thrown);
  }
}

async function showDetails(entry: Entry): Promise<void> {
  const { detailsOf } = await import("./details.ts");
  toast(detailsOf(entry).join(" · ") || w.noDetails);
}
