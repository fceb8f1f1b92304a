/** German: all of it. */
import type { Whole } from "../rooms.ts";
import { first, installed } from "./first.ts";
import { common, tabs } from "./kit.ts";
import { device } from "./models.ts";
import { reading } from "./reading.ts";
import { examples, palette, promptMenu, sampling, settings, settingsParts } from "./settings.ts";
import { aloud, speak, transcribe } from "./sound.ts";
import { storage, storageAbout, storageKinds, storagePaused } from "./storage.ts";
import { voice } from "./voice.ts";

export const german: Whole = {
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
  "settings-parts": settingsParts,
  speak,
  storage,
  "storage-about": storageAbout,
  "storage-kinds": storageKinds,
  "storage-paused": storagePaused,
  tabs,
  transcribe,
  voice,
};
