/** The pictures of a request: read from its parts, and handed to llama.cpp as files. */
import type { ContentPart, ImageSource, Vision } from "../engine/contract.ts";
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
  if (part?.type === "image_url") return { type: "image", image: fromDataUrl(part.image_url?.url) };
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

/** Nothing is ever fetched for a message: a picture comes with it. */
function fromDataUrl(url: unknown): Blob {
  if (typeof url !== "string" || !/^data:/i.test(url)) {
    throw bad("A picture's address is not a data URL; nothing is fetched.", "Send the picture itself.");
  }
  const comma = url.indexOf(",");
  const head = url.slice(5, comma < 0 ? undefined : comma);
  const type = head.split(";")[0] || "application/octet-stream";
  try {
    if (comma < 0) throw new Error("no comma");
    const body = decodeURIComponent(url.slice(comma + 1));
    if (!/;\s*base64\s*$/i.test(head)) return new Blob([body], { type });
    const text = atob(body);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    return new Blob([bytes], { type });
  } catch {
    throw bad("A picture's data URL cannot be read.", "Send it as data:image/png;base64,… in whole.");
  }
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
