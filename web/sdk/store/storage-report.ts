/** What is told of what lies on the device. */

export type StorageKind =
  | "models"
  | "halves"
  | "keptPrompts"
  | "wheels"
  | "notes"
  | "home"
  | "conversations"
  | "agents"
  | "documents"
  | "app";

export interface StorageItem {
  /** What `remove` takes; of a conversation or an agent its id, of a wheel what `python.uninstall` takes. */
  id: string;
  /** For a person. */
  name: string;
  bytes: number;
  /** The id of the model that it belongs to, of models and halves, where that is known. */
  model?: string;
  /** Milliseconds since 1970, where that is known. */
  changed?: number;
  /** It was found changed on the disk, and no engine loads it any more. */
  damaged?: boolean;
}

export interface StorageReport {
  kinds: Record<StorageKind, { bytes: number; items: StorageItem[] }>;
  /** What the browser allows and counts as used, in bytes; null where it does not tell. */
  quota: number | null;
  usage: number | null;
  /** Whether the browser promised not to clear it when the disk is full. */
  persisted: boolean;
}
