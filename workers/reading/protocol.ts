/** What the worker that reads answers. */
import type { ImageSource, LoadProgress, ReaderModel } from "../engine/contract.ts";
import type { Operation } from "../wire/rpc.ts";

export type ReadingProtocol = {
  /** Opens the networks; `files` are the model's, in its order. */
  load: Operation<{ model: ReaderModel; files: Blob[]; base: string }, LoadedReader, LoadProgress>;
  /** Reads one picture, after those that were asked for before; its items are signs of life. */
  read: Operation<{ picture: ImageSource }, Reading, null>;
};

export interface LoadedReader {
  id: string;
  threads: number;
  loadMs: number;
}

/** A rectangle in pixels of the picture, from its upper left corner. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A line of text, or a row of a table. */
export interface ReadLine {
  text: string;
  box: Box;
  /** How sure the recognizer is of its letters, 0 to 1. */
  confidence: number;
}

/** What stands in a picture. */
export interface Reading {
  /** Its lines in reading order, one below the other. */
  text: string;
  lines: ReadLine[];
  /** How far the page is turned, in degrees clockwise: 0 when it is upright. */
  angle: number;
  /** Of the picture, in pixels: what boxes are within. */
  width: number;
  height: number;
}
