/** What is told of a wheel that cannot be installed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Wheels } from "../../../../workers/python/wheels.ts";
import { AlcoveError } from "../../../../workers/wire/errors.ts";

Object.assign(globalThis, { location: { href: "https://a.example/" } });
/** What the network does with an address. */
let network: (url: string) => Response;
globalThis.fetch = async (input) => network(String(input));
const wheels = new Wheels();
wheels.watch();

/** Installs as micropip does, as far as Python lets it be seen. */
const install = async (wanted: string, ...asked: string[]): Promise<AlcoveError> => {
  const micropip = async () => {
    for (const url of asked) {
      const answer = await fetch(url).catch(() => undefined);
      if (!answer?.ok) break;
    }
    // As `py_app/errors.py` tells what it does not know.
    throw new AlcoveError("engine-crashed", "Something went wrong inside Alcove.", {
      detail: "ValueError: …",
    });
  };
  const pyodide = { loadedPackages: {} } as never;
  return wheels
    .install(pyodide, wanted, micropip, () => undefined)
    .then(
      () => assert.fail("it was installed"),
      (error) => error as AlcoveError,
    );
};

test("a wheel that cannot be fetched is told by its name", async () => {
  const url = "https://b.example/greeter-1.0-py3-none-any.whl";
  network = () => {
    throw new TypeError("Failed to fetch");
  };
  const offline = await install(url, url);
  assert.deepEqual(
    [offline.code, offline.message],
    ["download-failed", 'The package "greeter" could not be fetched.'],
  );
  assert.match(offline.action, /Check the connection/);
  assert.equal(offline.detail, "ValueError: …");
  network = () => new Response(null, { status: 404 });
  assert.match((await install(url, url)).action, /correct the name or the address/);
});

test("of several packages the missing one is named", async () => {
  network = (url) => new Response(null, { status: url.includes("missing") ? 503 : 200 });
  const index = ["https://i.example/simple/greeter/", "https://i.example/simple/missing/"];
  const error = await install("greeter", ...index);
  assert.match(error.message, /"missing"/);
});

test("what the gate refuses says so, and the package is named all the same", async () => {
  network = () => {
    throw new AlcoveError("unsupported", "Alcove asks nothing of b.example.", { action: "Name it first." });
  };
  const error = await install("x", "https://b.example/dependency-1-py3-none-any.whl");
  assert.deepEqual([error.code, error.action], ["unsupported", "Name it first."]);
  assert.match(error.message, /"dependency".*b\.example/);
});

test("what is no wheel of this Python is a wrong request, and an earlier failure is not blamed for it", async () => {
  const { code, message, action } = await install("https://b.example/native-1.0-cp314-win_amd64.whl");
  assert.deepEqual([code, message], ["bad-request", '"native" cannot be installed into this Python.']);
  assert.match(action, /pure Python/);
});
