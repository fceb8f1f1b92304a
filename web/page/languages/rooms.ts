/** Every room that has texts, by its name, and what a language has to say for it. */
import { w as aloud } from "../aloud/words.ts";
import { w as promptMenu } from "../chat/prompt-words.ts";
import { w as first } from "../first/words.ts";
import { w as installed } from "../installed/words.ts";
import { common } from "../kit/common-words.ts";
import { w as tabs } from "../kit/tab-words.ts";
import type { Translation } from "../kit/words.ts";
import { w as device } from "../models/device-words.ts";
import { partNames } from "../settings/part-words.ts";
import { samplingWords as sampling } from "../settings/sampling-words.ts";
import { w as settings } from "../settings/words.ts";
import { w as palette } from "../shell/palette-words.ts";
import { w as speak } from "../speak/words.ts";
import { exampleWords as examples } from "../state/example-words.ts";
import { kindNames, kindWords, paused, w as storage } from "../storage/words.ts";
import { w as transcribe } from "../transcribe/words.ts";
import { w as reading } from "../vision/reading-words.ts";
import { w as voice } from "../voice/words.ts";

export const ROOMS = {
  aloud,
  common,
  device,
  first,
  installed,
  reading,
  examples,
  palette,
  "prompt-menu": promptMenu,
  sampling,
  settings,
  "settings-parts": partNames,
  speak,
  storage,
  "storage-about": kindWords,
  "storage-kinds": kindNames,
  "storage-paused": paused,
  tabs,
  transcribe,
  voice,
};

type Rooms = typeof ROOMS;

/** All texts of a room. */
export type All<Room extends keyof Rooms> = Translation<Rooms[Room]>;

/** Some of them: what is missing is said in English. */
export type Some<Room extends keyof Rooms> = Partial<All<Room>>;

export type Whole = { readonly [Room in keyof Rooms]: All<Room> };

export type Partly = { readonly [Room in keyof Rooms]?: Some<Room> };
