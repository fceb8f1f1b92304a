import assert from "node:assert/strict";
import { test } from "node:test";
import { reuse } from "../../../../workers/webllm/reuse.ts";

const NUMBERS = 0x48; // GPUBufferUsage.UNIFORM | COPY_DST
const STORAGE = 0x88; // GPUBufferUsage.STORAGE | COPY_DST

/** A device that counts what reaches it. */
function lab() {
  const made: GPUBindGroupDescriptor[] = [];
  const written: [GPUBuffer, number[]][] = [];
  const device = {
    createBindGroup: (descriptor: GPUBindGroupDescriptor) => ({ number: made.push(descriptor) }),
    queue: {
      writeBuffer: (buffer: GPUBuffer, _offset: number, data: ArrayBuffer) =>
        written.push([buffer, [...new Int32Array(data)]]),
    },
  } as unknown as GPUDevice;
  reuse(device);
  return { device, made, written };
}

const buffer = (usage = STORAGE): GPUBuffer => ({ usage }) as GPUBuffer;
const layout = (): GPUBindGroupLayout => ({}) as GPUBindGroupLayout;
const group = (layout: GPUBindGroupLayout, ...parts: GPUBufferBinding[]): GPUBindGroupDescriptor => ({
  layout,
  entries: parts.map((resource, binding) => ({ binding, resource })),
});

test("a bind group is made once for a layout, its buffers in their order, and what is seen of them", () => {
  const { device, made } = lab();
  const [one, other] = [layout(), layout()];
  const [a, b] = [buffer(), buffer()];
  const first = device.createBindGroup(group(one, { buffer: a }, { buffer: b }));
  assert.equal(device.createBindGroup(group(one, { buffer: a }, { buffer: b })), first);
  assert.equal(made.length, 1);
  const others = [
    group(one, { buffer: b }, { buffer: a }),
    group(one, { buffer: a }),
    group(other, { buffer: a }, { buffer: b }),
    group(one, { buffer: a }, { buffer: b, size: 16 }),
    group(one, { buffer: a, offset: 256 }, { buffer: b }),
    group(one, { buffer: a }, { buffer: buffer() }),
  ];
  const groups = others.map((descriptor) => device.createBindGroup(descriptor));
  assert.equal(new Set([first, ...groups]).size, 1 + others.length);
});

test("numbers that a buffer holds already are not written again", () => {
  const { device, written } = lab();
  const { queue } = device;
  const numbers = buffer(NUMBERS);
  const words = (...values: number[]) => new Int32Array(values).buffer;
  queue.writeBuffer(numbers, 0, words(1, 2));
  queue.writeBuffer(numbers, 0, words(1, 2));
  queue.writeBuffer(numbers, 0, words(1, 3));
  queue.writeBuffer(numbers, 0, words(1, 2));
  queue.writeBuffer(buffer(NUMBERS), 0, words(1, 2));
  assert.deepEqual(
    written.map(([, values]) => values),
    [
      [1, 2],
      [1, 3],
      [1, 2],
      [1, 2],
    ],
  );
});

test("memory that is reused after the write is compared as it was written", () => {
  const { device, written } = lab();
  const [numbers, memory] = [buffer(NUMBERS), new Int32Array([1])];
  device.queue.writeBuffer(numbers, 0, memory.buffer);
  memory[0] = 2;
  device.queue.writeBuffer(numbers, 0, memory.buffer);
  assert.equal(written.length, 2);
});

test("buffers that a kernel may write, and parts of one, are always written", () => {
  const { device, written } = lab();
  const { queue } = device;
  const [kernels, numbers] = [buffer(STORAGE), buffer(NUMBERS)];
  const data = new Int32Array([1]).buffer;
  for (let i = 0; i < 2; i++) queue.writeBuffer(kernels, 0, data);
  queue.writeBuffer(numbers, 0, data);
  queue.writeBuffer(numbers, 4, data);
  queue.writeBuffer(numbers, 0, data);
  assert.equal(written.length, 5);
});
