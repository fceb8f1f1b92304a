/**
 * The body of one trial thread. It is turned into text and runs in a worker of its own, so it uses nothing
 * from outside. Thread 0 posts the milliseconds of the fastest repetition.
 */
export function trialWorker(): void {
  const ROWS = 48;
  const WIDTH = 576;
  const ROUNDS = 400;
  const REPEATS = 4;
  // A repetition this slow says enough; the rest is not worth waiting for.
  const ENOUGH_MS = 250;

  globalThis.onmessage = (event: MessageEvent) => {
    const { shared, threads, index } = event.data as {
      shared: SharedArrayBuffer;
      threads: number;
      index: number;
    };
    // 0: threads at the barrier, 1: barriers passed, 2: stop
    const gate = new Int32Array(shared);
    const rows = Math.ceil(ROWS / threads);
    const weights = new Float32Array(rows * WIDTH).fill(0.5);
    const input = new Float32Array(WIDTH).fill(0.25);
    const output = new Float32Array(rows);

    const barrier = () => {
      const passed = Atomics.load(gate, 1);
      if (Atomics.add(gate, 0, 1) === threads - 1) {
        Atomics.store(gate, 0, 0);
        Atomics.add(gate, 1, 1);
      } else {
        while (Atomics.load(gate, 1) === passed) {
          // llama.cpp's threads spin too: that is what is being tried
        }
      }
    };
    const multiply = () => {
      for (let row = 0; row < rows; row++) {
        let sum = 0;
        const base = row * WIDTH;
        for (let i = 0; i < WIDTH; i++) sum += (weights[base + i] as number) * (input[i] as number);
        output[row] = sum;
      }
    };

    let best = Number.POSITIVE_INFINITY;
    for (let repeat = 0; repeat <= REPEATS && Atomics.load(gate, 2) === 0; repeat++) {
      barrier();
      const began = performance.now();
      for (let round = 0; round < ROUNDS; round++) {
        multiply();
        barrier();
      }
      const ms = performance.now() - began;
      // the first repetition only warms the compiler up
      if (repeat > 0) best = Math.min(best, ms);
      if (index === 0 && repeat > 0 && ms > ENOUGH_MS) Atomics.store(gate, 2, 1);
      barrier();
    }
    if (index === 0) postMessage(best);
  };
}
