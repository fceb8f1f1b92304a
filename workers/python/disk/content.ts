/** What one file holds: as it lies on the disk, which is read when it is asked for, and what was written since. */

/** Reads at once, without waiting: a worker can (FileReaderSync). */
export type ReadBlob = (blob: Blob) => Uint8Array<ArrayBuffer>;

/** What is to be written to the disk: behind what lies there, or in its place. */
export interface Unkept {
  behind: boolean;
  bytes: Uint8Array<ArrayBuffer>;
  version: number;
}

/** Each reading asks the browser: so much is read at once. */
const AHEAD = 1 << 18;
/** A file on the disk that is changed anywhere but at its end is held in memory until it is written again. */
const MOST_HELD = 256 << 20;

export class TooLarge extends Error {}

const NOTHING = new Uint8Array(0);

export class Content {
  readonly #readBlob: ReadBlob;
  /** As it lies on the disk; empty where it was written anew. */
  #kept: Blob;
  /** What comes behind that. */
  #added: Uint8Array<ArrayBuffer> = NOTHING;
  #addedSize = 0;
  /** It takes the place of what lies on the disk, and does not come behind it. */
  #replaces = false;
  /** Nobody has seen it on the disk. */
  #fresh: boolean;
  #ahead = { from: 0, bytes: NOTHING as Uint8Array<ArrayBuffer> };
  /** Counts the changes. */
  version = 0;

  /** @param kept the file on the disk; left out for one that is new */
  constructor(readBlob: ReadBlob, kept?: Blob) {
    this.#readBlob = readBlob;
    this.#kept = kept ?? new Blob();
    this.#fresh = kept === undefined;
  }

  get size(): number {
    return this.#kept.size + this.#addedSize;
  }

  /** Whether `file` is what is known of the disk. */
  is(file: File): boolean {
    const kept = this.#kept as Partial<File>;
    return !this.#replaces && kept.lastModified === file.lastModified && kept.size === file.size;
  }

  /** Bytes from `position` on, as many as there are up to `into.length`; returns how many. */
  read(into: Uint8Array, position: number): number {
    const end = Math.min(this.size, position + into.length);
    for (let at = position; at < end; ) {
      const piece = this.#piece(at).subarray(0, end - at);
      into.set(piece, at - position);
      at += piece.length;
    }
    return Math.max(0, end - position);
  }

  /** What there is at hand from `position` on, one byte at least. */
  #piece(position: number): Uint8Array {
    const behind = position - this.#kept.size;
    if (behind >= 0) return this.#added.subarray(behind, this.#addedSize);
    let { from, bytes } = this.#ahead;
    if (position < from || position >= from + bytes.length) {
      from = position;
      bytes = this.#readBlob(this.#kept.slice(from, from + AHEAD));
      if (!bytes.length) throw new Error("The file has become shorter.");
      this.#ahead = { from, bytes };
    }
    return bytes.subarray(position - from);
  }

  /**
   * @param append it is to come behind whatever stands there, also where another tab makes the same file
   * @throws TooLarge for a change within a file that is too large to be held
   */
  write(bytes: Uint8Array, position: number, append: boolean): void {
    if (position < this.#kept.size) this.hold();
    if (this.#fresh && !append) this.#replaces = true;
    const at = position - this.#kept.size;
    this.#grow(Math.max(this.#addedSize, at + bytes.length));
    this.#added.set(bytes, at);
    this.version += 1;
  }

  /** @throws TooLarge as {@link write} */
  resize(size: number): void {
    if (size < this.#kept.size) this.hold(size);
    // Emptied, it is to be written anew.
    if (size === 0 || this.#fresh) this.#replaces = true;
    if (size === this.size) return;
    this.#grow(size - this.#kept.size);
    this.version += 1;
  }

  /** Takes what lies on the disk into memory, so that it no longer depends on it. @throws TooLarge */
  hold(size = this.#kept.size): void {
    if (this.#replaces) return;
    if (size > MOST_HELD) throw new TooLarge("The file is too large to be changed.");
    const whole = new Uint8Array(size + this.#addedSize);
    if (size) whole.set(this.#readBlob(this.#kept.slice(0, size)));
    whole.set(this.#added.subarray(0, this.#addedSize), size);
    this.#added = whole;
    this.#addedSize = whole.length;
    this.#kept = new Blob();
    this.#ahead = { from: 0, bytes: NOTHING };
    this.#replaces = true;
  }

  #grow(size: number): void {
    if (size > this.#added.length) {
      const larger = new Uint8Array(Math.max(size, Math.min(this.#added.length * 2, size + (1 << 20))));
      larger.set(this.#added.subarray(0, this.#addedSize));
      this.#added = larger;
    }
    if (size < this.#addedSize) this.#added.fill(0, size, this.#addedSize);
    this.#addedSize = size;
  }

  unkept(): Unkept {
    const bytes = this.#added.slice(0, this.#addedSize);
    return { behind: !this.#replaces, bytes, version: this.version };
  }

  /** `unkept` lies on the disk now, as `file`; what was written meanwhile is still to be kept. Returns whether nothing was. */
  keptAs(file: Blob, unkept: Unkept): boolean {
    const same = unkept.version === this.version;
    if (!same && (!unkept.behind || this.#replaces)) return false;
    const size = unkept.bytes.length;
    const stands = same || this.#stillBegins(unkept.bytes);
    this.#ahead = { from: 0, bytes: NOTHING };
    this.#fresh = false;
    if (!stands) {
      // What has just been written behind the file was changed once more: it is no longer what comes behind it.
      this.#kept = file.slice(0, file.size - size);
      this.hold();
      return false;
    }
    this.#kept = file;
    this.#added = this.#added.slice(size, this.#addedSize);
    this.#addedSize = this.#added.length;
    this.#replaces = false;
    return same;
  }

  /** Whether what comes behind the file begins with `bytes` as it did. */
  #stillBegins(bytes: Uint8Array): boolean {
    return this.#addedSize >= bytes.length && bytes.every((byte, at) => byte === this.#added[at]);
  }
}
