/** The pictures of a request: read from its parts, and handed to llama.cpp as files. */
import type { ContentPart, ImageSource, Vision } from "../engine/contract.ts";
import { blobOfDataUrl } from "../engine/data-url.ts";
import { bad, type PictureMessage, type PicturePart, type TextMessage } from "../engine/request.ts";
import type { Encoded, PictureReader } from "./images.ts";

export type Messages = (TextMessage | PictureMessage)[];

/**
 * A part that is no text.
 * @throws AlcoveError `bad-request` with what to send instead
 */
export function pictureOf(part: ContentPart): PicturePart {
  if (part?.type === "image") {
    if (isImage(part.image)) return { type: "image", image: part.image };
    throw bad("A picture is of an unknown kind.", "Send a file, a bitmap, or pixels with width and height.");
  }
  if (part?.type === "image_url") return { type: "image", image: blobOfDataUrl(part.image_url?.url) };
  throw bad(
    `A message has a part of the unknown kind "${String((part as { type?: unknown })?.type)}".`,
    "Send text or pictures.",
  );
}

function isImage(image: unknown): image is ImageSource {
  if (image instanceof Blob) return true;
  if (typeof ImageBitmap !== "undefined" && image instanceof ImageBitmap) return true;
  return typeof image === "object" && image !== null && "data" in image;
}

export const hasPictures = (messages: Messages): boolean =>
  messages.some(({ content }) => typeof content !== "string" && content.some(({ type }) => type === "image"));

/**
 * The messages with each picture as the file that wllama takes, as large as `vision` wants it, and the
 * pictures in order.
 * @throws AlcoveError `bad-request` for what is no picture
 */
export async function encodePictures(
  messages: Messages,
  vision: Vision,
  reader: PictureReader,
): Promise<{ messages: unknown[]; pictures: Encoded[] }> {
  const encoded: unknown[] = [];
  const pictures: Encoded[] = [];
  for (const message of messages) {
    if (typeof message.content === "string") {
      encoded.push(message);
      continue;
    }
    const content: unknown[] = [];
    for (const part of message.content) {
      if (part.type === "text") {
        content.push(part);
        continue;
      }
      const picture = await reader.read(part.image, vision);
      content.push({ type: "image", data: picture.data });
      pictures.push(picture);
    }
    encoded.push({ ...message, content });
  }
  return { messages: encoded, pictures };
}
