/** What can be done with a conversation of the list, and with a folder, behind its three dots. */
import type { ConversationSummary } from "../../sdk/index.ts";
import { type MenuItem, openMenu } from "../kit/above/menu.ts";
import { toast } from "../kit/above/toast.ts";
import type { ConversationActions } from "./conversation-actions.ts";
import type { ReadFormat } from "./one-file.ts";
import { w } from "./words.ts";

interface ConversationMenu {
  conversation: ConversationSummary;
  /** Names of the folders that there are. */
  folders: readonly string[];
  actions: ConversationActions;
  /** Its row becomes a field: for its title, or for the name of a new folder. */
  edit(how: "rename" | "folder"): void;
  /** It left its place in the list. */
  left(): void;
}

export function openConversationMenu(button: HTMLElement, name: string, about: ConversationMenu): void {
  const { conversation, actions, edit, left } = about;
  const { id, pinned, archived } = conversation;
  const place = (changes: Parameters<ConversationActions["place"]>[1]) => () => {
    actions.place(id, changes);
    left();
  };
  openMenu(button, w.more({ name }), [
    item("pin", pinned ? w.unpin : w.pin, place({ pinned: !pinned })),
    item("rename", w.rename, () => edit("rename")),
    item("move", w.move, () => openFolders(button, about)),
    item("archive", archived ? w.unarchive : w.archive, place({ archived: !archived })),
    item("export", w.exportOne, () => openFormats(button, about)),
    { ...item("delete", w.delete, () => void remove(about)), danger: true },
  ]);
}

const item = (does: string, label: string, run: () => void): MenuItem => ({
  label,
  testId: `conversation-${does}`,
  run,
});

function openFolders(button: HTMLElement, { conversation, folders, actions, edit, left }: ConversationMenu) {
  const { id, folder: now } = conversation;
  const to = (folder: string) => () => {
    actions.place(id, { folder });
    left();
  };
  openMenu(button, w.move, [
    ...folders.filter((folder) => folder !== now).map((folder) => item("to-folder", folder, to(folder))),
    item("new-folder", w.newFolder, () => edit("folder")),
    ...(now ? [item("no-folder", w.noFolder, to(""))] : []),
  ]);
}

function openFormats(button: HTMLElement, { conversation: { id }, actions }: ConversationMenu): void {
  const to = (name: string, label: string, give: () => void) =>
    item(name, label, () => {
      give();
      button.focus();
    });
  const readable = (format: ReadFormat) => () =>
    actions.save(async (alcove) => (await import("./one-file.ts")).readableFile(alcove, id, format));
  openMenu(button, w.exportOne, [
    to("to-markdown", w.toMarkdown, readable("markdown")),
    to("to-page", w.toPage, readable("page")),
    to("to-json", w.toJson, () => actions.export(id)),
  ]);
}

async function remove({ conversation, actions, left }: ConversationMenu): Promise<void> {
  left();
  const undo = await actions.remove(conversation.id);
  // What failed is told above the tab.
  if (undo) toast(w.deleted, { label: w.undo, run: () => void undo() });
}

export function openFolderMenu(button: HTMLElement, name: string, rename: () => void, dissolve: () => void) {
  openMenu(button, w.more({ name }), [
    { label: w.rename, testId: "folder-rename", run: rename },
    { label: w.dissolve, testId: "folder-remove", run: dissolve },
  ]);
}
