/** What a tool of an MCP server answered, as Python is given it (`py_app/tools/mcp.py`). Everything in it is data. */
import type { CallToolResult, ContentBlock } from "@modelcontextprotocol/sdk/types.js";
import type { EncodedPicture } from "../../../workers/python/protocol.ts";

interface Result {
  text: string;
  /** Its structured content. */
  data?: unknown;
  pictures: EncodedPicture[];
  failed: boolean;
}

const MOST_PICTURES = 8;
const PICTURE = /^image\/(?:png|jpeg|gif|webp|bmp)$/;

export function resultOf({ content, structuredContent, isError }: CallToolResult): Result {
  const pictures: EncodedPicture[] = [];
  const lines = (content ?? []).map((block) => {
    if (block.type === "image" && PICTURE.test(block.mimeType) && pictures.length < MOST_PICTURES) {
      pictures.push({ media_type: block.mimeType, data: block.data });
      return "";
    }
    return words(block);
  });
  return {
    text: lines.filter(Boolean).join("\n"),
    ...(structuredContent === undefined ? {} : { data: structuredContent }),
    pictures,
    failed: isError === true,
  };
}

/** A block in words. A link is only told: nothing is fetched from where a server points. */
export function words(block: ContentBlock): string {
  switch (block.type) {
    case "text":
      return block.text;
    case "resource_link":
      return `[${block.title ?? block.name}](${block.uri})${block.description ? `: ${block.description}` : ""}`;
    case "resource":
      return "text" in block.resource
        ? `${block.resource.uri}:\n${block.resource.text}`
        : `[${block.resource.uri}: ${block.resource.mimeType ?? "a file"} that cannot be read as text]`;
    case "image":
      return `[A picture (${block.mimeType}) that cannot be shown]`;
    case "audio":
      return `[A sound (${block.mimeType}) that cannot be played here]`;
  }
}
