/** Every room that has texts, by its name, and what a language has to say for it. */
import { w as aloud } from "../aloud/words.ts";
import { w as documents } from "../documents/words.ts";
import { common } from "../kit/common-words.ts";
import { w as tabs } from "../kit/tab-words.ts";
import type { Translation } from "../kit/words.ts";
import { w as device } from "../models/device-words.ts";
import { w as reader } from "../reader/words.ts";
import { w as speak } from "../speak/words.ts";
import { kindNames, kindWords, paused, w as storage } from "../storage/words.ts";
import { w as transcribe } from "../transcribe/words.ts";
import { w as reading } from "../vision/reading-words.ts";
import { w as voice } from "../voice/words.ts";

export const ROOMS = {
  aloud,
  common,
  device,
  documents,
  reader,
  reading,
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
