/** Every room that has texts, by its name, and what a language has to say for it. */
import { w as agents } from "../agents/words.ts";
import { w as aloud } from "../aloud/words.ts";
import { w as promptMenu } from "../chat/prompt-words.ts";
import { w as chat, answered as chatAnswered } from "../chat/words/chat.ts";
import { w as chatFiles } from "../chat/words/files.ts";
import { w as chatParts } from "../chat/words/parts.ts";
import { w as chatSheets, servers } from "../chat/words/sheets.ts";
import { w as turn } from "../chat/words/turn.ts";
import { w as documents } from "../documents/words.ts";
import { w as first } from "../first/words.ts";
import { w as installed } from "../installed/words.ts";
import { w as modelList, uses as modelUses } from "../kit/models/list-words.ts";
import { w as running } from "../kit/models/words.ts";
import type { Told } from "../kit/told.ts";
import { w as approval, options as approvalOptions } from "../kit/words/approval.ts";
import { common } from "../kit/words/common.ts";
import { w as failure, codes as failureCodes, steps } from "../kit/words/failure.ts";
import { endings, format } from "../kit/words/format.ts";
import { w as tabs } from "../kit/words/tabs.ts";
import { titles as tools, abouts as toolsAbout, may as toolsMay } from "../kit/words/tools.ts";
import type { Translation, Words } from "../kit/words.ts";
import { w as text } from "../markdown/words.ts";
import { w as modelButton } from "../models/button-words.ts";
import { w as device } from "../models/device-words.ts";
import { w as models } from "../models/words.ts";
import { w as offline } from "../offline/words.ts";
import { w as reader } from "../reader/words.ts";
import { partNames as settingsParts } from "../settings/part-words.ts";
import { samplingWords as sampling } from "../settings/sampling-words.ts";
import { w as settings } from "../settings/words.ts";
import { w as palette } from "../shell/palette-words.ts";
import { w as search } from "../shell/search-words.ts";
import { w as shell, themes } from "../shell/words.ts";
import { w as speak } from "../speak/words.ts";
import { exampleWords as examples } from "../state/example-words.ts";
import { w as state } from "../state/words.ts";
import {
  w as storage,
  kindWords as storageAbout,
  kindNames as storageKinds,
  paused as storagePaused,
} from "../storage/words.ts";
import { w as transcribe } from "../transcribe/words.ts";
import { w as reading } from "../vision/reading-words.ts";
import { w as relay, states as relayStates } from "../vision/relay/words.ts";
import { w as vila } from "../vision/vila/words.ts";
import {
  w as vision,
  presets as visionPresets,
  sources as visionSources,
  aboutSources as visionSourcesAbout,
} from "../vision/words.ts";
import { w as voice } from "../voice/words.ts";

export const ROOMS = {
  agents,
  aloud,
  approval,
  "approval-options": approvalOptions,
  chat,
  "chat-answered": chatAnswered,
  "chat-files": chatFiles,
  "chat-parts": chatParts,
  "chat-sheets": chatSheets,
  common,
  device,
  documents,
  endings,
  examples,
  failure,
  "failure-codes": failureCodes,
  first,
  format,
  installed,
  "model-button": modelButton,
  "model-list": modelList,
  "model-uses": modelUses,
  models,
  offline,
  palette,
  "prompt-menu": promptMenu,
  reader,
  reading,
  relay,
  "relay-states": relayStates,
  running,
  sampling,
  search,
  servers,
  settings,
  "settings-parts": settingsParts,
  shell,
  speak,
  state,
  steps,
  storage,
  "storage-about": storageAbout,
  "storage-kinds": storageKinds,
  "storage-paused": storagePaused,
  tabs,
  themes,
  text,
  tools,
  "tools-about": toolsAbout,
  "tools-may": toolsMay,
  transcribe,
  turn,
  vila,
  vision,
  "vision-presets": visionPresets,
  "vision-sources": visionSources,
  "vision-sources-about": visionSourcesAbout,
  voice,
} satisfies Readonly<Record<string, Words<object>>>;

type Rooms = typeof ROOMS;

/** All texts of a room. */
export type All<Room extends keyof Rooms> = Translation<Rooms[Room]>;

/** Some of them: what is missing is said in English. */
export type Some<Room extends keyof Rooms> = Partial<All<Room>>;

export type Whole = { readonly [Room in keyof Rooms]: All<Room> } & { readonly sdk: Told };

export type Partly = { readonly [Room in keyof Rooms]?: Some<Room> } & { readonly sdk: Told };
