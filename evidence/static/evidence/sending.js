/* How one file is sent: by tus, in pieces, gone on with after whatever broke. What a browser would remember of it lies
   with the server, for its sender alone: nothing is written into the browser's storage. */
/* What arrives is durable long before its piece ends. With the last piece goes the digest of the whole, so that a file
   of one piece is digested before it is sent; after several, the server reads again what it has stored. */
const PIECE = 2 ** 30;
const BEGINNING = 2 ** 20;
/* Then every minute for ten hours: a line may be gone for a night. */
const RETRIES = [0, 1000, 3000, 5000, 10000, 20000, 30000, ...Array(600).fill(60000)];
/* What a question about an upload may be answered with; everything else says nothing of it. */
const TOLD = [200, 403, 404, 410, 423];
const RECENT = 8000;

let worker = null;
let asked = 0;
const waiting = new Map();

/* SHA-256 of the first `end` bytes, in hex; rejected when the file cannot be read. */
const digest = (file, end) => {
  if (!worker) {
    worker = new Worker(new URL("hashing.js", import.meta.url), { type: "module" });
    worker.addEventListener("error", () => {
      worker.terminate();
      worker = null;
      for (const { failed } of waiting.values()) failed(new Error("worker"));
      waiting.clear();
    });
    worker.addEventListener("message", ({ data: { id, hex } }) => {
      const { done, failed } = waiting.get(id);
      waiting.delete(id);
      if (hex) done(hex);
      else failed(new Error("unreadable"));
    });
  }
  asked += 1;
  const id = asked;
  return new Promise((done, failed) => {
    waiting.set(id, { done, failed });
    worker.postMessage({ id, file, end });
  });
};

/* What the server says; the way to the sign-in page is "out". */
export const ask = async (address, { headers, ...options } = {}) => {
  const said = { Accept: "application/json", ...headers };
  const answer = await fetch(address, { headers: said, redirect: "manual", ...options });
  if (answer.type === "opaqueredirect") throw new Error("out");
  return answer;
};

export const json = async (address) => {
  const answer = await ask(address);
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
};

export const unfinished = async (endpoint) => (await json(endpoint)).uploads;

export const discard = async (address, token) => {
  const headers = { "Tus-Resumable": "1.0.0", "X-CSRFToken": token };
  const answer = await ask(address, { method: "DELETE", headers });
  if (answer.status !== 204 && answer.status !== 404) throw new Error(String(answer.status));
  return answer.status === 204;
};

/* The same file is known by its size and its beginning, whatever it is called, in any browser of the same person. */
const remembering = (endpoint, file) => ({
  findAllUploads: async () => [],
  findUploadsByFingerprint: async (fingerprint) => {
    const found = await unfinished(endpoint);
    return found
      .filter((one) => one.length === file.size && one.metadata.fingerprint === fingerprint)
      .map((one) => ({ size: one.length, metadata: one.metadata, uploadUrl: one.address, urlStorageKey: one.address }));
  },
  removeUpload: async () => {},
  addUpload: async () => "server",
});

/* Bytes a second of late, and the seconds that are left at that speed. */
export const pace = () => {
  const seen = [];
  return (bytes, total) => {
    const now = performance.now();
    seen.push([now, bytes]);
    while (seen.length > 2 && now - seen[0][0] > RECENT) seen.shift();
    const [since, before] = seen[0];
    const speed = now > since ? ((bytes - before) * 1000) / (now - since) : 0;
    return { speed: Math.max(0, speed), left: speed > 0 ? (total - bytes) / speed : Infinity };
  };
};

/* `tell` is called with what happens: progress(bytes), waits(), goesOn(bytes), done(), failed(error). */
export const sending = (file, { endpoint, token, kind, tell }) => {
  let whole = null;
  let tried = null;
  let turn = 0;
  const beginning = digest(file, Math.min(file.size, BEGINNING));
  const upload = new window.tus.Upload(file, {
    endpoint,
    chunkSize: PIECE,
    retryDelays: RETRIES,
    metadata: { filename: file.name.toWellFormed?.() ?? file.name, kind },
    headers: { Accept: "application/json" },
    fingerprint: () => beginning,
    urlStorage: remembering(endpoint, file),
    onBeforeRequest: async (request) => {
      request.setHeader("X-CSRFToken", token());
      if (request.getMethod() !== "PATCH") return;
      if (Number(request.getHeader("Upload-Offset")) + PIECE < file.size) return;
      // The last piece: the server keeps the file only if it comes to the same.
      request.setHeader("X-File-SHA256", await whole);
    },
    onAfterResponse: (request, response) => {
      // The library would begin anew after any other answer, and what has arrived would be forgotten.
      if (request.getMethod() === "HEAD" && !TOLD.includes(response.getStatus())) throw new Error("not told");
    },
    onShouldRetry: (error) => {
      const status = error.originalResponse ? error.originalResponse.getStatus() : 0;
      const again = status === 0 || status === 423 || status >= 500;
      // A disk that is full now may not be a minute later, but it is for a person to say.
      if (!again || status === 507) return false;
      tell.waits();
      return true;
    },
    onProgress: (bytes) => tell.progress(bytes),
    onSuccess: () => whole.then((hex) => tell.done(hex)),
    onError: (error) => tell.failed(tried || error),
  });

  const start = async () => {
    turn += 1;
    const mine = turn;
    whole = whole || digest(file, file.size);
    whole.catch((error) => {
      tried = error;
      upload.abort();
      tell.failed(error);
    });
    upload.options.metadata.fingerprint = await beginning;
    if (!upload.url && mine === turn) {
      const [before] = await upload.findPreviousUploads();
      if (before) {
        upload.resumeFromPreviousUpload(before);
        tell.goesOn();
      }
    }
    // Whoever stopped meanwhile has begun another turn, or none.
    if (mine === turn) upload.start();
  };

  return {
    start: () => start().catch((error) => tell.failed(error)),
    stop: () => {
      turn += 1;
      return upload.abort();
    },
    address: () => upload.url,
  };
};
