/* Clips and recordings: a note leads to its moment, its box is seen for as long as it speaks of.
   Clips, frame by frame: by the buttons, or by the keys , and . while the clip has the focus. Most telephones take 25 to
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

  /* The moment of a note. A cover stays closed until the reader opens it; then the clip stands at that moment. */
  const jump = (player, moment) => {
    const go = () => { player.pause(); player.currentTime = moment; };
    if (player.readyState > 0) go();
    else player.addEventListener("loadedmetadata", go, { once: true });
    const cover = player.closest(".cover");
    if (cover && !cover.classList.contains("is-open")) {
      cover.scrollIntoView({ block: "center" });
      cover.querySelector("[data-cover-open]").focus();
    } else {
      if (player.readyState === 0) player.load();
      player.scrollIntoView({ block: "center" });
      player.focus();
    }
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-jump]");
    const player = button && button.closest(".file").querySelector("video, audio");
    if (player) jump(player, Number(button.dataset.jump));
  });

  for (const video of document.querySelectorAll(".marked > video")) {
    const marks = [...video.parentElement.querySelectorAll(".mark[data-from]")];
    const show = () => {
      for (const mark of marks) {
        const within = video.currentTime >= Number(mark.dataset.from) && video.currentTime <= Number(mark.dataset.until);
        mark.classList.toggle("is-now", within);
      }
    };
    for (const name of ["timeupdate", "seeked", "loadedmetadata"]) video.addEventListener(name, show);
  }

  document.addEventListener("keydown", (event) => {
    const way = KEYS[event.key];
    if (way && event.target instanceof HTMLVideoElement) {
      event.preventDefault();
      step(event.target, way);
    }
  });
})();
