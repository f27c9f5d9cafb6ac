/* One box that ticks all, above the boxes of the list. Without this script each is ticked for itself. */
"use strict";

(() => {
  const all = document.querySelector("[data-tick-all]");
  if (!all) return;
  const boxes = [...document.querySelectorAll('input[name="item"][form="several"]')];
  const show = () => {
    const ticked = boxes.filter((one) => one.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  };
  all.addEventListener("change", () => {
    for (const one of boxes) one.checked = all.checked;
    show();
  });
  for (const one of boxes) one.addEventListener("change", show);
  show();
})();
