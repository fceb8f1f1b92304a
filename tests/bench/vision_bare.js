// wllama alone, as its README starts it: it computes in a worker of its own.
import { Wllama } from "/peer/wllama.js";

/** RGB pixels as the image file that wllama takes: BMP, the cheapest to write and to read. */
export function bmp({ data, width, height }) {
  const row = (width * 3 + 3) & ~3;
  const file = new Uint8Array(54 + row * height);
  const head = new DataView(file.buffer);
  head.setUint16(0, 0x424d);
  head.setUint32(2, file.length, true);
  head.setUint32(10, 54, true);
  head.setUint32(14, 40, true);
  head.setInt32(18, width, true);
  head.setInt32(22, -height, true);
  head.setUint16(26, 1, true);
  head.setUint16(28, 24, true);
  for (let y = 0, from = 0; y < height; y++) {
    for (let x = 0, to = 54 + y * row; x < width; x++, from += 3, to += 3) {
      file[to] = data[from + 2];
      file[to + 1] = data[from + 1];
      file[to + 2] = data[from];
    }
  }
  return file.buffer;
}

/** Loads the pair; returns a function that describes one image file. */
export async function load(files, { threads, context }) {
  const wllama = new Wllama({ default: "/peer/wllama.wasm" });
  await wllama.loadModel(files, { n_ctx: context, n_threads: threads, n_gpu_layers: 0 });
  return async (data, prompt, maxTokens) => {
    const answer = await wllama.createChatCompletion({
      messages: [{ role: "user", content: [{ type: "image", data }, { type: "text", text: prompt }] }],
      max_tokens: maxTokens,
      temperature: 0,
    });
    return answer.usage.completion_tokens;
  };
}
