/** `SDKLogger`: what the SDK says to the console, from a level on. */

export const LogLevel = { Trace: 0, Debug: 1, Info: 2, Warning: 3, Error: 4, Fatal: 5 } as const;
export type LogLevel = (typeof LogLevel)[keyof typeof LogLevel];

const CONSOLE = ["debug", "debug", "info", "warn", "error", "error"] as const;

export class SDKLogger {
  static level: LogLevel = LogLevel.Warning;
  static enabled = true;
  readonly #category: string;

  constructor(category: string) {
    this.#category = category;
  }

  trace = (message: string): void => this.#log(LogLevel.Trace, message);
  debug = (message: string): void => this.#log(LogLevel.Debug, message);
  info = (message: string): void => this.#log(LogLevel.Info, message);
  warning = (message: string): void => this.#log(LogLevel.Warning, message);
  error = (message: string): void => this.#log(LogLevel.Error, message);
  fatal = (message: string): void => this.#log(LogLevel.Fatal, message);

  #log(level: LogLevel, message: string): void {
    if (!SDKLogger.enabled || level < SDKLogger.level) return;
    console[CONSOLE[level]](`[RunAnywhere:${this.#category}] ${message}`);
  }
}
