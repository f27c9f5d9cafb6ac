/* A worker that digests files while they are sent: SHA-256 over a file, or over its beginning. What it reads stays in
   its memory, a piece at a time. */
import { sha256 } from "../noble/sha2.js";

const PIECE = 4 * 2 ** 20;

self.addEventListener("message", async ({ data: { id, file, end } }) => {
  try {
    const digest = sha256.create();
    for (let start = 0; start < end; start += PIECE) {
      digest.update(new Uint8Array(await file.slice(start, Math.min(end, start + PIECE)).arrayBuffer()));
    }
    const hex = [...digest.digest()].map((one) => one.toString(16).padStart(2, "0")).join("");
    self.postMessage({ id, hex });
  } catch {
    // A file that was moved or changed since it was chosen cannot be read any more.
    self.postMessage({ id, hex: "" });
  }
});
