/* Boxes by pointer and times by key. Whatever is drawn is written into the rows of numbers, and the rows are what is
   sent: whoever uses the keyboard alone fills them in. Places are percent of what is shown. */
"use strict";

(() => {
  const form = document.getElementById("redaction");
  if (!form) return;
  const family = form.dataset.family;
  const stage = document.querySelector("[data-stage]");
  const layer = stage && stage.querySelector("[data-layer]");
  const shown = stage && stage.querySelector("[data-shown]");
  const clock = document.querySelector("[data-clock]");
  const said = document.querySelector("[data-said]");
  const rows = form.querySelector(".redact-rows");
  const count = form.querySelector("[name=rows]");
  const MOST = 100;
  const PLACES = ["left", "top", "width", "height"];

  const field = (row, name) => row.querySelector(`[name="${row.dataset.row}-${name}"]`);
  const all = () => [...rows.querySelectorAll(".redact-row")];
  const inUse = (row) => [...row.querySelectorAll("input, select")].some((one) => one.value !== "");
  const say = (word, row) => {
    said.textContent = said.dataset[word].replace("{row}", String(all().indexOf(row) + 1));
  };

  const grow = () => {
    const number = all().length;
    if (number >= MOST) return null;
    const row = document.getElementById("redact-row").content.cloneNode(true).querySelector(".redact-row");
    for (const one of row.querySelectorAll("*")) {
      for (const name of ["id", "name", "for", "aria-describedby"]) {
        const value = one.getAttribute(name);
        if (value) one.setAttribute(name, value.replaceAll("__-", `r${number}-`));
      }
    }
    row.dataset.row = `r${number}`;
    row.querySelector("[data-number]").textContent = String(number + 1);
    rows.append(row);
    count.value = String(number + 1);
    return row;
  };

  const free = () => all().find((row) => !inUse(row)) || grow();
  const current = () => all().filter(inUse).pop() || free();

  /* What stands in the rows, as boxes on the stage. */
  const now = () => (shown && "currentTime" in shown ? shown.currentTime : 0);
  const isHere = (row) => {
    if (family === "paper") return field(row, "page").value === shown.dataset.page;
    if (family !== "moving") return true;
    if (field(row, "kind").value !== "box") return false;
    const [start, end] = ["start", "end"].map((name) => field(row, name).value);
    return start === "" || end === "" || (Number(start) <= now() && now() <= Number(end));
  };
  const show = () => {
    if (!layer) return;
    layer.replaceChildren();
    for (const [number, row] of all().entries()) {
      const values = PLACES.map((name) => field(row, name).value);
      if (values.some((value) => value === "") || !isHere(row)) continue;
      const box = document.createElement("div");
      const name = document.createElement("bdi");
      box.className = "redact-box";
      name.textContent = String(number + 1);
      box.append(name);
      PLACES.forEach((place, at) => { box.style[place] = `${values[at]}%`; });
      layer.append(box);
    }
  };

  const take = (row, name) => {
    if (!clock || !row) return;
    const fine = name === "start" ? Math.floor(clock.currentTime * 1000) : Math.ceil(clock.currentTime * 1000);
    field(row, name).value = String(fine / 1000);
    say("wordTaken", row);
    show();
  };

  const place = (event) => {
    const frame = layer.getBoundingClientRect();
    const part = (at, begin, length) => Math.min(100, Math.max(0, ((at - begin) / length) * 100));
    return [part(event.clientX, frame.left, frame.width), part(event.clientY, frame.top, frame.height)];
  };

  let begun = null;
  let drawn = null;
  const measure = (event) => {
    const [x, y] = place(event);
    return [Math.min(x, begun[0]), Math.min(y, begun[1]), Math.abs(x - begun[0]), Math.abs(y - begun[1])];
  };
  const stop = () => {
    begun = null;
    drawn?.remove();
    drawn = null;
  };
  layer?.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    layer.setPointerCapture(event.pointerId);
    begun = place(event);
    drawn = document.createElement("div");
    drawn.className = "redact-box";
    layer.append(drawn);
  });
  layer?.addEventListener("pointermove", (event) => {
    if (!begun) return;
    measure(event).forEach((value, at) => { drawn.style[PLACES[at]] = `${value}%`; });
  });
  layer?.addEventListener("pointercancel", stop);
  layer?.addEventListener("pointerup", (event) => {
    if (!begun) return;
    const [left, top, width, height] = measure(event);
    stop();
    if (width < 0.2 || height < 0.2) return;
    const row = free();
    if (!row) {
      said.textContent = said.dataset.wordFull;
      return;
    }
    /* Rounded outwards: what was drawn over is covered whole. */
    const first = [left, top].map((value) => Math.floor(value * 100) / 100);
    const last = [left + width, top + height].map((value) => Math.ceil(value * 100) / 100);
    const values = [...first, last[0] - first[0], last[1] - first[1]];
    PLACES.forEach((name, at) => { field(row, name).value = values[at].toFixed(2); });
    if (family === "paper") field(row, "page").value = shown.dataset.page;
    if (family === "moving") {
      field(row, "kind").value = "box";
      field(row, "start").value = String(Math.floor(now() * 1000) / 1000);
    }
    say("wordDrawn", row);
    show();
  });

  const turn = (way) => {
    const before = Number(shown.dataset.page);
    const go = (page) => {
      shown.dataset.page = String(page);
      shown.src = shown.dataset.pages.replace(/\/1\/$/, `/${page}/`);
      document.querySelector("[data-here]").textContent = String(page);
      show();
    };
    shown.onerror = () => { /* behind the last page there is none */
      shown.onerror = null;
      go(before);
    };
    if (before + way > 0) go(before + way);
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const row = button.closest(".redact-row");
    if (button.dataset.take) take(row, button.dataset.take);
    if ("clear" in button.dataset) {
      for (const one of row.querySelectorAll("input, select")) one.value = "";
      show();
    }
    if (button.dataset.turn) turn(Number(button.dataset.turn));
    if ("draw" in button.dataset) {
      const on = stage.classList.toggle("is-drawing");
      button.setAttribute("aria-pressed", String(on));
      if (on) shown.pause();
    }
    if ("more" in button.dataset && all().length < MOST) {
      event.preventDefault();
      grow().querySelector("input, select").focus();
    }
  });
  document.addEventListener("keydown", (event) => {
    const name = { i: "start", o: "end" }[event.key.toLowerCase()];
    if (name && event.target === clock && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      take(current(), name);
    }
  });
  form.addEventListener("input", show);
  shown?.addEventListener("timeupdate", show);
  shown?.addEventListener("load", show);
  show();
})();
