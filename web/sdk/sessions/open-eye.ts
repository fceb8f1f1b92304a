/** Which vision model a page that asks for eyes gets. */
import { AlcoveError } from "../../../workers/wire/errors.ts";
import type { Roster } from "../engines/roster.ts";
import type { Models } from "../models/catalogue.ts";
import { Eye } from "./eye.ts";

interface Parts {
  models: Models;
  roster: Roster;
  /** The model that ended a page, which nothing loads by itself. */
  crashed: string | undefined;
}

/** @throws AlcoveError `model-not-found`; `bad-request` for a model that cannot see */
export async function openEye(model: string | undefined, { models, roster, crashed }: Parts): Promise<Eye> {
  const id = model ?? roster.roles.eyes.wanted;
  const spec = id === undefined ? models.firstThatSees() : await models.find(id);
  if (spec.engine !== "llamacpp" || !spec.vision) {
    throw new AlcoveError("bad-request", `The model "${spec.id}" cannot see.`, {
      action: "Choose one of the vision models.",
    });
  }
  const eye = new Eye(spec, roster);
  // A failed load is told by the status now and by the first picture.
  if (spec.id !== crashed) eye.ready().catch(() => undefined);
  return eye;
}
