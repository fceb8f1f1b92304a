/** An engine that nobody uses for a while is given up, which frees what it holds; whoever wants it next has it again. */

interface Engine {
  release(): void;
}

const IDLE_MS = 300_000;

/** How many use it, and the wait after the last one; `over` when it is no longer to be given up by itself. */
const uses = new WeakMap<Engine, { users: number; over?: true; timer?: ReturnType<typeof setTimeout> }>();

function useOf(engine: Engine) {
  const use = uses.get(engine) ?? { users: 0 };
  uses.set(engine, use);
  clearTimeout(use.timer);
  return use;
}

/** Keeps it for somebody's work; the function that it returns lets go of it. */
export function keepAwake(engine: Engine): () => void {
  const use = useOf(engine);
  use.users++;
  return () => {
    use.users--;
    if (use.users === 0 && !use.over) use.timer = setTimeout(() => engine.release(), IDLE_MS);
  };
}

/** Its end is near: nothing waits for it any more. */
export function stopWaiting(engine: Engine): void {
  useOf(engine).over = true;
}
