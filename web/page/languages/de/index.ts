/** German: all of it. */
import type { Whole } from "../rooms.ts";
import { device } from "./models.ts";
import { voice } from "./voice.ts";

export const german: Whole = { device, voice };
