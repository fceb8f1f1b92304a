/** The networks that read, and what is made of what they say: where text is, how it lies, and its letters. */
import { type InferenceSession, onnxFailure, openSession, Tensor, threads } from "../onnx/runtime.ts";
import { AlcoveError } from "../wire/errors.ts";
import { nextTask } from "../wire/stream.ts";
import { type Decoded, decode, lettersOf } from "./ctc.ts";
import { corners, QUARTER, turned } from "./hull.ts";
import { linesOf, type PageLines } from "./lines.ts";
import { rowsOf } from "./order.ts";
import type { Box, Reading, ReadLine } from "./protocol.ts";
import { CENTRED, EVERYDAY, isBlank, type Raster, type Rect, sample } from "./raster.ts";
import { regionsOf, type TextMap } from "./regions.ts";
import { closerLook, firstLook, type Size, tilesOf } from "./scales.ts";
import { withoutShapes } from "./shapes.ts";

/** Pixels that the recognizer wants a line to be high, and the least and most that one may be long. */
const HIGH = 48;
const LEAST_LONG = 32;
const MOST_LONG = 3200;
/** A line is padded to a multiple of this. */
const STEP = 16;
/** The recognizer reads as well a line that is made so much narrower, and takes as much less time. */
const NARROW = 0.75;
/** A line of which it is less sure the thorough recognizer reads too, which knows more letters. */
const DOUBTED = 0.8;
/** What tells which way is up wants lines of this size. */
const TURN = { width: 160, height: 80 };
/** How many lines are asked which way is up. */
const WITNESSES = 8;
/** A line of which it is less sure is no text. */
const LEAST_SURE = 0.55;

/** Somebody waits for a moment: it takes every core. */
export const readerThreads = (): number => threads(0);

/** What reads one line. */
interface Recognizer {
  session: InferenceSession;
  letters: readonly string[];
  /** How wide it wants a line, of the width that it has. */
  narrow: number;
}

/** The files of a model. */
export type ReaderFiles = [
  detection: Blob,
  recognition: Blob,
  letters: Blob,
  direction: Blob,
  thorough: Blob,
  thoroughLetters: Blob,
];

export class Reader {
  readonly #detector: InferenceSession;
  readonly #recognizer: Recognizer;
  readonly #director: InferenceSession;
  readonly #openThorough: () => Promise<Recognizer>;
  /** Opened when the first line is in doubt. */
  #thorough: Recognizer | undefined;

  private constructor(
    detector: InferenceSession,
    recognizer: Recognizer,
    director: InferenceSession,
    openThorough: () => Promise<Recognizer>,
  ) {
    this.#detector = detector;
    this.#recognizer = recognizer;
    this.#director = director;
    this.#openThorough = openThorough;
  }

  /**
   * @param base absolute URL of the root of the built site
   * @throws AlcoveError `model-invalid`, `out-of-memory`, `download-failed`
   */
  static async open(files: ReaderFiles, base: string): Promise<Reader> {
    const [detection, recognition, letters, direction, thorough, thoroughLetters] = files;
    const open: InferenceSession[] = [];
    const session = async (file: Blob) => {
      const network = withoutShapes(new Uint8Array(await file.arrayBuffer()));
      const opened = await openSession(network, base, readerThreads());
      open.push(opened);
      return opened;
    };
    const recognizer = async (network: Blob, list: Blob, narrow: number): Promise<Recognizer> => ({
      session: await session(network),
      letters: lettersOf(await list.text()),
      narrow,
    });
    try {
      return new Reader(
        await session(detection),
        await recognizer(recognition, letters, NARROW),
        await session(direction),
        () => recognizer(thorough, thoroughLetters, 1),
      );
    } catch (thrown) {
      await Promise.all(open.map((each) => each.release()));
      throw thrown;
    }
  }

  /**
   * What stands in a picture. `onStep` is called between two computations.
   * @throws AlcoveError `cancelled` between two, and what a session fails with
   */
  async read(picture: Raster, signal: AbortSignal, onStep: () => void = () => undefined): Promise<Reading> {
    const step = async () => {
      onStep();
      await nextTask(); // a stop has to be heard: a session leaves no room for it
      if (signal.aborted) throw new AlcoveError("cancelled", "Stopped.");
    };
    const page = await this.#find(picture, step);
    const { rects, angle } = await this.#upright(picture, page, step);
    const texts = await this.#recognize(picture, rects, step);
    const sure = rects.flatMap((rect, at) => {
      const { text, confidence } = texts[at] as Decoded;
      return confidence >= LEAST_SURE && text.trim() ? [{ rect, text: text.trim(), confidence }] : [];
    });
    const rows = rowsOf(
      sure.map(({ rect }) => rect),
      angle,
    );
    const lines = rows.map((row) => joined(row.map((at) => sure[at] as Found)));
    const { width, height } = picture;
    return { text: lines.map(({ text }) => text).join("\n"), lines, angle: degrees(angle), width, height };
  }

  async release(): Promise<void> {
    const open = [this.#detector, this.#recognizer.session, this.#director, this.#thorough?.session];
    await Promise.all(open.map((each) => each?.release()));
  }

  /** Where lines are; a large picture with small print is looked at more closely. */
  async #find(picture: Raster, step: () => Promise<void>): Promise<PageLines> {
    const first = await this.#look(picture, firstLook(picture), step);
    const scale = firstLook(picture).height / picture.height;
    const heights = first.lines.map(({ rect }) => rect.height * scale);
    const closer = closerLook(picture, heights);
    return closer ? this.#look(picture, closer, step) : first;
  }

  async #look(picture: Raster, size: Size, step: () => Promise<void>): Promise<PageLines> {
    const { width, height } = size;
    const map: TextMap = { data: new Uint8Array(width * height), width, height };
    const [perX, perY] = [picture.width / width, picture.height / height];
    for (const tile of tilesOf(size)) {
      await step();
      const input = new Float32Array(3 * tile.width * tile.height);
      const rect = {
        x: (tile.x + tile.width / 2) * perX,
        y: (tile.y + tile.height / 2) * perY,
        width: tile.width * perX,
        height: tile.height * perY,
        angle: 0,
      };
      sample(picture, rect, tile, EVERYDAY, input);
      if (isBlank(input)) continue;
      const said = await run(this.#detector, input, [1, 3, tile.height, tile.width]);
      const { left, right, top, bottom } = tile.keep;
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) {
          map.data[y * width + x] = 255 * (said[(y - tile.y) * tile.width + x - tile.x] as number);
        }
      }
    }
    const hulls = regionsOf(map).map((hull) => hull.map(({ x, y }) => ({ x: x * perX, y: y * perY })));
    return linesOf(hulls);
  }

  /** The lines as they are read, by what most of the longest ones look like; those on their side by their own. */
  async #upright(
    picture: Raster,
    { lines, angle }: PageLines,
    step: () => Promise<void>,
  ): Promise<{ rects: Rect[]; angle: number }> {
    const witnesses = lines
      .filter(({ stands }) => !stands)
      .sort((one, other) => other.rect.width - one.rect.width)
      .slice(0, WITNESSES);
    const asked = [...witnesses, ...lines.filter(({ stands }) => stands)];
    if (asked.length === 0) return { rects: lines.map(({ rect }) => rect), angle };
    await step();
    const size = 3 * TURN.width * TURN.height;
    const input = new Float32Array(asked.length * size);
    asked.forEach(({ rect }, at) => {
      sample(picture, rect, TURN, EVERYDAY, input.subarray(at * size, (at + 1) * size));
    });
    const said = await run(this.#director, input, [asked.length, 3, TURN.height, TURN.width]);
    const against = new Map(asked.map((line, at) => [line, said[2 * at + 1] as number]));
    const votes = witnesses.reduce((sum, line) => sum + (against.get(line) as number), 0);
    const over = votes > witnesses.length / 2;
    const rects = lines.map((line) =>
      (line.stands ? (against.get(line) as number) > 0.5 : over) ? turned(line.rect, 2) : line.rect,
    );
    return { rects, angle: over ? angle + 2 * QUARTER : angle };
  }

  /** What each line says; what is in doubt is read again, and the surer reading counts. */
  async #recognize(picture: Raster, rects: readonly Rect[], step: () => Promise<void>): Promise<Decoded[]> {
    const texts: Decoded[] = [];
    for (const rect of rects) {
      await step();
      const quick = await readLine(picture, rect, this.#recognizer);
      texts.push(quick);
      if (quick.confidence >= DOUBTED) continue;
      await step();
      this.#thorough ??= await this.#openThorough();
      const again = await readLine(picture, rect, this.#thorough);
      if (again.confidence > quick.confidence) texts.splice(-1, 1, again);
    }
    return texts;
  }
}

/** One line at a time: several at once take more than twice as long, as ONNX Runtime computes them here. */
async function readLine(
  picture: Raster,
  rect: Rect,
  { session, letters, narrow }: Recognizer,
): Promise<Decoded> {
  const long = Math.round((narrow * HIGH * rect.width) / rect.height);
  const width = Math.max(LEAST_LONG, Math.min(MOST_LONG, long));
  const stride = Math.ceil(width / STEP) * STEP;
  const input = new Float32Array(3 * HIGH * stride);
  sample(picture, rect, { width, height: HIGH }, CENTRED, input, { stride });
  return decode(await run(session, input, [1, 3, HIGH, stride]), letters);
}

interface Found {
  rect: Rect;
  text: string;
  confidence: number;
}

/** What stands in one row is one line. */
function joined(row: Found[]): ReadLine {
  const letters = row.reduce((sum, { text }) => sum + text.length, 0);
  return {
    text: row.map(({ text }) => text).join(" "),
    box: boxOf(row.map(({ rect }) => rect)),
    confidence: row.reduce((sum, { text, confidence }) => sum + confidence * text.length, 0) / letters,
  };
}

function boxOf(rects: readonly Rect[]): Box {
  const points = rects.flatMap(corners);
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

const degrees = (angle: number): number => {
  const turn = ((angle * 180) / Math.PI + 360) % 360;
  return Math.round(turn * 10) / 10;
};

/** @throws AlcoveError what ONNX Runtime fails with, in our words */
async function run(session: InferenceSession, input: Float32Array, shape: number[]): Promise<Float32Array> {
  const [name] = session.inputNames;
  const tensor = new Tensor("float32", input, shape);
  try {
    const [said] = Object.values(await session.run({ [name as string]: tensor }));
    return said?.data as Float32Array;
  } catch (thrown) {
    throw onnxFailure(thrown);
  }
}
