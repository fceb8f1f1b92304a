/**
 * The tabs of the page, in the order in which they are listed. A new one is a folder beside the others that
 * exports its `Tab`, and a line here.
 */
import { agents } from "../agents/entry.ts";
import { chat } from "../chat/entry.ts";
import { documents } from "../documents/entry.ts";
import { settings } from "../settings/entry.ts";
import { speak } from "../speak/entry.ts";
import { SITE } from "../state/site.ts";
import type { Tab } from "../state/tab.ts";
import { storage } from "../storage/entry.ts";
import { transcribe } from "../transcribe/entry.ts";
import { vision } from "../vision/entry.ts";
import { voice } from "../voice/entry.ts";

export const TABS: readonly [Tab, ...Tab[]] =
  SITE && !SITE.workbench
    ? [chat]
    : [chat, vision, documents, agents, voice, transcribe, speak, storage, settings];
