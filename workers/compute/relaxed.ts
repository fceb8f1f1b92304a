/** Whether relaxed SIMD runs here, which the fastest builds of our engines are compiled for. */

/**
 * A function whose body is `i32x4.relaxed_dot_i8x16_i7x16_add_s` of three zeros: valid only with relaxed SIMD.
 * @see https://github.com/WebAssembly/relaxed-simd
 */
const RELAXED = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0, 65, 0, 253, 15, 65, 0,
  253, 15, 65, 0, 253, 15, 253, 147, 2, 11,
]);

/** @param wasm the browser's, for whoever asks of another one */
export const hasRelaxedSimd = (wasm: Pick<typeof WebAssembly, "validate"> = WebAssembly): boolean =>
  wasm.validate(RELAXED);
