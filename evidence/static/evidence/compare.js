/* Two frames, the later over the earlier: the slider moves the line between them. Without this script both stand side
   by side. The widget runs from left to right in every language, as the frames do. */
"use strict";

(() => {
  for (const room of document.querySelectorAll("[data-compare]")) {
    const slider = room.querySelector("input[type=range]");
    const frames = room.querySelector(".compare-frames");
    const move = () => frames.style.setProperty("--split", `${slider.value}%`);
    room.classList.add("is-laid");
    slider.addEventListener("input", move);
    move();
  }
})();
