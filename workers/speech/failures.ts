/** What transcribe.cpp's statuses (transcribe.h) mean, in the closed set of errors. */
import { AlcoveError } from "../wire/errors.ts";

const OUT_OF_MEMORY = 7;
const UNSUPPORTED_LANGUAGE = 10;
const UNSUPPORTED_TASK = 11;
const ABORTED = 13;
const TOO_LONG = 17;

/** @param said what the program printed last */
export function failureOf(status: number, said: string, during: "load" | "run"): AlcoveError {
  const detail = `${during}: status ${status}${said ? `: ${said}` : ""}`;
  switch (status) {
    case ABORTED:
      return new AlcoveError("cancelled", "Stopped.");
    case OUT_OF_MEMORY:
      return new AlcoveError("out-of-memory", "There is not enough memory for this model.", { detail });
    case UNSUPPORTED_LANGUAGE:
      return new AlcoveError("unsupported", "This model does not hear that language.", {
        action: "Leave the language out, or choose a model for it.",
        detail,
      });
    case UNSUPPORTED_TASK:
      return new AlcoveError("unsupported", "This model cannot translate.", {
        action: "Choose a Whisper model of many languages.",
        detail,
      });
    case TOO_LONG:
      return new AlcoveError("bad-request", "This piece is too long for the model.", { detail });
    default:
      return during === "load"
        ? new AlcoveError("model-invalid", "The speech engine could not load this model.", { detail })
        : new AlcoveError("engine-crashed", "The speech engine failed on this audio.", { detail });
  }
}
