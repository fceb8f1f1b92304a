/**
 * Where whole model files lie and half ones wait: the origin-private file system, or memory where that is
 * missing. A file counts as whole only when its mark exists, and the mark is written last.
 */
import type { OwnModel } from "../engine/contract.ts";
import type { Origin, Part } from "./part.ts";

export interface StoredFile {
  /** What it is kept under: its hash, or one of its address where no hash is published. */
  key: string;
  name: string;
  bytes: number;
  /** Of the whole file, as it was when it came; files of earlier days have none. */
  sha256?: string;
  /** The model that it was downloaded for, by its id. */
  model?: string;
  /** The person brought it. */
  local?: true;
  /** Beside the first file of an imported model: what the model is. So no list of models can lose it. */
  imported?: OwnModel;
  /** It was found changed: nobody gets it until another takes its place. */
  damaged?: true;
}

/** What is known of a part beside its bytes. */
export interface About {
  name: string;
  model?: string;
}

/** A part that is kept between tries. */
export interface KeptPart extends Part {
  /**
   * Makes it the whole file that `entry` describes, once `check` is content. Where that throws an AlcoveError, nothing
   * of it is left; after anything else (a full disk) it is a part still.
   */
  finish(entry: StoredFile, check?: (file: Blob) => Promise<void>): Promise<Blob>;
  /** Lets go of it; what was added stays for later. */
  close(): void;
}

/** What lies beside a part. */
export interface HalfMark extends About {
  origin?: Origin;
}

export interface FileShelf {
  /** The whole file with this key, if it is there, has the size that its mark says, and is not damaged. */
  find(key: string): Promise<Blob | undefined>;
  /** Continues or begins the part called `key`. */
  part(key: string, about: About): Promise<KeptPart>;
  /** Whole files, damaged ones too. */
  list(): Promise<StoredFile[]>;
  /** Says other things of a whole file than before. */
  mark(entry: StoredFile): Promise<void>;
  /** Deletes the part with this key. */
  removePart(key: string): Promise<void>;
  /** Deletes the whole file and the part with this key. */
  remove(key: string): Promise<void>;
}
