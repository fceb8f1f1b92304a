/** What an interpreter replies was in the hands of the code that it ran: it is taken for text, and no more of it than fits. */
import { AlcoveError } from "../wire/errors.ts";
import type { Ran } from "./protocol.ts";

const MOST_TEXT = 25_000;
const MOST_FIGURES = 8;
const MOST_FIGURE = 1_000_000;

/** @throws AlcoveError `engine-crashed` for what no interpreter says */
export function readRan(reply: unknown): Ran {
  try {
    const said = JSON.parse(String(reply)) as Partial<Record<keyof Ran, unknown>>;
    const figures = Array.isArray(said.figures) ? said.figures : [];
    return {
      output: text(said.output) ?? "",
      value: text(said.value),
      error: text(said.error),
      exhausted: said.exhausted === true,
      figures: figures.filter(isDrawing).slice(0, MOST_FIGURES),
    };
  } catch (thrown) {
    throw new AlcoveError("engine-crashed", "The interpreter gave no answer that can be read.", {
      detail: String(thrown),
    });
  }
}

/** What `plot.py` draws with. A browser would be kept busy for long by filters, copies of copies and their like. */
const TAG = /^\/?(?:svg|g|rect|line|circle|polyline|text|clipPath)$/;

const isDrawing = (svg: unknown): svg is string =>
  typeof svg === "string" &&
  svg.startsWith("<svg ") &&
  svg.length <= MOST_FIGURE &&
  [...svg.matchAll(/<(\/?[^\s>/]*)/g)].every(([, tag]) => TAG.test(tag ?? ""));

const text = (value: unknown): string | null =>
  typeof value === "string" ? value.slice(0, MOST_TEXT) : null;
