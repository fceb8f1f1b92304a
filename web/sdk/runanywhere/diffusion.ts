/** `Diffusion`: RunAnywhere names it and has a scaffold of it. Alcove draws no pictures, and says so. */
import { SDKError, SDKErrorCode } from "./errors.ts";

async function unavailable(..._: unknown[]): Promise<never> {
  throw new SDKError(SDKErrorCode.BackendNotAvailable, "Alcove cannot make pictures.", undefined, {
    action: "Use it for text, pictures that are looked at, and embeddings.",
  });
}

export const Diffusion = {
  extensionName: "Diffusion",
  /** @throws SDKError `BackendNotAvailable`, as all of them */
  loadModel: unavailable,
  unloadModel: unavailable,
  generate: unavailable,
  isModelLoaded: false,
  cancel(): void {},
  cleanup(): void {},
};
