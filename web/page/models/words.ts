/** What the dialog behind the model's name says. */
import { words } from "../kit/words.ts";

export const w = words("models", {
  heading: "What answers you",
  models: "Models",
  device: "This device",
  server: "Your own server",
  starting: "Alcove is starting…",

  none: "No model is like that.",
  found: { one: "{count} model", other: "{count} models" },
  hidden: {
    one: "{count} more model does not run on this device.",
    other: "{count} more models do not run on this device.",
  },
  showHidden: "Show them",
  origin:
    "Models that do not come with this site are downloaded, when you ask for them, from Hugging Face and GitHub or from this site’s mirror of those. What you write never goes there.",
  search: "Search models",
  searchHint: "Search: a name, a licence, …",
  goodFor: "Good for",
  anything: "Good for anything",
  fitting: "Runs on this device",
  automatic: "Automatic",
  aboutAutomatic: "Alcove takes the best of its own models that this device can run.",
  useForNew: "Use for new conversations",
  addFile: "Add a model file (GGUF)",
  yourFile: "your file",

  wait: "One moment…",
  aboutServer:
    "A server that speaks the OpenAI protocol: llama-server, Ollama, vLLM, or OpenAI itself. Alcove uses it only in conversations for which you choose it. {leaves} and goes to that server.",
  leaves: "What you write in them then leaves this device",
  model: "Model",
  modelHint: "The name your server knows it by",
  save: "Save",
  ask: "Ask for its models",
  inUse: "In use in this conversation",
  useHere: "Use in this conversation",
  forget: "Forget",
  saved: "Saved. Choose it for a conversation when you want it.",
  savedNoModel: "Saved. It still needs a model.",
  has: "It has: {names}",
  hasNone: "It names no models.",
  forgotten: "Forgotten: the address and the key are gone from this device.",
});
