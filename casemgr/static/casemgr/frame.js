/* The frame: menus close again, keys of the house, hashes are copied whole. No page needs this script to work. */
"use strict";

document.documentElement.classList.add("has-script");

(() => {
  const typing = (target) => target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName);

  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (menu !== except) menu.open = false;
    }
  };

  document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const menu = document.querySelector("details.menu[open]");
      if (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    // On an Arabic keyboard the key of the slash writes a letter.
    const key = event.code === "Slash" && event.key === "ظ" ? "/" : event.key;
    // On a narrow screen a box is folded into a link to its page: only one of the two is displayed.
    const named = [...document.querySelectorAll(`[data-hotkey="${CSS.escape(key)}"]`)];
    const wanted = named.find((one) => one.checkVisibility());
    if (wanted) {
      event.preventDefault();
      if (typing(wanted)) wanted.focus();
      else wanted.click();
      return;
    }
    if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1);
  });

  // In a list, j and k go to the next and the previous row; Enter follows the link that has the focus.
  const step = (by) => {
    const links = [...document.querySelectorAll("main :is(.table, .found) .row-link")];
    if (!links.length) return;
    const at = links.indexOf(document.activeElement);
    const next = links[Math.min(links.length - 1, Math.max(0, at + by))];
    next.focus();
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const word = button.querySelector("span") || button;
    const before = word.textContent;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      word.textContent = "✓";
    } catch {
      // Without leave to write the clipboard, the whole value is selected instead, ready for the reader's own keys.
      const shown = button.parentElement.querySelector("[data-whole]");
      shown.textContent = shown.dataset.whole;
      getSelection().selectAllChildren(shown);
      return;
    }
    setTimeout(() => { word.textContent = before; }, 1500);
  });
})();
