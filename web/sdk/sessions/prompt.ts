/** What a person sends, as it crosses to Python. */
import type { Prompt } from "../../../workers/python/protocol.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import type { SendOptions } from "./turn.ts";

/** Of one message. */
export const MOST_PICTURES = 4;

/** @throws AlcoveError `bad-request` for too many pictures, or for what is none */
export async function promptOf(
  text: string,
  { images = [], files = [], schema, documents }: SendOptions,
): Promise<Prompt> {
  const prompt = {
    text,
    ...(files.length && { files: [...files] }),
    ...(schema && { schema }),
    ...(documents && { documents: [...documents] }),
  };
  if (images.length === 0) return prompt;
  if (images.length > MOST_PICTURES) {
    throw new AlcoveError("bad-request", `A message takes ${MOST_PICTURES} pictures at most.`, {
      action: "Remove some of them.",
    });
  }
  const { encodePicture } = await import("../pictures/encode.ts");
  return { ...prompt, images: await Promise.all(images.map(encodePicture)) };
}
