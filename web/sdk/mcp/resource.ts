import type { Connection } from "./connection.ts";
import { words } from "./result.ts";

/** A resource of a server in words. @throws AlcoveError */
export async function resourceText(connection: Connection, uri: string): Promise<string> {
  const { contents } = await connection.ask((client, options) => client.readResource({ uri }, options));
  return contents.map((resource) => words({ type: "resource", resource })).join("\n\n");
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
  return messages
    .map(({ role, content }) => (role === "user" ? words(content) : `Assistant: ${words(content)}`))
    .join("\n\n");
}
