/** Files that are dragged over an element, and dropped on it. */

/** Whether an event of dragging brings files. */
export const dragsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;

interface FileDrop {
  /** Whether files are over the element now. */
  onOver(over: boolean): void;
  onDrop(files: File[]): void;
}

/** Takes files that are dropped on `element`, until `signal` aborts. */
export function acceptFiles(element: HTMLElement, { onOver, onDrop }: FileDrop, signal: AbortSignal): void {
  const drag = (event: DragEvent): void => {
    if (!event.dataTransfer || !dragsFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    onOver(true);
  };
  const leave = (event: DragEvent): void => {
    if (!element.contains(event.relatedTarget as Node | null)) onOver(false);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    onOver(false);
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length) onDrop(files);
  };
  element.addEventListener("dragover", drag, { signal });
  element.addEventListener("dragleave", leave, { signal });
  element.addEventListener("drop", drop, { signal });
}
