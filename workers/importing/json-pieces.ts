/**
 * A large JSON file in pieces: the values of its outer array, or those of the array called `conversations` in its outer
 * object, and the other fields of that object. Only one piece is in memory at a time; what is in it is not looked into.
 */
import { refused } from "./refused.ts";

export interface Piece {
  /** Whether it is a value of the array; else a field of the object. */
  listed: boolean;
  /** The field's name, or the array's; "" of the outer one. */
  name: string;
  /** JSON, as far as its brackets tell. */
  text: string;
}

const LIST = "conversations";
/** More than any conversation with pictures has; as a text it takes twice as much. */
const MOST_BYTES = 128_000_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPENS = new Set([0x7b, 0x5b]);
const CLOSES = new Set([0x7d, 0x5d]);
/** White space, and what stands between values. */
const BETWEEN = new Set([0x20, 0x09, 0x0a, 0x0d, COMMA, 0x3a]);
const [OBJECT, ARRAY] = [0x7b, 0x5b];

/** @throws AlcoveError `bad-request` for what is no JSON of this shape, or ends too early */
export async function* jsonPieces(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Piece> {
  const splitter = new Splitter();
  for await (const chunk of bytes) yield* splitter.push(chunk);
  splitter.end();
}

class Splitter {
  #depth = 0;
  #outer = 0;
  /** How deep the values lie that are pieces. */
  #level = 1;
  #inString = false;
  #escaped = false;
  /** The name of the field whose value comes next; null where a name comes. */
  #name: string | null = null;
  /** Of the piece under way, from chunks before; null where none is. */
  #parts: Uint8Array[] | null = null;
  #size = 0;

  *push(chunk: Uint8Array): Generator<Piece> {
    let from = this.#parts ? 0 : -1;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === BACKSLASH) this.#escaped = true;
        else if (byte === QUOTE) {
          this.#inString = false;
          if (this.#depth === this.#level) {
            yield* this.#done(chunk.subarray(from, at + 1));
            from = -1;
          }
        }
        continue;
      }
      const ends = CLOSES.has(byte);
      if (this.#parts && this.#depth === this.#level && (ends || BETWEEN.has(byte))) {
        // A number, or a word as `null`.
        yield* this.#done(chunk.subarray(from, at));
        from = -1;
      }
      if (BETWEEN.has(byte)) {
        if (byte === COMMA && this.#outer === OBJECT && this.#depth === 1) this.#name = null;
        continue;
      }
      if (ends) {
        this.#depth -= 1;
        if (this.#depth < 0) throw damaged();
        if (this.#level === 2 && this.#depth === 1) this.#level = 1;
        else if (this.#parts && this.#depth === this.#level) {
          yield* this.#done(chunk.subarray(from, at + 1));
          from = -1;
        }
        continue;
      }
      if (this.#depth === 0) {
        if (isMark(byte) && !this.#outer) continue;
        if (this.#outer || !OPENS.has(byte)) throw damaged();
        this.#outer = byte;
        this.#depth = 1;
        continue;
      }
      if (this.#depth === this.#level && !this.#parts) {
        if (byte === ARRAY && this.#level === 1 && this.#outer === OBJECT && this.#name === LIST) {
          this.#level = this.#depth = 2;
          continue;
        }
        this.#parts = [];
        from = at;
      }
      if (byte === QUOTE) this.#inString = true;
      else if (OPENS.has(byte)) this.#depth += 1;
    }
    if (this.#parts) this.#keep(chunk.subarray(from));
  }

  /** @throws AlcoveError `bad-request` where the file broke off */
  end(): void {
    if (!this.#outer || this.#depth !== 0 || this.#inString) throw damaged();
  }

  *#done(last: Uint8Array): Generator<Piece> {
    this.#keep(last);
    const text = decoded(this.#parts ?? [], this.#size);
    this.#parts = null;
    this.#size = 0;
    if (this.#outer === ARRAY) yield { listed: true, name: "", text };
    else if (this.#level === 2) yield { listed: true, name: LIST, text };
    else if (this.#name === null) this.#name = nameIn(text);
    else yield { listed: false, name: this.#name, text };
  }

  #keep(part: Uint8Array): void {
    this.#size += part.length;
    if (this.#size > MOST_BYTES) throw refused("one of its conversations is larger than 128 MB.");
    this.#parts?.push(part);
  }
}

/** Of the mark of byte order, with which some programs begin a file. */
const isMark = (byte: number): boolean => byte === 0xef || byte === 0xbb || byte === 0xbf;

function decoded(parts: readonly Uint8Array[], size: number): string {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return new TextDecoder().decode(whole);
}

function nameIn(text: string): string {
  try {
    const name: unknown = JSON.parse(text);
    if (typeof name === "string") return name;
  } catch {
    // It is none.
  }
  throw damaged();
}

const damaged = () => refused("it is damaged, or no JSON.");
