/** German: all of it. */

import type { Whole } from "../rooms.ts";
import { agents } from "./agents.ts";
import { chat, chatAnswered, chatParts, chatSheets, servers } from "./chat.ts";
import { chatFiles } from "./chat-files.ts";
import { documents, reader } from "./documents.ts";
import { first, installed } from "./first.ts";
import {
  approval,
  approvalOptions,
  common,
  endings,
  failure,
  failureCodes,
  format,
  steps,
  tabs,
  tools,
  toolsAbout,
  toolsMay,
} from "./kit.ts";
import { device, modelButton, modelList, models, modelUses, running } from "./models.ts";
import { reading } from "./reading.ts";
import { sdk } from "./sdk.ts";
import { examples, palette, promptMenu, sampling, settings, settingsParts } from "./settings.ts";
import { offline, search, shell, state, themes } from "./shell.ts";
import { aloud, speak, transcribe } from "./sound.ts";
import { storage, storageAbout, storageKinds, storagePaused } from "./storage.ts";
import { text } from "./text.ts";
import { turn } from "./turn.ts";
import {
  relay,
  relayStates,
  vila,
  vision,
  visionPresets,
  visionSources,
  visionSourcesAbout,
} from "./vision.ts";
import { voice } from "./voice.ts";

export const german: Whole = {
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
  sdk,
  servers,
  settings,
  "settings-parts": settingsParts,
  search,
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
};
