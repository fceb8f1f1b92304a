/** What the Transcribe tab says. */
import { words } from "../kit/words.ts";

export const w = words("transcribe", {
  question: "What shall be written down?",
  about:
    "A recording of speech, or what you say now, is written down on this device. Drop a sound or video file here.",
  drop: "Drop a recording here",
  choose: "Choose a file",
  recording: "Recording",
  recordingOf: "Recording of {time}",
  record: "Record",
  finish: "Finish",
  loudness: "Loudness",
  done: "Written down",
  writing: "Writing it down",
  of: "{time} of {total}",
  none: "No speech was found in {name}.",
  saveAs: "Save as {format}",
  plain: "Text",
});
