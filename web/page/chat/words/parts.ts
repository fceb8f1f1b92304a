/** What parts of a conversation say that not every one has. */
import { words } from "../../kit/words.ts";

export const w = words("chat-parts", {
  atWork: "At work…",
  done: "Done",
  stopped: "Stopped",
  failed: "Failed",
  unfinished: "Not finished",
  steps: { one: "{count} step", other: "{count} steps" },
  did: "What {name} did",
  task: "Task",
  uses: "uses {tool}",
  thinks: "thinks",

  picturesToSend: "Pictures to send",
  picture: "Picture {number}",
  removePicture: "Remove picture {number}",
  reading: "Reading the picture",
  visionModel: "A vision model",
  seen: "{model} looked at it: {description}",
  seenOf: "{model} looked at picture {number}: {description}",
  whySeen: "The model that answers here reads text only, so it was given these words.",

  versionBefore: "The version before",
  versionAfter: "The version after",
  version: "Version {current} of {count}",

  readFrom:
    "The model no longer reads what is above: it is too much for it at a time. Nothing is lost, and a model that takes more reads all of it again.",
  chooseOther: "Choose another model",
  thinking: "Thinking",
  thinkingNow: "Thinking…",
  thought: "Thought",
  thoughtMoment: "Thought for a moment",
  thoughtFor: "Thought for {time}",
});
