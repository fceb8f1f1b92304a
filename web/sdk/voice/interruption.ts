/**
 * Whether somebody speaks over what is being played, or the microphone only hears the loudspeaker: frame by frame.
 * Speech counts once it is clearly louder than what comes back of the page's own voice, and lasts.
 */

/** Speech in so many of the last frames (of 32 ms) is somebody's. */
const ENOUGH = 5;
const OF_LAST = 7;
const SPEECH = 0.5;
/** Softer than this nobody speaks to a microphone. */
const SOFTEST = 0.004;
/** Somebody else is twice as loud (6 dB) as what comes back. */
const LOUDER = 2;
/** Of what is played, how much comes back; nothing is known at first (−20 dB). */
const FIRST_ECHO = 0.1;
/** How fast a louder echo is forgotten, a frame. */
const FORGETS = 0.997;
/** So many frames of the first sound only teach how much of it comes back. */
const LEARNS = 12;
/** What is played more softly teaches nothing. */
const AUDIBLE = 0.01;

export class Interruption {
  #echo = FIRST_ECHO;
  #learned = 0;
  readonly #last: boolean[] = [];

  /**
   * @param probability that the frame is speech
   * @param level how loud it is
   * @param played how loud the page was lately, 0 when it was silent
   * @returns whether somebody speaks
   */
  frame(probability: number, level: number, played: number): boolean {
    const speech = probability >= SPEECH && level >= SOFTEST;
    const learns = played >= AUDIBLE && this.#learned < LEARNS;
    const own = level < LOUDER * this.#echo * played;
    if (played >= AUDIBLE && (learns || own)) this.#learn(level / played);
    this.#last.push(speech && !own && !learns);
    if (this.#last.length > OF_LAST) this.#last.shift();
    return this.#last.filter(Boolean).length >= ENOUGH;
  }

  /** Forgets the last frames, not what comes back. */
  reset(): void {
    this.#last.length = 0;
  }

  #learn(comesBack: number): void {
    this.#learned += 1;
    this.#echo = Math.max(this.#echo * FORGETS, Math.min(1, comesBack));
  }
}
