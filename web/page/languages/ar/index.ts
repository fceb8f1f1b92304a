/** Arabic: from right to left, and with all six plural forms. */
import type { Partly } from "../rooms.ts";
import { device } from "./models.ts";
import { voice } from "./voice.ts";

export const arabic: Partly = { device, voice };
