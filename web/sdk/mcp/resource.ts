/** What a server has to read: files and prompts, as text for the person's message. */
import type { Connection } from "./connection.ts";
import { words } from "./result.ts";

/** Characters: more than any model here reads. */
const MOST = 200_000;

const cut = (text: string): string =>
  text.length > MOST ? `${text.slice(0, MOST)}\n\n[The rest was left out.]` : text;

/** A resource of a server in words. @throws AlcoveError */
export async function resourceText(connection: Connection, uri: string): Promise<string> {
  const { contents } = await connection.ask((client, options) => client.readResource({ uri }, options));
  return cut(contents.map((resource) => words({ type: "resource", resource })).join("\n\n"));
}

/** A prompt of a server, as the text of a message. @throws AlcoveError */
export async function promptText(
  connection: Connection,
  name: string,
  given: Record<string, string>,
): Promise<string> {
  const { messages } = await connection.ask((client, options) =>
    client.getPrompt({ name, arguments: given }, options),
  );
  const said = messages.map(({ role, content }) => (role === "user" ? "" : "Assistant: ") + words(content));
  return cut(said.join("\n\n"));
}
