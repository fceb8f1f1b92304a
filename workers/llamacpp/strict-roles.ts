/** For chat templates that take no system message, or raise unless the roles alternate (Gemma's, Mistral's). */

interface Message {
  role: string;
  content: string | unknown[];
  tool_calls?: unknown;
}

/** The same conversation: what the system said stands before the first words of the user, neighbours are joined. */
export function strictRoles<M extends Message>(messages: readonly M[]): M[] {
  const told = messages.filter(({ role }) => role === "system");
  const others = messages.filter(({ role }) => role !== "system");
  const asked = others.findIndex(({ role }) => role === "user");
  const [first] = told;
  if (first) {
    const content = told.map((message) => message.content).reduce(join);
    const user = others[asked];
    if (user) others[asked] = { ...user, content: join(content, user.content) };
    else others.unshift({ ...first, role: "user", content });
  }
  const joined: M[] = [];
  for (const message of others) {
    const last = joined.at(-1);
    if (last && last.role === message.role && isPlain(last) && isPlain(message)) {
      joined[joined.length - 1] = { ...last, content: join(last.content, message.content) };
    } else joined.push(message);
  }
  return joined;
}

const isPlain = ({ role, tool_calls }: Message): boolean => role !== "tool" && !tool_calls;

type Content = Message["content"];

function join(one: Content, other: Content): Content {
  if (typeof one === "string" && typeof other === "string") return `${one}\n\n${other}`;
  return [...asParts(one), ...asParts(other)];
}

const asParts = (content: Content): unknown[] =>
  typeof content === "string" ? [{ type: "text", text: content }] : content;
