/** What a tab is to the page. Each tab's folder exports its own {@link Tab}; the shell lists them. */
import type { TemplateResult } from "lit";
import type { NextStep } from "../kit/failure.ts";
import type { Workbench } from "./workbench.ts";

export interface Tab {
  /** Names it where the page is looked through: `go-ID`. */
  id: string;
  /** As a person calls it. */
  name: string;
  icon: TemplateResult;
  /** What stands behind `#` in the address; empty for the tab whose address is the open conversation's. */
  address: string;
  /** The digit that opens it together with Ctrl and Shift. */
  digit: number;
  /** Brings the script of its element; left out where that is part of the first load. */
  load?(): Promise<unknown>;
  /** Its element, once its script is here. */
  draw(page: PageParts): TemplateResult;
  /** Who gets what is said or shown here, in a few words. */
  privacy(workbench: Workbench): string;
  /** It shows the open conversation: the top bar names that, what answers in it, and offers a new one. */
  conversation?: true;
  /** Its element stays in the page, hidden, while another tab is open. */
  kept?: true;
}

/** What a tab's element is given. */
interface PageParts {
  workbench: Workbench;
  /** What works without a network, in a few words. */
  offline: string;
  /** Takes a step that concerns the page as a whole. */
  take(step: NextStep): Promise<void>;
}

/** What the shell asks of a tab's element, where it has it. */
export interface TabElement extends HTMLElement {
  /** Puts the focus where the person goes on. */
  focusField?(): void;
  /** Escape: ends what goes on here. */
  stop?(): void;
}
