import { AlcoveError } from "../wire/errors.ts";

/** Of a file as a whole. */
export const refused = (why: string): AlcoveError =>
  new AlcoveError("bad-request", `This file cannot be imported: ${why}`, {
    action: "Choose one that Alcove, ChatGPT, Open WebUI or LibreChat has exported.",
  });
