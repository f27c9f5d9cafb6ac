/* While a check is under way, its part of the page is fetched again now and then. Without this script there is
   a link. It ends by itself after some minutes: a page that asks for ever would keep its session awake. */
"use strict";

(() => {
  const EVERY = 10000;
  const MOST = 30;
  let times = 0;
  const again = async () => {
    const here = document.getElementById("progress");
    if (!here || !here.hasAttribute("data-under-way") || times >= MOST) return;
    times += 1;
    try {
      const answer = await fetch(window.location.href, { redirect: "error" });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("progress");
      if (!fresh) return;
      if (!fresh.hasAttribute("data-under-way")) {
        if (!here.contains(document.activeElement)) window.location.reload();
        return;
      }
      if (!here.contains(document.activeElement)) here.replaceChildren(...fresh.childNodes);
    } catch {
      /* The connection is bad: the next time is soon enough. */
    }
    window.setTimeout(again, EVERY);
  };
  window.setTimeout(again, EVERY);
})();
