import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { deflateRawSync } from "node:zlib";
import type { TranscriptRecord } from "../../../../workers/python/protocol.ts";
import { newBrowser, newTab, said } from "../store/tabs.ts";

beforeEach(newBrowser);

const json = (value: unknown): Blob => new Blob([JSON.stringify(value)]);

/** Where each branch of a record begins, and what it says. */
const told = ({ messages, branches = [] }: Pick<TranscriptRecord, "messages" | "branches">): unknown => [
  messages.map(({ content }) => content),
  branches.map(({ at, current, others }) => [at, current, others.map((other) => told(other))]),
];

async function read(file: Blob, id: string): Promise<TranscriptRecord> {
  const tab = newTab();
  const { added, refused } = await tab.import(file);
  assert.deepEqual([added, refused], [[id], []]);
  // The same file again brings nothing.
  assert.deepEqual((await newTab().import(file)).added, []);
  return (await tab.get(id)) as TranscriptRecord;
}

const node = (parent: string | null, children: string[], message: unknown = null) => ({
  parent,
  children,
  message,
});
const text = (role: string, ...parts: unknown[]) => ({
  author: { role },
  content: { content_type: "text", parts },
  metadata: {},
});

const chatgpt = {
  title: "Rolling back",
  create_time: 1756000000.5,
  update_time: 1756000400,
  mapping: {
    root: node(null, ["context"]),
    context: node("root", ["q"], {
      ...text("user", "who I am"),
      metadata: { is_visually_hidden_from_conversation: true },
    }),
    q: node("context", ["a1", "a2"], text("user", "How do I roll back?")),
    a1: node("q", [], text("assistant", "First answer.")),
    a2: node("q", ["code"], text("assistant", "Second answer.")),
    code: node("a2", ["ran"], {
      author: { role: "assistant" },
      recipient: "python",
      content: { content_type: "code", language: "python", text: "print('```')" },
    }),
    ran: node("code", ["q2", "q3"], {
      author: { role: "tool", name: "python" },
      content: { content_type: "execution_output", text: "```" },
    }),
    q2: node("ran", [], text("user", "Thanks", { content_type: "image_asset_pointer", asset_pointer: "x" })),
    q3: node("ran", [], text("user", "<script>alert(1)</script>")),
  },
  current_node: "q2",
  conversation_id: "11111111-0000-4000-8000-000000000001",
  is_archived: true,
};

test("a conversation of ChatGPT comes with its branches, what ran, and where it was read last", async () => {
  const record = await read(json([chatgpt]), chatgpt.conversation_id);
  assert.deepEqual(told(record), [
    [
      "How do I roll back?",
      "Second answer.\n\n````python\nprint('```')\n````\n\n````\n```\n````",
      "Thanks\n\n[picture]",
    ],
    [
      [1, 1, [[["First answer."], []]]],
      [2, 0, [[["<script>alert(1)</script>"], []]]],
    ],
  ]);
  const { title, created, updated, archived, provider, model } = record;
  assert.deepEqual(
    [title, created, updated, archived, provider, model],
    ["Rolling back", "2025-08-24T01:46:40.500Z", "2025-08-24T01:53:20.000Z", true, "", ""],
  );
});

/** As a zip holds files: packed, or as they are. */
function zip(files: Record<string, string>, { packed = true, flags = 0 } = {}): Blob {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const data = packed ? deflateRawSync(Buffer.from(content)) : Buffer.from(content);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(flags, 8);
    entry.writeUInt16LE(packed ? 8 : 0, 10);
    entry.writeUInt32LE(data.length, 20);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    locals.push(local, Buffer.from(name), data);
    central.push(entry, Buffer.from(name));
    offset += 30 + name.length + data.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return new Blob([Buffer.concat([...locals, directory, end])]);
}

test("ChatGPT's zip is read, also where its conversations are in several files", async () => {
  const other = { ...chatgpt, conversation_id: "other" };
  const rest = { "chat.html": "<script>", "user.json": "{}" };
  const several = {
    "conversations-000.json": JSON.stringify([chatgpt]),
    "x/conversations-001.json": JSON.stringify([other]),
  };
  for (const packed of [true, false]) {
    newBrowser();
    const { added } = await newTab().import(zip({ ...rest, ...several }, { packed }));
    assert.deepEqual(added, [chatgpt.conversation_id, "other"]);
  }
  const whole = await zip({ "conversations.json": JSON.stringify([chatgpt]) }).arrayBuffer();
  const broken = [
    zip(rest),
    zip({ "notes.txt": "x" }),
    zip({ "conversations.json": "[]" }, { flags: 1 }),
    new Blob([whole.slice(0, whole.byteLength - 30)]),
    new Blob([new Uint8Array(whole).fill(7, 60, 200)]),
  ];
  for (const file of broken) await assert.rejects(newTab().import(file), { code: "bad-request" });
  assert.equal((await newTab().list()).length, 2);
});

const openWebui = {
  id: "webui-1",
  title: "Products",
  chat: {
    params: { system: "Be short." },
    history: {
      currentId: "a2",
      messages: {
        q: {
          parentId: null,
          childrenIds: ["a1", "a2"],
          role: "user",
          content: "What is 15 * 17?",
          files: [
            { type: "image", url: "data:image/png;base64,aGk=" },
            { type: "image", url: "javascript:alert(1)" },
          ],
        },
        a1: { parentId: "q", childrenIds: [], role: "assistant", content: "254" },
        a2: {
          parentId: "q",
          childrenIds: [],
          role: "assistant",
          content:
            '<details type="reasoning" done="true"><summary>Thought</summary>\n&gt; 150 + 105\n&gt; so</details>\n255',
        },
      },
    },
  },
  created_at: 1700000000,
  updated_at: 1700000010,
  pinned: true,
  archived: false,
};

test("a chat of Open WebUI comes with its branches, thoughts and pictures", async () => {
  const record = await read(json([openWebui]), "webui-1");
  assert.deepEqual(told(record), [
    [
      [
        { type: "text", text: "What is 15 * 17?" },
        { type: "image", source: { type: "base64", media_type: "image/png", data: "aGk=" } },
      ],
      [
        { type: "thinking", thinking: "150 + 105\nso" },
        { type: "text", text: "255" },
      ],
    ],
    [[1, 1, [[["254"], []]]]],
  ]);
  assert.deepEqual(
    [record.pinned, record.archived, record.system, record.created],
    [true, undefined, "Be short.", "2023-11-14T22:13:20.000Z"],
  );
  const old = { id: "old", chat: { title: "Old", messages: [{ role: "user", content: "hi" }] } };
  assert.equal((await read(json([old]), "old")).title, "Old");
});

const of = (
  messageId: string,
  parentMessageId: string,
  isCreatedByUser: boolean,
  said: string,
  more = {},
) => ({
  ...{ messageId, parentMessageId, isCreatedByUser, text: said },
  ...more,
});
const nobody = "00000000-0000-0000-0000-000000000000";

test("a conversation of LibreChat comes as a tree, as a list, and without branches", async () => {
  const about = {
    conversationId: "libre",
    title: "A story",
    exportAt: "13:18",
    options: { promptPrefix: "Be kind." },
  };
  const q = of("q", nobody, true, "Tell me", { createdAt: "2024-05-01T16:35:11.530Z" });
  const a1 = of("a1", "q", false, "One");
  const content = [
    { type: "think", think: "hm" },
    { type: "text", text: { value: "Two" } },
  ];
  const a2 = of("a2", "q", false, "", { content });
  const thanks = of("t", "a2", true, "Thanks");
  const list = { ...about, recursive: false, messages: [q, a1, a2, thanks] };
  const tree = {
    ...about,
    recursive: true,
    messages: [{ ...q, children: [a1, { ...a2, children: [thanks] }] }],
  };
  const two = [
    { type: "thinking", thinking: "hm" },
    { type: "text", text: "Two" },
  ];
  for (const file of [list, tree]) {
    newBrowser();
    const record = await read(json(file), "libre");
    assert.deepEqual(told(record), [["Tell me", two, "Thanks"], [[1, 1, [[["One"], []]]]]]);
    assert.deepEqual([record.system, record.created], ["Be kind.", "2024-05-01T16:35:11.530Z"]);
  }
  newBrowser();
  const plain = [
    { sender: "User", text: "Hi" },
    { sender: "Bot", text: "Hello" },
  ];
  await read(json({ ...about, messages: plain }), "libre");
  assert.deepEqual(await said("libre"), ["Hi", "Hello"]);
});

test("one that is damaged is refused by its title, the others are taken", async () => {
  const cyclic = {
    ...chatgpt,
    conversation_id: "cyclic",
    mapping: { a: node("b", ["b"], text("user", "x")), b: node("a", ["a"], text("user", "y")) },
  };
  const empty = { ...chatgpt, conversation_id: "empty", mapping: { a: node(null, [], null) } };
  const { added, refused } = await newTab().import(
    json([chatgpt, null, 7, { title: "Odd", mapping: 3 }, { title: "No\u0000tree" }, cyclic, empty]),
  );
  assert.deepEqual(added, [chatgpt.conversation_id]);
  assert.equal(refused.length, 6);
  assert.ok(refused.every(({ reason }) => reason.length > 5));
  assert.ok(refused.some(({ title }) => title === "Odd"));
});

test("a tree of thousands of levels and branches is read", async () => {
  const wide = Object.fromEntries(
    Array.from({ length: 2_000 }, (_, i) => [
      `n${i}`,
      node(i ? `n${i - 1}` : null, [`n${i + 1}`, `m${i}`], text("user", `${i}`)),
    ]),
  );
  const forks = Object.fromEntries(
    Array.from({ length: 2_000 }, (_, i) => [`m${i}`, node(`n${i}`, [], text("user", "m"))]),
  );
  const deep = { ...chatgpt, conversation_id: "deep", current_node: "n1999", mapping: { ...wide, ...forks } };
  const record = await read(json([deep]), "deep");
  assert.equal(record.messages.length, 2_000);
  assert.equal(record.branches?.length, 1_999);
});

/** A file whose bytes come in pieces of any size. */
function sliced(bytes: Uint8Array<ArrayBuffer>, size: number): Blob {
  const blob = new Blob([bytes]);
  blob.stream = () => {
    let at = 0;
    return new ReadableStream({
      pull(controller) {
        if (at >= bytes.length) return controller.close();
        controller.enqueue(bytes.slice(at, at + size));
        at += size;
      },
    });
  };
  return blob;
}

const ours = (id: string, words: string) => ({
  ...{ id, title: `Of "${id}"`, created: "2026-01-01T00:00:00.000Z", updated: "2026-01-02T00:00:00.000Z" },
  ...{ provider: "", model: "", system: "", messages: [{ role: "user", content: words }] },
});

test("a file is read the same however its bytes come, and whatever is in its texts", async () => {
  const words = ['{"]', 'a\\"[', "東京 👍", "\\", ""].map((each) => each || "end");
  const conversations = words.map((each, i) => ours(`c${i}`, each));
  const shapes = [
    JSON.stringify({ format: "alcove-conversations", version: 1, conversations }),
    // As a tool that sorts or indents writes it.
    JSON.stringify(
      { conversations, format: "alcove-conversations", more: [1, { a: [] }], version: 1 },
      null,
      2,
    ),
    `\ufeff ${JSON.stringify({ version: 1, more: null, format: "alcove-conversations", conversations })}\n`,
  ];
  for (const shape of shapes) {
    for (const size of [1, 3, 1000]) {
      newBrowser();
      const { added, refused } = await newTab().import(sliced(new TextEncoder().encode(shape), size));
      assert.deepEqual([added.length, refused], [5, []]);
      assert.deepEqual((await Promise.all(added.map((id) => said(id)))).flat(), words);
    }
  }
});

test("where a file breaks off, or turns out to be another's, nothing of it stays", async () => {
  const conversations = Array.from({ length: 350 }, (_, i) => ours(`c${i}`, "words"));
  const whole = JSON.stringify({ format: "alcove-conversations", version: 1, conversations });
  const tab = newTab();
  for (const wrong of [
    whole.slice(0, -2),
    whole.slice(0, whole.length / 2),
    `${whole}]`,
    `${whole} {}`,
    JSON.stringify({ conversations, format: "alcove-conversations", version: 2 }),
    JSON.stringify({ conversations, format: "x", version: 1 }),
    JSON.stringify({ conversations }),
    "{,}",
    '{"a"',
    "",
    "\u0000\u0001",
  ]) {
    await assert.rejects(tab.import(new Blob([wrong])), { code: "bad-request" });
    assert.deepEqual(await tab.list(), []);
  }
  const stop = new AbortController();
  tab.addEventListener("change", () => stop.abort(), { once: true });
  await assert.rejects(tab.import(new Blob([whole]), { signal: stop.signal }), { code: "cancelled" });
  assert.deepEqual(await tab.list(), []);
  assert.equal((await tab.import(new Blob([whole]))).added.length, 350);
});

test("a title of any length comes as one that can be shown", async () => {
  const long = { ...ours("long", "x"), title: `${"a".repeat(10_000)}\u0000` };
  const file = { format: "alcove-conversations", version: 1, conversations: [long] };
  await newTab().import(json(file));
  assert.equal((await newTab().list())[0]?.title.length, 200);
});

test("a hidden message with 125,000 that follow it, and as many ticks, are read", async () => {
  const children = Array.from({ length: 125_000 }, (_, i) => `n${i}`);
  const mapping: Record<string, unknown> = { root: node(null, children) };
  for (const id of children) mapping[id] = node("root", []);
  mapping.n0 = node("root", ["code"], text("user", "Here?"));
  mapping.code = node("n0", [], {
    author: { role: "assistant" },
    content: { content_type: "code", language: "python", text: "` ".repeat(125_000) },
  });
  const record = await read(
    json([{ ...chatgpt, conversation_id: "wide", mapping, current_node: "code" }]),
    "wide",
  );
  assert.equal(record.messages[0]?.content, "Here?");
});
