/* Drawing on a covered picture, and taking times from a clip, for the form beside it: the form holds what counts, in per
   cent and seconds, and can be typed without any of this. Nothing is drawn before the picture was uncovered. */
"use strict";

(() => {
  const room = document.querySelector("[data-annotate]");
  if (!room) return;
  const field = (name) => document.querySelector(`[data-${name}]`);

  /* Clips and recordings: the player's time goes into the form. */
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-take]");
    const player = button && room.querySelector("video, audio");
    const typed = button && field(button.dataset.take);
    if (!player || !typed) return;
    typed.value = player.currentTime.toFixed(3).replace(/\.?0+$/, "") || "0";
    typed.dispatchEvent(new Event("change", { bubbles: true }));
  });

  /* Pictures: one box or one outline at a time. */
  const tools = document.querySelector("[data-drawing]");
  const picture = room.querySelector("img");
  if (!tools || !picture || !window.Annotorious) return;
  const BOX = ["left", "top", "width", "height"];
  const boxes = BOX.map((name) => field(`box-${name}`));
  const points = field("points");
  const share = (value, whole) => String(Math.round(Math.min(1, Math.max(0, value / whole)) * 100000) / 1000);
  const number = (text) => (/^\s*\d{1,3}(\.\d+)?\s*$/.test(text) ? Number(text) : NaN);

  const write = ({ type, geometry }) => {
    const { naturalWidth: wide, naturalHeight: high } = picture;
    for (const one of [...boxes, points]) one.value = "";
    if (type === "RECTANGLE") {
      const left = share(geometry.x, wide);
      const top = share(geometry.y, high);
      // What is rounded may not reach beyond the edge.
      const rest = (start, size, whole) => Math.min(Number(share(size, whole)), Math.round((100 - start) * 1000) / 1000);
      const values = [left, top, rest(left, geometry.w, wide), rest(top, geometry.h, high)];
      boxes.forEach((one, index) => { one.value = String(values[index]); });
    } else if (type === "POLYGON") {
      points.value = geometry.points.map(([x, y]) => `${share(x, wide)}, ${share(y, high)}`).join("\n");
    }
  };

  const read = () => {
    const { naturalWidth: wide, naturalHeight: high } = picture;
    const [left, top, width, height] = boxes.map((one) => number(one.value));
    if (width > 0 && height > 0 && left >= 0 && top >= 0) {
      const [x, y, w, h] = [(left * wide) / 100, (top * high) / 100, (width * wide) / 100, (height * high) / 100];
      return { type: "RECTANGLE", geometry: { x, y, w, h, bounds: { minX: x, minY: y, maxX: x + w, maxY: y + h } } };
    }
    const found = points.value
      .split(/[\n;]/)
      .map((line) => line.split(/[,\s]+/).filter(Boolean).map(number))
      .filter((pair) => pair.length === 2 && pair.every((value) => value >= 0 && value <= 100))
      .map(([x, y]) => [(x * wide) / 100, (y * high) / 100]);
    if (found.length < 3) return null;
    const [xs, ys] = [found.map(([x]) => x), found.map(([, y]) => y)];
    const bounds = { minX: Math.min(...xs), minY: Math.min(...ys), maxX: Math.max(...xs), maxY: Math.max(...ys) };
    return { type: "POLYGON", geometry: { points: found, bounds } };
  };

  const start = () => {
    tools.hidden = false;
    const annotator = window.Annotorious.createImageAnnotator(picture, { drawingEnabled: false, autoSave: true });
    const show = () => {
      const selector = read();
      annotator.clearAnnotations();
      if (selector) {
        annotator.addAnnotation({ id: "typed", bodies: [], target: { annotation: "typed", selector } });
      }
    };
    const drawn = (annotation) => {
      write(annotation.target.selector);
      for (const other of annotator.getAnnotations()) {
        if (other.id !== annotation.id) annotator.removeAnnotation(other.id);
      }
    };
    annotator.on("createAnnotation", (annotation) => {
      drawn(annotation);
      annotator.setDrawingEnabled(false);
    });
    annotator.on("updateAnnotation", drawn);
    tools.addEventListener("click", (event) => {
      const button = event.target.closest("[data-draw]");
      if (!button) return;
      if (button.dataset.draw) {
        annotator.setDrawingTool(button.dataset.draw);
        annotator.setDrawingEnabled(true);
      } else {
        annotator.setDrawingEnabled(false);
        annotator.clearAnnotations();
        for (const one of [...boxes, points]) one.value = "";
      }
    });
    for (const one of [...boxes, points]) one.addEventListener("change", show);
    show();
  };

  picture.addEventListener("load", start, { once: true });
})();
