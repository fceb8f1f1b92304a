/** Pictures on their way into a message: from a file dialog, the clipboard or a drop, made small at once. */
import { pictureUrl } from "../../sdk/index.ts";
import { toFailure } from "../kit/failure.ts";

type Attached = { url: string } | { problem: string };

/** One picture as a data URL, or in plain words why it cannot be taken. */
export async function attach(file: File): Promise<Attached> {
  try {
    return { url: await pictureUrl(file) };
  } catch (thrown) {
    const { message, action } = toFailure(thrown);
    return { problem: `${file.name || "The picture"}: ${message} ${action}` };
  }
}

/** The pictures of a paste; nothing when the person pastes text, with which programs like to send its image. */
export function pasted(data: DataTransfer | null): File[] {
  if (!data || data.types.includes("text/plain")) return [];
  return [...data.files];
}
