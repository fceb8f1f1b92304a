/** A hub that misbehaves as it is told, request by request, over a real HTTP server. */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a hub may do wrong with one request. */
export const FAULTS = [
  "cut",
  "stall",
  "corrupt",
  "short",
  "ignores range",
  "changes version",
  "no content-range",
  "wrong range",
  "unknown range",
  "404",
  "403",
  "429",
  "429 for long",
  "503 until a date",
  "500",
  "html",
  "html in disguise",
  "too much",
  "too much, said",
  "endless",
  "redirect",
  "no validator",
  "weak validator",
  "416",
] as const;

export type Fault = (typeof FAULTS)[number];

/** One file of the hub: its versions, and the faults of the requests to come. */
export interface HubFile {
  versions: Uint8Array[];
  version: number;
  faults: Fault[];
  /** Where in the file something breaks, 0 to 1. */
  place: number;
  /** Whether it knows If-Range; to many hubs a page cannot even send it. */
  conditions: boolean;
}

export class BadHub {
  readonly files = new Map<string, HubFile>();
  readonly #server: Server = createServer((request, response) => this.#answer(request, response));

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const name = (request.url ?? "").split("/").at(-1) ?? "";
    const file = this.files.get(name);
    if (!file) return void response.writeHead(404).end();
    const fault = file.faults.shift();
    if (fault === "changes version") file.version = Math.min(file.version + 1, file.versions.length - 1);
    const plain = { "content-type": "application/octet-stream" };
    switch (fault) {
      case "404":
      case "403":
      case "500":
        return void response.writeHead(Number(fault)).end("no");
      case "429":
        return void response.writeHead(429, { "retry-after": "0" }).end();
      case "429 for long":
        return void response.writeHead(429, { "retry-after": "3600" }).end();
      case "503 until a date":
        return void response.writeHead(503, { "retry-after": new Date(Date.now() - 5).toUTCString() }).end();
      case "html":
        return void response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html>sign in");
      case "html in disguise":
        return void response.writeHead(200, plain).end("\n<html>sign in</html>");
      case "416":
        return void response.writeHead(416).end();
      case "redirect":
        return void response.writeHead(302, { location: `/elsewhere/${name}` }).end();
    }
    this.#send(file, fault, request, response);
  }

  #send(file: HubFile, fault: Fault | undefined, request: IncomingMessage, response: ServerResponse): void {
    let bytes = file.versions[file.version] as Uint8Array;
    const etag = `"${createHash("sha1").update(bytes).digest("hex")}"`;
    if (fault === "corrupt") bytes = flipped(bytes, Math.floor(file.place * (bytes.length - 1)));
    if (fault === "short") bytes = bytes.subarray(0, Math.floor(file.place * bytes.length));
    const extra = fault?.startsWith("too much") ? 1000 : 0;
    const wanted = /bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1];
    const condition = file.conditions ? request.headers["if-range"] : undefined;
    const ranged =
      wanted !== undefined && fault !== "ignores range" && (condition === undefined || condition === etag);
    let from = ranged ? Number(wanted) : 0;
    if (from >= bytes.length) {
      return void response.writeHead(416, { "content-range": `bytes */${bytes.length}` }).end();
    }
    const headers: Record<string, string> = { "content-type": "application/octet-stream" };
    if (fault !== "no validator") headers.etag = fault === "weak validator" ? `W/${etag}` : etag;
    if (ranged && fault === "wrong range") from = Math.floor(from / 2);
    if (ranged && fault !== "no content-range") {
      const total = fault === "unknown range" ? "*" : bytes.length;
      headers["content-range"] = `bytes ${from}-${bytes.length - 1}/${total}`;
    }
    const length = bytes.length - from + extra;
    const said = fault !== "too much" && fault !== "endless";
    if (said) headers["content-length"] = String(length);
    response.writeHead(ranged ? 206 : 200, headers);
    const rest = bytes.subarray(from);
    const part = rest.subarray(0, Math.max(1, Math.floor(file.place * rest.length)));
    if (fault === "cut") return void response.write(part, () => setImmediate(() => response.destroy()));
    if (fault === "stall") return void response.write(part);
    if (fault === "endless") endless(response, rest);
    else response.end(extra ? Buffer.concat([rest, new Uint8Array(extra)]) : rest);
  }
}

const flipped = (bytes: Uint8Array, at: number): Uint8Array => {
  const copy = bytes.slice();
  copy[at] = 1 ^ (copy[at] as number);
  return copy;
};

/** Sends until nobody listens. */
function endless(response: ServerResponse, first: Uint8Array): void {
  const more = () => {
    if (!response.destroyed) response.write(first, () => setImmediate(more));
  };
  response.on("error", () => undefined);
  more();
}
