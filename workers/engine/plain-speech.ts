/**
 * What people and tools say is text, and no control token of a model: a web page that a tool read must not end a
 * message and begin another. Tokenizers know these tokens wherever they stand, so they are taken apart, by a
 * character that is not seen.
 */

const BREAK = "\u2060";

interface Spoken {
  content: string | unknown[] | null;
  tool_calls?: { function: { arguments: string } }[];
}

/** Takes apart, in texts, the control tokens that it was made of. */
export class PlainSpeech {
  readonly #controls: RegExp | undefined;

  /** @param controls the texts of a model's control tokens */
  constructor(controls: readonly string[]) {
    const long = controls.filter(({ length }) => length > 1).sort((one, other) => other.length - one.length);
    const written = long.map((control) => control.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
    this.#controls = written.length > 0 ? new RegExp(written.join("|"), "g") : undefined;
  }

  text(text: string): string {
    if (!this.#controls) return text;
    return text.replace(this.#controls, ([first = "", ...rest]) => `${first}${BREAK}${rest.join("")}`);
  }

  /** The messages, with their texts and the arguments of their calls as plain text. */
  messages<Message extends Spoken>(messages: readonly Message[]): Message[] {
    return messages.map((message) => ({
      ...message,
      content: this.#content(message.content),
      ...(message.tool_calls && {
        tool_calls: message.tool_calls.map((call) => ({
          ...call,
          function: { ...call.function, arguments: this.text(call.function.arguments) },
        })),
      }),
    }));
  }

  #content(content: Spoken["content"]): Spoken["content"] {
    if (typeof content === "string") return this.text(content);
    return (
      content?.map((part) => {
        const { type, text } = part as { type?: unknown; text?: unknown };
        return type === "text" && typeof text === "string"
          ? { ...(part as object), text: this.text(text) }
          : part;
      }) ?? content
    );
  }
}
