/* Adding files to an exhibit: the bytes go as they are, one file after another, under a key that makes a second try
   the same upload. Names and files stay in this page's memory alone: nothing is written into the browser's storage. */
"use strict";

(() => {
  const room = document.querySelector("#upload");
  if (!room) return;
  const words = room.dataset;
  const list = room.querySelector(".upload-list");
  const said = room.querySelector("[data-said]");
  let token = room.querySelector("[name=csrfmiddlewaretoken]").value;
  const input = room.querySelector("input[type=file]");
  const STEPS = ["stored", "hashed", "checked"];
  const NO_FILE = "00000000-0000-4000-8000-000000000000";
  const MOST_ASKED = 400;
  const SLOWEST = 5000;
  const ASKED_AGAIN = [500, 1500, 3000];
  const uploads = [];

  const language = document.documentElement.lang || "en";
  const number = (value, digits) =>
    new Intl.NumberFormat(`${language}-u-nu-latn`, { maximumFractionDigits: digits }).format(value);
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all));

  const size = (bytes) => {
    const units = [[2 ** 30, words.wordGiga], [2 ** 20, words.wordMega], [2 ** 10, words.wordKilo], [1, words.wordBytes]];
    const [least, unit] = units.find(([from]) => bytes >= from) || units[3];
    return fill(unit, { count: number(bytes / least, 1) });
  };

  const newKey = () => {
    if (crypto.randomUUID) return crypto.randomUUID();
    // Over plain http on another machine there is no randomUUID; the same 122 bits, by hand.
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  };

  /* What a file shows of itself. `told` goes to the screen reader too, and only when something has changed. */
  const show = (upload, text, { told = false, fault = false } = {}) => {
    upload.words.textContent = text;
    upload.row.classList.toggle("is-faulty", fault);
    if (told) said.textContent = `${upload.file.name}: ${text}`;
  };

  const reach = (upload, state) => {
    const at = STEPS.indexOf(state);
    for (const [place, step] of STEPS.entries()) {
      const line = upload.row.querySelector(`[data-step="${step}"]`);
      line.classList.toggle("is-done", state === "flagged" ? place < 2 && upload.reached >= place : place <= at);
      line.classList.toggle("is-flagged", state === "flagged" && place === 2);
    }
    if (at >= 0) upload.reached = at;
  };

  const offer = (upload, { cancel = false, retry = false }) => {
    const held = upload.row.contains(document.activeElement);
    upload.cancel.hidden = !cancel;
    upload.retry.hidden = !retry;
    if (held && retry) upload.retry.focus();
  };

  const settle = () => {
    const open = uploads.some((one) => ["waiting", "sending", "asking"].includes(one.state));
    const any = uploads.some((one) => one.state === "sent");
    const broken = uploads.some((one) => one.state === "failed");
    room.querySelector('[data-safe="no"]').hidden = !open;
    room.querySelector('[data-safe="yes"]').hidden = open || broken || !any;
  };

  const fail = (upload, text, { retry = true } = {}) => {
    upload.state = "failed";
    upload.bar.hidden = true;
    show(upload, text, { told: true, fault: true });
    offer(upload, { retry });
    next();
  };

  /* Files and custody anew, with the new file among them; what somebody has uncovered stays as it is. */
  const refresh = async () => {
    if (document.querySelector("#files .cover.is-open")) return;
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of ["#files", ".side"]) {
      const [old, now] = [document.querySelector(part), fresh.querySelector(part)];
      if (old && now && !old.contains(document.activeElement)) old.replaceWith(document.adoptNode(now));
    }
  };

  /* Whoever signed in again in another window has another token: this page's own would be refused. */
  const renew = async () => {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("#upload [name=csrfmiddlewaretoken]");
    if (fresh) token = fresh.value;
  };

  const settled = (upload, told) => {
    reach(upload, told.state);
    const text = told.flag ? fill(words.wordFlagged, { reason: told.flag }) : words.wordDone;
    show(upload, told.is_linked ? `${text} ${words.wordLinked}` : text, { told: true, fault: Boolean(told.flag) });
    refresh().catch(() => {});
  };

  /* Ask until nothing more will happen, ever more slowly. */
  const watch = async (upload, file, asked = 0, misses = 0) => {
    if (asked > MOST_ASKED || misses > 5) {
      show(upload, words.wordUnasked, { told: true });
      return;
    }
    const again = (missed) =>
      setTimeout(() => watch(upload, file, asked + 1, missed), Math.min(SLOWEST, 500 + asked * 250));
    try {
      const address = words.state.replace(NO_FILE, file);
      const answer = await fetch(address, { headers: { Accept: "application/json" }, redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      const told = await answer.json();
      if (told.is_settled) {
        settled(upload, told);
        return;
      }
      if (told.state !== upload.shown) {
        upload.shown = told.state;
        reach(upload, told.state);
        show(upload, told.label, { told: true });
      }
      again(0);
    } catch {
      again(misses + 1);
    }
  };

  const taken = (upload, told, text) => {
    upload.state = "sent";
    upload.bar.value = 100;
    upload.bar.hidden = true;
    offer(upload, {});
    reach(upload, told.state);
    show(upload, text, { told: true });
    upload.shown = told.state;
    if (told.is_settled) settled(upload, told);
    else watch(upload, told.file);
    next();
  };

  /* Whether an upload was kept, the server alone knows, and may know it a moment later: ask more than once. */
  const kept = async (upload, asked = 0) => {
    const address = words.kept.replace(NO_FILE, upload.key);
    const answer = await fetch(address, { headers: { Accept: "application/json" }, redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    const told = await answer.json();
    if (told.is_kept || asked === ASKED_AGAIN.length) return told;
    await new Promise((done) => setTimeout(done, ASKED_AGAIN[asked]));
    return kept(upload, asked + 1);
  };

  const drop = (upload, text, fault) => {
    upload.state = fault ? "failed" : "cancelled";
    show(upload, text, { told: true, fault });
    offer(upload, { retry: true });
    settle();
  };

  /* What was never sent cannot have been kept; of everything else we say what the server says. */
  const cancel = (upload) => {
    upload.bar.hidden = true;
    if (!upload.request) {
      drop(upload, words.wordUnsent, false);
      return;
    }
    upload.state = "asking";
    offer(upload, {});
    show(upload, words.wordAsking, { told: true });
    kept(upload).then(
      (told) => (told.is_kept ? taken(upload, told, `${words.wordKept} ${told.label}`) : drop(upload, words.wordCancelled, false)),
      () => drop(upload, words.wordUnsure, true),
    );
    next();
  };

  const answered = (upload, request) => {
    let told = null;
    try {
      told = JSON.parse(request.responseText);
    } catch {
      // A page instead of JSON: the way to the sign-in page, or a token that is no longer theirs; else we do not know.
      const isOut = request.status === 403 || !request.responseURL.includes(words.receive);
      fail(upload, isOut ? words.wordOut : words.wordOdd);
      return;
    }
    if (request.status !== 201) {
      fail(upload, told.message || words.wordOdd);
      return;
    }
    taken(upload, told, told.label);
  };

  const progress = (upload, event) => {
    const seconds = Math.max(0.001, (performance.now() - upload.begun) / 1000);
    const part = event.loaded / Math.max(1, event.total);
    upload.bar.value = Math.floor(part * 100);
    if (event.loaded >= event.total) {
      // The server holds every byte: it may have kept the file already, and cancelling would promise what is untrue.
      offer(upload, {});
      show(upload, words.wordTaking);
      return;
    }
    show(upload, fill(words.wordSending, {
      done: size(event.loaded),
      total: size(event.total),
      percent: `${number(Math.floor(part * 100), 0)} %`,
      speed: size(event.loaded / seconds),
    }));
  };

  const send = (upload) => {
    const request = new XMLHttpRequest();
    upload.state = "sending";
    upload.request = request;
    upload.begun = performance.now();
    upload.bar.hidden = false;
    upload.bar.value = 0;
    offer(upload, { cancel: true });
    request.open("POST", words.receive);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", token);
    request.setRequestHeader("X-File-Name", encodeURIComponent(upload.file.name.toWellFormed?.() ?? upload.file.name));
    request.setRequestHeader("X-Upload-Key", upload.key);
    request.upload.addEventListener("progress", (event) => progress(upload, event));
    request.addEventListener("load", () => answered(upload, request));
    request.addEventListener("error", () => fail(upload, words.wordBroken));
    request.addEventListener("abort", () => cancel(upload));
    request.send(upload.file);
    settle();
  };

  const next = () => {
    const waiting = uploads.find((one) => one.state === "waiting");
    if (waiting && !uploads.some((one) => one.state === "sending")) send(waiting);
    else settle();
  };

  const queue = (upload) => {
    upload.state = "waiting";
    show(upload, words.wordWaiting);
    offer(upload, { cancel: true });
    next();
  };

  const add = (file) => {
    const row = room.querySelector("template").content.firstElementChild.cloneNode(true);
    const part = (name) => row.querySelector(`[data-${name}]`);
    const upload = {
      file, row, key: newKey(), state: "new", reached: -1, shown: "", request: null,
      bar: row.querySelector("progress"), words: part("words"), cancel: part("cancel"), retry: part("retry"),
    };
    for (const name of row.querySelectorAll("[data-name]")) name.textContent = file.name;
    part("size").textContent = size(file.size);
    upload.bar.setAttribute("aria-label", file.name);
    upload.bar.hidden = true;
    upload.cancel.addEventListener("click", () => {
      if (upload.state === "sending") upload.request.abort();
      else cancel(upload);
    });
    upload.retry.addEventListener("click", () => {
      upload.retry.disabled = true;
      renew().catch(() => {}).finally(() => {
        upload.retry.disabled = false;
        queue(upload);
      });
    });
    uploads.push(upload);
    list.append(row);
    if (file.size > Number(words.most)) fail(upload, words.wordLarge, { retry: false });
    else queue(upload);
  };

  input.addEventListener("change", () => {
    for (const file of [...input.files]) add(file);
    input.value = "";
  });

  window.addEventListener("beforeunload", (event) => {
    if (uploads.some((one) => one.state === "sending" || one.state === "waiting")) event.preventDefault();
  });
})();
