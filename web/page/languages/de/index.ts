/** German: all of it. */
import type { Whole } from "../rooms.ts";
import { documents, reader } from "./documents.ts";
import { common, tabs } from "./kit.ts";
import { device } from "./models.ts";
import { reading } from "./reading.ts";
import { aloud, speak, transcribe } from "./sound.ts";
import { storage, storageAbout, storageKinds, storagePaused } from "./storage.ts";
import { voice } from "./voice.ts";

export const german: Whole = {
  aloud,
  common,
  device,
  documents,
  reader,
  reading,
  speak,
  storage,
  "storage-about": storageAbout,
  "storage-kinds": storageKinds,
  "storage-paused": storagePaused,
  tabs,
  transcribe,
  voice,
};
