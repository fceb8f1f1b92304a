import type { Picture } from "./picture.ts";

/**
 * `picture` as a conversation keeps it, as a data URL. What encodes it is fetched when first needed.
 * @throws AlcoveError `bad-request` for what is no picture, or too large a file
 */
export async function pictureUrl(picture: Picture): Promise<string> {
  const { dataUrlOf, encodePicture } = await import("./encode.ts");
  return dataUrlOf(await encodePicture(picture));
}
