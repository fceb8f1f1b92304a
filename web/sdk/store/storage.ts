/** What lies on this device: how much of what, and how single things of it go. */
import { MODELS, removeHalf, removeWhole } from "../../../workers/files/inventory.ts";
import { forgetKeptPrompts } from "../../../workers/files/kept-prompts.ts";
import { findDirectory } from "../../../workers/files/opfs.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import type { Measured } from "./measure.ts";
import type { StorageReport } from "./storage-report.ts";
import { isWebllm, removeWebllm } from "./webllm-models.ts";

export class DeviceStorage {
  readonly #options: Measured;

  constructor(options: Measured) {
    this.#options = options;
  }

  /** Everything that Alcove keeps here, and what the browser says of the room for it. */
  async report(): Promise<StorageReport> {
    return (await import("./measure.ts")).measure(this.#options);
  }

  /** Asks the browser to keep it all when the disk is full; whether it does. */
  async persist(): Promise<boolean> {
    return (await navigator.storage?.persist?.()) ?? false;
  }

  /**
   * Deletes a half that nobody waits for, or a file that no model in the list is made of, by the `id` of its item; or all
   * kept prompts. Models are `models.remove`d, downloads under way `models.cancel`led, conversations
   * `conversations.remove`d.
   * @throws AlcoveError `busy` for a file that is being written or read
   */
  async remove(kind: "models" | "halves" | "keptPrompts", id?: string): Promise<void> {
    if (kind === "keptPrompts") return forgetKeptPrompts();
    if (id === undefined) return;
    if (isWebllm(id)) return removeWebllm(id);
    const folder = await findDirectory(MODELS);
    if (!folder) return;
    try {
      await (kind === "halves" ? removeHalf : removeWhole)(folder, id);
    } catch {
      throw new AlcoveError("busy", "This file is in use.", {
        action: "Cancel its download, or close the tab that uses it, and try again.",
      });
    }
  }
}
