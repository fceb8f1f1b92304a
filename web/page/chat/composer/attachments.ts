/**
 * What is on its way into a message, from a file dialog, the clipboard or a drop: pictures, made small at once, and other
 * files, which go to the `python` tool.
 */
import { pictureUrl } from "../../../sdk/index.ts";
import { toFailure } from "../../kit/failure.ts";
import { size } from "../../kit/format.ts";
import { w } from "../words/chat.ts";

type Attached = { url: string } | { problem: string };

/** One picture as a data URL, or in plain words why it cannot be taken. */
export async function attach(file: File): Promise<Attached> {
  try {
    return { url: await pictureUrl(file) };
  } catch (thrown) {
    const { message, action } = toFailure(thrown);
    return { problem: `${file.name || w.thePicture}: ${message} ${action}` };
  }
}

export const isPicture = ({ type }: File): boolean => type.startsWith("image/");

/** Bytes of a file; code has 512 MB for all that it does. */
export const MOST_BYTES = 50_000_000;

/** "data.csv (12 KB)" */
export function fileWords({ name, size: bytes }: Pick<File, "name" | "size">): string {
  // It is told to the model, in one line.
  const shown = name.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, " ");
  return `${shown} (${bytes < 999_500 ? `${Math.max(1, Math.round(bytes / 1000))} KB` : size(bytes)})`;
}

/** The message that tells the model of files. */
export function withFiles(text: string, files: readonly File[]): string {
  if (!files.length) return text;
  const told = `Attached, for Python code to open by name: ${files.map(fileWords).join(", ")}`;
  return [text, told].filter((part) => part.trim()).join("\n\n");
}

/** The files of a paste; nothing when the person pastes text, with which programs like to send its image. */
export function pasted(data: DataTransfer | null): File[] {
  if (!data || data.types.includes("text/plain")) return [];
  return [...data.files];
}
