/** MCP over a MessagePort: between two pages, or a page and what it holds. Both ends take one. */
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";

/** A `Transport` of the official SDK: `client.connect(portTransport(port))`. */
export function portTransport(port: MessagePort): Transport {
  const transport: Transport = {
    async start() {
      port.onmessage = ({ data }: MessageEvent) => transport.onmessage?.(data);
      port.onmessageerror = () => transport.onerror?.(new Error("A message could not be read."));
      // Browsers tell of a page that is gone.
      port.addEventListener("close", () => transport.onclose?.());
      port.start();
    },
    async send(message) {
      port.postMessage(message);
    },
    async close() {
      port.close();
      transport.onclose?.();
    },
  };
  return transport;
}
