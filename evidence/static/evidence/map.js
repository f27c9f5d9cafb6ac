/* Maps without an outside tile: the outline of the world lies with this system's own files, so that nobody learns where
   we look. A click sets a point or adds a corner; whatever is typed is drawn; Enter takes the middle of the map. */
"use strict";

(() => {
  const words = document.getElementById("map-words");
  if (!words || !window.L) return;

  const FINE = 6;
  const ink = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const latin = (text) =>
    text
      .replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
      .replace(/\u066b/g, ".")
      .replace(/\u2212/g, "-")
      .replace(/\u060c/g, ",");
  const degrees = (text, most) => {
    const value = /^\s*[+-]?\d+(\.\d+)?\s*$/.test(latin(text)) ? Number(latin(text)) : NaN;
    return Math.abs(value) <= most ? value : null;
  };
  const corners = (text) =>
    latin(text)
      .split(/[\n;]/)
      .map((line) => /^\s*([+-]?\d+(?:\.\d+)?)\s*[,\s]\s*([+-]?\d+(?:\.\d+)?)\s*$/.exec(line))
      .filter(Boolean)
      .map((found) => [Number(found[1]), Number(found[2])])
      .filter(([lat, lon]) => Math.abs(lat) <= 90 && Math.abs(lon) <= 180);

  /* A coast that leaves at one edge of the map comes in at the other: no line is drawn between. */
  const parted = (line) => {
    const parts = [[]];
    for (const point of line) {
      const last = parts.at(-1).at(-1);
      if (last && Math.abs(last[0] - point[0]) > 180) parts.push([]);
      parts.at(-1).push(point);
    }
    return parts.filter((part) => part.length > 1);
  };

  let world = null;
  const outline = () => {
    world ??= fetch(words.dataset.world)
      .then((answer) => answer.json())
      .then((atlas) => window.topojson.mesh(atlas, atlas.objects.countries))
      .then((mesh) => ({ ...mesh, coordinates: mesh.coordinates.flatMap(parted) }));
    return world;
  };

  /* Machine values keep their direction in a line of the other. */
  const apart = (text) => {
    const value = document.createElement("bdi");
    value.dir = "ltr";
    value.className = "machine";
    value.textContent = text;
    return value;
  };

  /* Lines of latitude and longitude as far apart as the map is wide, so that a place can be read off. */
  const STEPS = [30, 10, 5, 1, 0.5, 0.1, 0.05, 0.01, 0.005, 0.001, 0.0005, 0.0001];
  const lines = (map, layer) => {
    layer.clearLayers();
    const seen = map.getBounds();
    const wide = Math.max(seen.getEast() - seen.getWest(), seen.getNorth() - seen.getSouth());
    const step = STEPS.find((one) => wide / one >= 4) ?? STEPS.at(-1);
    const style = { color: ink("--line-strong"), weight: 0.5, interactive: false };
    const from = (low) => Math.ceil(low / step);
    for (let n = from(Math.max(-90, seen.getSouth())); n * step <= Math.min(90, seen.getNorth()); n += 1) {
      layer.addLayer(L.polyline([[n * step, seen.getWest()], [n * step, seen.getEast()]], style));
    }
    for (let n = from(Math.max(-180, seen.getWest())); n * step <= Math.min(180, seen.getEast()); n += 1) {
      layer.addLayer(L.polyline([[seen.getSouth(), n * step], [seen.getNorth(), n * step]], style));
    }
    const places = Math.max(0, Math.ceil(-Math.log10(step)));
    const middle = map.getCenter();
    const shown = `${middle.lat.toFixed(places + 1)}, ${middle.lng.toFixed(places + 1)}`;
    map.told.replaceChildren(apart(shown), ` · ${words.dataset.grid} `, apart(`${step}\u00b0`));
  };

  const draw = (label) => {
    const room = document.createElement("div");
    room.className = "map-room";
    const ground = document.createElement("div");
    ground.className = "map";
    ground.setAttribute("role", "application");
    ground.setAttribute("aria-label", label);
    const told = document.createElement("p");
    told.className = "map-told quiet";
    room.append(ground, told);
    return { room, ground, told };
  };

  const start = ({ ground, told }) => {
    const map = L.map(ground, {
      attributionControl: false,
      preferCanvas: true,
      zoomAnimation: false,
      fadeAnimation: false,
      markerZoomAnimation: false,
      inertia: false,
      worldCopyJump: false,
      minZoom: 1,
      maxZoom: 20,
      maxBounds: [[-90, -180], [90, 180]],
      zoomControl: false,
    }).setView([25, 20], 1);
    map.told = told;
    L.control.zoom({ zoomInTitle: words.dataset.nearer, zoomOutTitle: words.dataset.farther }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    outline().then((mesh) => {
      L.geoJSON(mesh, { style: { color: ink("--ink-soft"), weight: 1 }, interactive: false }).addTo(map);
      ground.dataset.drawn = "yes";
    });
    const grid = L.layerGroup().addTo(map);
    map.on("moveend zoomend", () => lines(map, grid));
    lines(map, grid);
    return map;
  };

  const shape = () => ({ color: ink("--accent"), weight: 2, fillOpacity: 0.15, interactive: false });

  const pointed = (latitude, longitude, uncertainty) => {
    const parts = draw(words.dataset.point);
    latitude.closest(".part").querySelector("legend").after(parts.room);
    const map = start(parts);
    let drawn = null;
    const show = (goes) => {
      drawn?.remove();
      const lat = degrees(latitude.value, 90);
      const lon = degrees(longitude.value, 180);
      if (lat === null || lon === null || !latitude.value.trim() || !longitude.value.trim()) return;
      const radius = Math.max(1, Number(latin(uncertainty?.value || "")) || 1);
      const at = [lat, lon];
      drawn = L.layerGroup([L.circle(at, { ...shape(), radius }), L.circleMarker(at, { ...shape(), radius: 4 })]);
      drawn.addTo(map);
      if (goes) map.fitBounds(L.latLng(at).toBounds(Math.max(400, radius * 6)));
    };
    const take = (at) => {
      const wrapped = at.wrap();
      latitude.value = wrapped.lat.toFixed(FINE);
      longitude.value = wrapped.lng.toFixed(FINE);
      show(false);
    };
    map.on("click", (event) => take(event.latlng));
    entered(parts.ground, map, take);
    for (const field of [latitude, longitude, uncertainty]) field?.addEventListener("change", () => show(true));
    show(true);
  };

  /* The map's own keys move and zoom it; Enter is ours, and sends no form from here. */
  const entered = (ground, map, take) => {
    ground.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== ground) return;
      event.preventDefault();
      take(map.getCenter());
    });
  };

  const outlined = (field) => {
    const parts = draw(words.dataset.outline);
    const less = document.createElement("button");
    less.type = "button";
    less.className = "btn btn-secondary btn-sm";
    less.textContent = words.dataset.less;
    parts.room.append(less);
    field.after(parts.room);
    const map = start(parts);
    let drawn = null;
    const show = (goes) => {
      drawn?.remove();
      const found = corners(field.value);
      less.disabled = !found.length;
      if (!found.length) return;
      const dots = found.map((at) => L.circleMarker(at, { ...shape(), radius: 4 }));
      drawn = L.layerGroup([L.polygon(found, shape()), ...dots]).addTo(map);
      if (goes) map.fitBounds(L.latLngBounds(found).pad(0.4), { maxZoom: 18 });
    };
    const take = (at) => {
      const wrapped = at.wrap();
      const line = `${wrapped.lat.toFixed(FINE)}, ${wrapped.lng.toFixed(FINE)}`;
      field.value = field.value.trim() ? `${field.value.trimEnd()}\n${line}` : line;
      show(false);
    };
    less.addEventListener("click", () => {
      field.value = field.value.trimEnd().split("\n").slice(0, -1).join("\n");
      show(false);
    });
    map.on("click", (event) => take(event.latlng));
    entered(parts.ground, map, take);
    field.addEventListener("change", () => show(true));
    show(true);
  };

  /* On the page of an exhibit a map is drawn when somebody opens it: nothing is fetched before. */
  const told = (room) => {
    room.addEventListener("toggle", () => {
      if (!room.open || room.dataset.drawn) return;
      room.dataset.drawn = "yes";
      const parts = draw(words.dataset.shown);
      room.append(parts.room);
      const map = start(parts);
      const found = room.dataset.corners ? corners(room.dataset.corners) : [];
      const layers = found.length
        ? [L.polygon(found, shape())]
        : [
            L.circle([Number(room.dataset.lat), Number(room.dataset.lon)], {
              ...shape(),
              radius: Number(room.dataset.off),
            }),
            L.circleMarker([Number(room.dataset.lat), Number(room.dataset.lon)], { ...shape(), radius: 4 }),
          ];
      for (const layer of layers) layer.addTo(map);
      map.fitBounds(layers[0].getBounds().pad(2), { maxZoom: 18 });
    });
  };

  const latitude = document.querySelector("[data-latitude]");
  if (latitude) {
    pointed(latitude, document.querySelector("[data-longitude]"), document.querySelector("[data-uncertainty]"));
  }
  for (const field of document.querySelectorAll("textarea[data-outline]")) outlined(field);
  for (const room of document.querySelectorAll("details[data-map]")) told(room);
})();
