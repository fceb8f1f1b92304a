/** Vectors as 8-bit numbers: a quarter of the room, and the order of what they find stays what it was. */

/** A vector on the disk: its scale as a 32-bit float, then a signed byte for each number. */
export function pack(vector: Float32Array): Uint8Array {
  const packed = new Uint8Array(4 + vector.length);
  const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const scale = largest / 127 || 1;
  new DataView(packed.buffer).setFloat32(0, scale, true);
  const bytes = new Int8Array(packed.buffer, 4);
  for (const [at, value] of vector.entries()) bytes[at] = Math.round(value / scale);
  return packed;
}

/** Of a vector of the length 1 and a packed one. */
export function cosine(query: Float32Array, packed: Uint8Array): number {
  const index = new VectorIndex();
  index.add(0, 0, packed);
  return index.nearest(query, 1, () => true)[0]?.similarity ?? 0;
}

/** All vectors of one model, to be compared with a query's. */
export class VectorIndex {
  #size = 0;
  #width = 0;
  #bytes = new Int8Array(0);
  #scales = new Float32Array(0);
  #keys: number[] = [];
  #documents: number[] = [];

  get size(): number {
    return this.#size;
  }

  /** @param document the key of the document whose passage `key` is */
  add(key: number, document: number, packed: Uint8Array): void {
    if (this.#size === 0) this.#width = packed.length - 4;
    if (packed.length - 4 !== this.#width) return;
    if (this.#size === this.#scales.length) this.#grow();
    const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
    this.#scales[this.#size] = view.getFloat32(0, true);
    this.#bytes.set(
      new Int8Array(packed.buffer, packed.byteOffset + 4, this.#width),
      this.#size * this.#width,
    );
    this.#keys.push(key);
    this.#documents.push(document);
    this.#size++;
  }

  /** The `most` nearest to `query` by their cosine, the nearest first, of documents that `wanted` lets through. */
  nearest(
    query: Float32Array,
    most: number,
    wanted: (document: number) => boolean,
  ): { key: number; similarity: number }[] {
    if (query.length !== this.#width) return [];
    const found: { key: number; similarity: number }[] = [];
    let least = Number.NEGATIVE_INFINITY;
    const bytes = this.#bytes;
    const width = this.#width;
    for (let row = 0, at = 0; row < this.#size; row++, at += width) {
      if (!wanted(this.#documents[row] as number)) continue;
      let sum = 0;
      for (let each = 0; each < width; each++) sum += (query[each] as number) * (bytes[at + each] as number);
      const similarity = sum * (this.#scales[row] as number);
      if (similarity <= least) continue;
      found.push({ key: this.#keys[row] as number, similarity });
      // Sorted now and then, not with each.
      if (found.length < most * 2) continue;
      found.sort(nearer).length = most;
      least = (found[most - 1] as { similarity: number }).similarity;
    }
    return found.sort(nearer).slice(0, most);
  }

  #grow(): void {
    const rows = Math.max(1, this.#scales.length * 2);
    const bytes = new Int8Array(rows * this.#width);
    bytes.set(this.#bytes);
    const scales = new Float32Array(rows);
    scales.set(this.#scales);
    this.#bytes = bytes;
    this.#scales = scales;
  }
}

const nearer = (one: { similarity: number }, other: { similarity: number }): number =>
  other.similarity - one.similarity;
