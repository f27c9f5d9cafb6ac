/* Parts that work better with a script: drafts that save themselves, covers of media, panes that scroll together. */
"use strict";

/* Autosave: a form with data-autosave-url and a line from parts/saved.html. It is posted as it stands, one post at a
   time; the answer is JSON {"saved": "words with the time"}. What was typed stays in the page whatever happens, and
   nothing is written into the browser's storage. Fields marked data-not-saved, and files, are left out. */
(() => {
  const QUIET = 1500;
  const AGAIN = 10000;
  const LOST = { 400: "long", 401: "out", 403: "out", 404: "gone", 409: "conflict", 413: "long" };

  const body = (form) => {
    const data = new FormData(form);
    for (const field of form.querySelectorAll("[data-not-saved]")) data.delete(field.name);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    return data;
  };

  // Why a post was not taken: "failed" is worth another try, the others are for the reader to mend.
  const post = async (form) => {
    try {
      const answer = await fetch(form.dataset.autosaveUrl, {
        method: "POST",
        body: body(form),
        headers: { Accept: "application/json", "X-Requested-With": "autosave" },
        redirect: "manual",
      });
      if (answer.type === "opaqueredirect") return { fault: "out" };
      if (!answer.ok) {
        // A refusal says itself what happened and what was kept.
        const { message } = answer.status === 409 ? await answer.json().catch(() => ({})) : {};
        return { fault: LOST[answer.status] || "failed", words: message, told: answer.status === 409 };
      }
      return { ...(await answer.json()), told: true };
    } catch {
      return { fault: "failed" };
    }
  };

  const start = (form) => {
    const shown = form.querySelector("[data-saved]") || document.createElement("p");
    let timer = 0;
    let dirty = false;
    let busy = false;
    let leaving = false;
    let lost = false;
    let sure = false;
    let sender = null;

    const later = (pause) => {
      clearTimeout(timer);
      timer = setTimeout(save, pause);
    };

    const save = async () => {
      if (busy || leaving) return;
      busy = true;
      dirty = false;
      const { fault, words, saved, revision, told } = await post(form);
      busy = false;
      if (revision !== undefined && form.elements.revision) form.elements.revision.value = revision;
      shown.dataset.state = fault || "saved";
      shown.textContent = fault ? words || shown.dataset[fault] || "" : saved;
      lost = Boolean(fault) && !told;
      dirty = dirty || Boolean(fault);
      const asked = sender;
      sender = null;
      if (asked && !lost) {
        // What is too long, or was kept elsewhere, is told by the page itself, with all that was typed.
        sure = true;
        form.requestSubmit(asked.button);
        sure = false;
      } else if (fault) {
        if (asked) shown.scrollIntoView({ block: "nearest" });
        if (fault === "failed") later(AGAIN);
      } else if (dirty) {
        later(QUIET);
      }
    };

    form.addEventListener("input", () => {
      dirty = true;
      later(QUIET);
    });
    form.addEventListener("submit", (event) => {
      clearTimeout(timer);
      if (!sure && (busy || dirty || lost)) {
        // The page is left only when the server was heard: signed out or offline, what was typed would be lost.
        // And the draft on its way raises the revision: the form waits for it, or it would contradict itself.
        event.preventDefault();
        sender = { button: event.submitter };
        save();
        return;
      }
      leaving = true;
    });
    // The way back may show the page as it was left: it goes on keeping itself.
    window.addEventListener("pageshow", () => { leaving = false; });
    window.addEventListener("online", () => { if (dirty) later(0); });
    window.addEventListener("beforeunload", (event) => { if (dirty && !leaving) event.preventDefault(); });
  };

  for (const form of document.querySelectorAll("form[data-autosave-url]")) start(form);
})();

/* Sent once: while a form is on its way its buttons rest, so that a second press on a bad line sends nothing twice.
   They come back with the page (the way back), and after a while where the answer was a file or none came at all. */
(() => {
  const REST = 15000;
  const resting = new Set();

  const wake = () => {
    for (const button of resting) button.disabled = false;
    resting.clear();
  };

  const buttons = (form) => [...form.elements].filter((one) => one.type === "submit" && !one.disabled);

  window.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    // Only after the browser has gathered the form: a disabled button would not be part of it.
    setTimeout(() => {
      for (const button of buttons(form)) {
        // Without this one browser would keep it at rest over a reload.
        button.setAttribute("autocomplete", "off");
        button.disabled = true;
        resting.add(button);
      }
    });
    setTimeout(wake, REST);
  });
  window.addEventListener("pageshow", wake);
})();

/* Covers: nothing is even asked for from the server before the reader uncovers it (data-src, not src). Which cover is
   open is known to this page alone: whoever leaves it finds every cover closed again. What a reader has chosen to see
   uncovered opens when it comes into view. */
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

  const lid = (cover, open, asked = true) => {
    if (open) load(cover);
    cover.classList.toggle("is-open", open);
    for (const media of cover.querySelectorAll("video, audio")) if (!open) media.pause();
    const next = cover.querySelector(open ? "[data-cover-close]" : "[data-cover-open]");
    if (next && asked) next.focus();
  };

  window.addEventListener("pagehide", () => {
    for (const cover of document.querySelectorAll(".cover.is-open")) lid(cover, false, false);
  });

  const sight = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) {
      if (!isIntersecting) continue;
      sight.unobserve(target);
      target.classList.add("in-colour");
      target.querySelector("[data-cover-colour]").setAttribute("aria-pressed", "true");
      lid(target, true, false);
    }
  });
  const look = () => {
    for (const cover of document.querySelectorAll(".cover[data-cover-plain]:not(.is-open)")) sight.observe(cover);
  };
  look();
  window.addEventListener("pageshow", (event) => { if (event.persisted) look(); });

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
