/** MCP over a MessagePort: between two pages, or a page and what it holds. Both ends take one. */

/** The official SDK's `Transport`, in words of our own: whoever uses none of it need not have its types. */
export interface PortTransport {
  start(): Promise<void>;
  send(message: object): Promise<void>;
  close(): Promise<void>;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: object) => void;
}

/** What a client or a server of the official SDK takes: `client.connect(portTransport(port))`. */
export function portTransport(port: MessagePort): PortTransport {
  const transport: PortTransport = {
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
