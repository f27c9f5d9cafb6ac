/* Parts that work better with a script: drafts that save themselves, covers of media, panes that scroll together. */
"use strict";

/* Autosave: <form data-autosave-url="..."> with <p class="saved" data-saved data-failed="..." role="status">.
   The form is posted as it stands; the answer is JSON {"saved": "words with the time"}. What was typed stays in the
   page whatever happens, and nothing is written into the browser's storage. Fields with data-not-saved are left out. */
(() => {
  const QUIET = 1500;
  const AGAIN = 10000;

  const body = (form) => {
    const data = new FormData(form);
    for (const field of form.querySelectorAll("[data-not-saved]")) data.delete(field.name);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    return data;
  };

  const start = (form) => {
    const shown = form.querySelector("[data-saved]") || document.createElement("p");
    let timer = 0;
    let dirty = false;
    let leaving = false;

    const later = (pause) => {
      clearTimeout(timer);
      timer = setTimeout(save, pause);
    };

    const say = (state, words) => {
      shown.dataset.state = state;
      shown.textContent = words;
    };

    const save = async () => {
      dirty = false;
      try {
        const answer = await fetch(form.dataset.autosaveUrl, {
          method: "POST",
          body: body(form),
          headers: { Accept: "application/json", "X-Requested-With": "autosave" },
          redirect: "error",
        });
        if (!answer.ok) throw new Error(String(answer.status));
        const { saved, revision } = await answer.json();
        if (revision !== undefined && form.elements.revision) form.elements.revision.value = revision;
        if (!dirty) say("saved", saved);
      } catch {
        dirty = true;
        say("failed", shown.dataset.failed || "");
        later(AGAIN);
      }
    };

    form.addEventListener("input", () => {
      dirty = true;
      later(QUIET);
    });
    form.addEventListener("submit", () => {
      leaving = true;
      clearTimeout(timer);
    });
    window.addEventListener("online", () => { if (dirty) later(0); });
    window.addEventListener("beforeunload", (event) => {
      if (dirty && !leaving) event.preventDefault();
    });
  };

  for (const form of document.querySelectorAll("form[data-autosave-url]")) start(form);
})();

/* Covers: nothing is even asked for from the server before the reader uncovers it (data-src, not src). */
(() => {
  const load = (cover) => {
    for (const media of cover.querySelectorAll("[data-src]")) {
      media.src = media.dataset.src;
      media.removeAttribute("data-src");
    }
    for (const video of cover.querySelectorAll("video")) {
      video.muted = true;
      video.load();
    }
  };

  const lid = (cover, open) => {
    if (open) load(cover);
    cover.classList.toggle("is-open", open);
    for (const media of cover.querySelectorAll("video, audio")) if (!open) media.pause();
    const next = cover.querySelector(open ? "[data-cover-close]" : "[data-cover-open]");
    if (next) next.focus();
  };

  document.addEventListener("click", (event) => {
    const cover = event.target.closest(".cover");
    if (!cover) return;
    if (event.target.closest("[data-cover-open]")) lid(cover, true);
    if (event.target.closest("[data-cover-close]")) lid(cover, false);
    const colour = event.target.closest("[data-cover-colour]");
    if (colour) colour.setAttribute("aria-pressed", String(cover.classList.toggle("in-colour")));
  });
})();

/* Panes that scroll together by the share of their length: <div class="panes" data-linked>. */
(() => {
  for (const panes of document.querySelectorAll(".panes[data-linked]")) {
    const bodies = [...panes.querySelectorAll(".pane-body")];
    const choice = panes.parentElement.querySelector("[data-linked-choice]");
    let led = null;
    let rest = 0;
    for (const leader of bodies) {
      leader.addEventListener("scroll", () => {
        if ((choice && !choice.checked) || (led && led !== leader)) return;
        led = leader;
        clearTimeout(rest);
        rest = setTimeout(() => { led = null; }, 120);
        const share = leader.scrollTop / Math.max(1, leader.scrollHeight - leader.clientHeight);
        for (const body of bodies) {
          if (body !== leader) body.scrollTop = share * (body.scrollHeight - body.clientHeight);
        }
      }, { passive: true });
    }
  }
})();
