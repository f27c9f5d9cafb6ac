/* Clips, frame by frame: by the buttons, or by the keys , and . while the clip has the focus. Most telephones take 25 to
   30 frames a second: a step is the thirtieth of one, so that no frame is passed over. */
"use strict";

(() => {
  const FRAME = 1 / 30;
  const KEYS = { ",": -1, ".": 1 };

  const step = (video, way) => {
    video.pause();
    video.currentTime = Math.min(video.duration || 0, Math.max(0, video.currentTime + way * FRAME));
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-frame]");
    const video = button && button.closest(".cover").querySelector("video");
    if (video) step(video, Number(button.dataset.frame));
  });

  document.addEventListener("keydown", (event) => {
    const way = KEYS[event.key];
    if (way && event.target instanceof HTMLVideoElement) {
      event.preventDefault();
      step(event.target, way);
    }
  });
})();
