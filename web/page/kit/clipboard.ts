import { common } from "./words/common.ts";

/** Copies text; false when the browser does not allow it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Copies for a button that was pressed, which shows it for a moment; resolves with what is to be announced. */
export async function copyFrom(event: Event, text: string): Promise<string> {
  const button = event.currentTarget as HTMLElement;
  const copied = await copyText(text);
  button.classList.toggle("done", copied);
  setTimeout(() => button.classList.remove("done"), 1_600);
  return copied ? common.copied : common.notCopied;
}
