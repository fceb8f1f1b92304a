/** How much memory Python may take. Beyond it an allocation fails, and Python raises MemoryError. */

/** @param bytes at most, of the memory of WebAssembly */
export function limitMemory(bytes: number): void {
  const { prototype } = WebAssembly.Memory;
  const grow = prototype.grow;
  prototype.grow = function (this: WebAssembly.Memory, pages: number): number {
    if (this.buffer.byteLength + pages * 65_536 > bytes) throw new RangeError("The limit is reached.");
    return grow.call(this, pages);
  };
}
