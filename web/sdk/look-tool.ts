/** The `look` tool: a model that reads text only sees through the vision model, after the person allowed it. */
import { AlcoveError } from "../../workers/wire/errors.ts";
import type { Alcove } from "./alcove.ts";
import type { CaptureSource } from "./capture/snapshot.ts";
import type { ChatSession, PageTool, ToolContext } from "./sessions/chat.ts";

interface LookInput {
  source: CaptureSource | "picture";
  question?: string;
}

const DESCRIBE = "Describe what you see.";
const MAX_TOKENS = 200;
const NOTHING = "The vision model found no words for it.";

/**
 * A tool by which the model of a conversation looks through the camera, at a screen that the person chooses, or at
 * the picture that was attached last. It asks the person first, and frees the camera at once. What goes wrong is a
 * failed result that the model reads.
 */
export function lookTool(alcove: Alcove): PageTool {
  return {
    name: "look",
    description: "See through the camera, look at the screen, or look again at the last attached picture.",
    inputSchema: {
      type: "object",
      properties: {
        source: { type: "string", enum: ["camera", "screen", "picture"] },
        question: { type: "string", description: "What to find out" },
      },
      required: ["source"],
    },
    sideEffects: true,
    execute: async ({ source, question }: LookInput, { chat, signal }: ToolContext) => {
      const { look } = await import("./python-asks.ts");
      const { snapshot } = await import("./capture/snapshot.ts");
      const picture = source === "picture" ? await lastPicture(chat) : await snapshot(source, signal);
      const prompt = question?.trim() || DESCRIBE;
      const { text, model } = await look(alcove, picture, prompt, { maxTokens: MAX_TOKENS, signal });
      return { description: text || NOTHING, model };
    },
  };
}

/** The newest picture of the conversation, as a data URL. */
async function lastPicture(chat: ChatSession): Promise<string> {
  for (const { content } of (await chat.history()).toReversed()) {
    const block = Array.isArray(content) ? content.findLast(({ type }) => type === "image") : undefined;
    const source = block?.source as { media_type?: string; data?: string } | undefined;
    if (source?.data) return `data:${source.media_type ?? "image/png"};base64,${source.data}`;
  }
  throw new AlcoveError("bad-request", "No picture is attached to this conversation.", {
    action: "Look through the camera instead, or ask the person for a picture.",
  });
}
