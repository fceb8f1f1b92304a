/**
 * A conversation is drawn in blocks of messages, and only the blocks near what is seen. The others stand in the
 * document as their bare text: the browser neither lays it out nor paints it, and it is there all the same to be
 * searched (Ctrl+F), selected, copied and read aloud. One place for each message would be as simple, but a
 * thousand such places take a browser longer than what is in them.
 */
import { html, type TemplateResult } from "lit";
import { answerText, type Entry } from "../state/transcript.ts";

export type Block = readonly [Entry, ...Entry[]];

/** Messages in a block. */
export const BLOCK = 8;

export function blocksOf(entries: readonly Entry[]): Block[] {
  const blocks: Block[] = [];
  for (let at = 0; at < entries.length; at += BLOCK)
    blocks.push(entries.slice(at, at + BLOCK) as unknown as Block);
  return blocks;
}

/** What tells it from others, as long as it begins with the same message. */
export const keyOf = ([{ key }]: Block): number => key;

/** The place of a block, whatever is drawn of it. */
export const framed = (block: Block, content: unknown, kind = ""): TemplateResult =>
  html`<div class="block ${kind}" data-key=${keyOf(block)}>${content}</div>`;

/** What stands for a block that is not drawn. */
export const bareText = (block: Block): string =>
  block.map((entry) => (entry.kind === "user" ? entry.text : answerText(entry))).join("\n\n");
