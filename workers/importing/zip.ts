/** Which files a zip holds, and their bytes, read as they are wanted: ChatGPT exports one with all pictures in it. */
import { refused } from "./refused.ts";

interface ZipEntry {
  name: string;
  open(): Promise<ReadableStream<Uint8Array>>;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
/** The end of a zip: 22 bytes, and a comment of at most 65,535. */
const MOST_END = 22 + 0xffff;
/** Stands where a number is too large for its place (Zip64). */
const ELSEWHERE = 0xffffffff;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;

export async function isZip(file: Blob): Promise<boolean> {
  return file.size > 22 && (await view(file, 0, 4)).getUint32(0, true) === LOCAL;
}

/** @throws AlcoveError `bad-request` for one that is damaged */
export async function zipEntries(file: Blob): Promise<ZipEntry[]> {
  const tail = await view(file, Math.max(0, file.size - MOST_END), file.size);
  let end = tail.byteLength - 22;
  while (end >= 0 && tail.getUint32(end, true) !== END) end -= 1;
  if (end < 0) throw damaged();
  const [size, offset] = [tail.getUint32(end + 12, true), tail.getUint32(end + 16, true)];
  if (offset === ELSEWHERE || size === ELSEWHERE) throw tooLarge();
  const directory = await view(file, offset, offset + size);
  const entries: ZipEntry[] = [];
  for (let at = 0; at + 46 <= directory.byteLength; ) {
    if (directory.getUint32(at, true) !== CENTRAL) throw damaged();
    const nameLength = directory.getUint16(at + 28, true);
    const rest = directory.getUint16(at + 30, true) + directory.getUint16(at + 32, true);
    if (at + 46 + nameLength > directory.byteLength) throw damaged();
    const name = new TextDecoder().decode(
      new Uint8Array(directory.buffer, directory.byteOffset + at + 46, nameLength),
    );
    const entry = {
      flags: directory.getUint16(at + 8, true),
      method: directory.getUint16(at + 10, true),
      size: directory.getUint32(at + 20, true),
      offset: directory.getUint32(at + 42, true),
    };
    entries.push({ name, open: () => opened(file, entry) });
    at += 46 + nameLength + rest;
  }
  return entries;
}

async function opened(
  file: Blob,
  { flags, method, size, offset }: { flags: number; method: number; size: number; offset: number },
): Promise<ReadableStream<Uint8Array>> {
  if (size === ELSEWHERE || offset === ELSEWHERE) throw tooLarge();
  if (flags & ENCRYPTED) throw refused("it is locked with a password.");
  const head = await view(file, offset, offset + 30);
  if (head.byteLength < 30 || head.getUint32(0, true) !== LOCAL) throw damaged();
  const begin = offset + 30 + head.getUint16(26, true) + head.getUint16(28, true);
  const data = file.slice(begin, begin + size).stream();
  if (method === STORED) return data;
  if (method !== DEFLATED) throw refused("it is packed in a way that no browser can unpack.");
  return data.pipeThrough(new DecompressionStream("deflate-raw"));
}

const view = async (file: Blob, from: number, to: number): Promise<DataView> =>
  new DataView(await file.slice(from, to).arrayBuffer());

const damaged = () => refused("it is a damaged zip.");
const tooLarge = () =>
  refused("its zip is larger than 4 GB. Unpack it, and import conversations.json alone.");
