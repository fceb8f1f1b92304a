import { html, nothing, type TemplateResult } from "lit";
import type { Status } from "../../sdk/index.ts";
import { amount } from "./status-line.ts";

/** What goes on, and how far it is: a screen reader tells the first when it changes, and not every percent. */
export const progressWords = (text: string, figures: string): TemplateResult =>
  html`<span role="status">${text}</span>${text && figures ? html`<span> · ${figures}</span>` : nothing}`;

/** The same of what Alcove does. */
export const statusProgress = (status: Status): TemplateResult => progressWords(status.text, amount(status));
