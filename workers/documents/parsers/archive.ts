/** Files within a file: what Office and e-book programs write are zip archives. */
import { type UnzipFileInfo, unzipSync } from "fflate";
import { AlcoveError } from "../../wire/errors.ts";
import { decode } from "./decode.ts";

/** What all that is unpacked of one archive may come to, and how much larger than what it was packed into. */
const MOST_BYTES = 300e6;
const MOST_RATIO = 300;
/** Below this the ratio tells nothing: a sheet of zeros packs well. */
const HARMLESS_BYTES = 20e6;
const MOST_FILES = 20_000;

export class Archive {
  readonly names: string[] = [];
  readonly #bytes: Uint8Array;
  readonly #name: string;
  readonly #most: number;
  #unpacked = 0;

  /** @throws AlcoveError `bad-request` for an archive of too many files; what fflate throws for one that is damaged */
  constructor(bytes: Uint8Array, name: string, most = MOST_BYTES) {
    this.#most = most;
    this.#bytes = bytes;
    this.#name = name;
    unzipSync(bytes, {
      filter: (file) => {
        this.names.push(file.name);
        if (this.names.length > MOST_FILES) throw this.#tooMuch();
        return false;
      },
    });
  }

  static async of(file: Blob, name: string): Promise<Archive> {
    return new Archive(new Uint8Array(await file.arrayBuffer()), name);
  }

  /** A file's text; "" where there is none of this name. @throws AlcoveError `bad-request` for one that is far too large */
  text(name: string): string {
    const found = unzipSync(this.#bytes, {
      filter: (file) => file.name === name && this.#mayUnpack(file),
    });
    return name in found ? decode(found[name] as Uint8Array) : "";
  }

  /** What it says of its size is what room is made for: more than that is never unpacked. */
  #mayUnpack({ originalSize, size }: UnzipFileInfo): true {
    this.#unpacked += originalSize;
    const bomb = originalSize > HARMLESS_BYTES && originalSize > size * MOST_RATIO;
    if (bomb || this.#unpacked > this.#most) throw this.#tooMuch();
    return true;
  }

  #tooMuch(): AlcoveError {
    return new AlcoveError("bad-request", `“${this.#name}” unpacks to far more than a document holds.`, {
      action: "It may be made to do harm. If you trust it, save it anew in the program that made it.",
    });
  }
}
