/* Adding files to an exhibit: one file after another, each gone on with where it stopped. Names and files stay in this
   page's memory alone: nothing is written into the browser's storage. */
import { discard, json, pace, sending, unfinished } from "./sending.js";

(() => {
  const room = document.querySelector("#upload");
  if (!room) return;
  const words = room.dataset;
  const list = room.querySelector(".upload-now");
  const said = room.querySelector("[data-said]");
  let token = room.querySelector("[name=csrfmiddlewaretoken]").value;
  const inputs = room.querySelectorAll("input[type=file]");
  const drop = room.querySelector(".upload-drop");
  const left = room.querySelector(".upload-left");
  const receipts = room.querySelector("#upload-receipts");
  const STEPS = ["stored", "hashed", "checked"];
  const NO_FILE = "00000000-0000-4000-8000-000000000000";
  const MOST_ASKED = 400;
  const SLOWEST = 5000;
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

  const time = (seconds) => {
    const [least, unit] = [[3600, words.wordHours], [60, words.wordMinutes], [1, words.wordSeconds]].find(
      ([from]) => seconds >= from,
    ) || [1, words.wordSeconds];
    return fill(unit, { count: number(Math.max(1, Math.round(seconds / least)), 0) });
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

  const offer = (upload, { pause = false, cancel = false, retry = false }) => {
    const held = upload.row.contains(document.activeElement) ? document.activeElement : null;
    upload.pause.hidden = !pause;
    upload.cancel.hidden = !cancel;
    upload.retry.hidden = !retry;
    // Whoever is here by keyboard stays here when the button they pressed goes.
    if (held && (held.hidden || held === upload.row))
      ([upload.retry, upload.pause, upload.cancel].find((one) => !one.hidden) || upload.row).focus();
  };

  const settle = () => {
    const open = uploads.some((one) => ["waiting", "sending", "asking"].includes(one.state));
    const any = uploads.some((one) => one.state === "sent");
    const broken = uploads.some((one) => ["failed", "paused", "unsure"].includes(one.state));
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
      const told = await json(address);
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
    showLeft().catch(() => {});
    next();
  };

  /* Whether an upload has become a file, the server alone knows: its answer may have been lost. */
  const kept = (address) => json(words.kept.replace(NO_FILE, address.split("/").filter(Boolean).pop()));

  const dropped = (upload, text, fault) => {
    upload.state = fault ? "unsure" : "cancelled";
    upload.bar.hidden = true;
    show(upload, text, { told: true, fault });
    offer(upload, { retry: true });
    next();
  };

  /* Of what was never announced nothing can be kept; of everything else we say what the server says. */
  const cancel = async (upload) => {
    await upload.way.stop();
    const address = upload.way.address();
    if (!address) {
      dropped(upload, words.wordUnsent, false);
      return;
    }
    upload.state = "asking";
    offer(upload, {});
    show(upload, words.wordAsking, { told: true });
    try {
      const told = (await discard(address, token)) ? {} : await kept(address);
      upload.way = way(upload);
      if (told.is_kept) taken(upload, told, `${words.wordKept} ${told.label}`);
      else dropped(upload, words.wordCancelled, false);
    } catch {
      dropped(upload, words.wordUnsure, true);
    }
  };

  const failed = (upload, error) => {
    const answer = error.originalResponse;
    const status = answer ? answer.getStatus() : 0;
    let message = "";
    try {
      message = JSON.parse(answer.getBody()).message;
    } catch {
      // A page instead of JSON, or no answer at all: the status alone speaks.
    }
    upload.isLine = status === 0 && !["out", "unreadable", "worker"].includes(error.message);
    if (error.message === "out") fail(upload, words.wordOut);
    else if (error.message === "unreadable") fail(upload, words.wordUnreadable);
    else if (message) fail(upload, message);
    else if (error.message === "worker") fail(upload, words.wordOdd);
    else if (status === 0) fail(upload, words.wordBroken);
    else fail(upload, status === 403 || status < 300 ? words.wordOut : words.wordOdd);
  };

  const progress = (upload, bytes) => {
    if (upload.state !== "sending") return;
    const total = upload.file.size;
    const part = bytes / Math.max(1, total);
    upload.bar.value = Math.floor(part * 100);
    if (bytes >= total) {
      // The server holds every byte and may have kept the file already: cancelling would promise what is untrue.
      offer(upload, {});
      show(upload, words.wordTaking);
      return;
    }
    const { speed, left: seconds } = upload.pace(bytes, total);
    const text = fill(words.wordSending, {
      done: size(bytes),
      total: size(total),
      percent: `${number(Math.floor(part * 100), 0)} %`,
      speed: size(speed),
    });
    show(upload, Number.isFinite(seconds) ? `${text} ${fill(words.wordLeft, { time: time(seconds) })}` : text);
  };

  const done = async (upload, hex) => {
    try {
      const told = await kept(upload.way.address());
      if (!told.is_kept) throw new Error("gone");
      upload.row.querySelector("[data-hash]").hidden = false;
      upload.row.querySelector("[data-hash] [data-digest]").textContent = hex;
      taken(upload, told, told.label);
    } catch {
      dropped(upload, words.wordUnasked, true);
    }
  };

  const way = (upload) =>
    sending(upload.file, {
      endpoint: words.uploads,
      token: () => token,
      kind: upload.kind,
      tell: {
        progress: (bytes) => progress(upload, bytes),
        waits: () => {
          offer(upload, { pause: true, cancel: true });
          show(upload, words.wordWaits, { told: true });
        },
        goesOn: () => show(upload, words.wordGoesOn, { told: true }),
        done: (hex) => done(upload, hex),
        failed: (error) => failed(upload, error),
      },
    });

  const send = (upload) => {
    upload.state = "sending";
    upload.pace = pace();
    upload.bar.hidden = false;
    offer(upload, { pause: true, cancel: true });
    upload.pause.firstChild.textContent = words.wordPause;
    show(upload, words.wordBegins);
    upload.way.start();
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

  /* What is paused makes room for the next; who goes on waits for a turn like everything else. */
  const pauseOrGoOn = async (upload) => {
    if (upload.state === "paused") {
      queue(upload);
      return;
    }
    upload.state = "paused";
    await upload.way.stop();
    upload.pause.firstChild.textContent = words.wordResume;
    show(upload, words.wordPaused, { told: true });
    next();
  };

  const add = (file) => {
    const row = room.querySelector("template[data-row]").content.firstElementChild.cloneNode(true);
    const part = (name) => row.querySelector(`[data-${name}]`);
    const upload = {
      file, row, kind: receipts.checked ? "receipt" : "", state: "new", reached: -1, shown: "",
      bar: row.querySelector("progress"), words: part("words"),
      pause: part("pause"), cancel: part("cancel"), retry: part("retry"),
    };
    for (const name of row.querySelectorAll("[data-name]")) name.textContent = file.name;
    part("size").textContent = size(file.size);
    upload.bar.setAttribute("aria-label", file.name);
    upload.bar.hidden = true;
    upload.pause.addEventListener("click", () => pauseOrGoOn(upload));
    upload.cancel.addEventListener("click", () => cancel(upload));
    upload.retry.addEventListener("click", () => {
      upload.retry.disabled = true;
      renew().catch(() => {}).finally(() => {
        upload.retry.disabled = false;
        // What could not be read or digested once is tried anew from the start; what has arrived is found again.
        upload.way = way(upload);
        queue(upload);
      });
    });
    uploads.push(upload);
    list.append(row);
    if (file.size > Number(words.most)) fail(upload, words.wordLarge, { retry: false });
    else {
      upload.way = way(upload);
      queue(upload);
    }
  };

  /* A folder that is dropped gives its files, however deep they lie. */
  const walk = async (entry) => {
    if (entry.isFile) {
      add(await new Promise((found, lost) => entry.file(found, lost)));
      return;
    }
    const reader = entry.createReader();
    const some = () => new Promise((found, lost) => reader.readEntries(found, lost));
    for (let entries = await some(); entries.length; entries = await some()) {
      for (const one of entries) await walk(one);
    }
  };

  /* What was interrupted in another browser, or before this page was loaded. */
  const showLeft = async () => {
    const here = uploads.map((one) => one.way && one.way.address()).filter(Boolean);
    const found = (await unfinished(words.uploads)).filter((one) => !here.includes(one.address));
    left.hidden = !found.length;
    const rows = left.querySelector("ul");
    rows.replaceChildren();
    for (const one of found) {
      const line = left.querySelector("template").content.firstElementChild.cloneNode(true);
      for (const name of line.querySelectorAll("[data-name]")) name.textContent = one.metadata.filename;
      line.querySelector("[data-words]").textContent = fill(words.wordLeftOver, {
        done: size(one.offset),
        total: one.length === null ? "?" : size(one.length),
        day: new Intl.DateTimeFormat(`${language}-u-nu-latn`, { dateStyle: "long" }).format(new Date(one.expires)),
      });
      line.querySelector("button").addEventListener("click", async () => {
        if (!window.confirm(words.wordDiscard)) return;
        try {
          await discard(one.address, token);
          await showLeft();
          inputs[0].focus();
        } catch {
          line.querySelector("[data-words]").textContent = words.wordUnsure;
        }
      });
      rows.append(line);
    }
  };

  for (const input of inputs) {
    input.addEventListener("change", () => {
      left.hidden = true;
      for (const file of [...input.files]) add(file);
      input.value = "";
    });
  }

  drop.addEventListener("dragover", (event) => event.preventDefault());
  drop.addEventListener("drop", async (event) => {
    event.preventDefault();
    left.hidden = true;
    const entries = [...event.dataTransfer.items].map((one) => one.webkitGetAsEntry()).filter(Boolean);
    for (const entry of entries) await walk(entry).catch(() => {});
  });

  window.addEventListener("online", () => {
    for (const upload of uploads) if (upload.state === "failed" && upload.isLine) queue(upload);
  });

  window.addEventListener("beforeunload", (event) => {
    if (uploads.some((one) => ["sending", "waiting", "asking"].includes(one.state))) event.preventDefault();
  });

  showLeft().catch(() => {});
})();
