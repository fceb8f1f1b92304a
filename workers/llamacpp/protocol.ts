/** What the llama.cpp worker keeps on the device, as the page sees it. */
export interface StoredFile {
  name: string;
  bytes: number;
  sha256: string;
}
