"use strict";
// The map. `props.value` are the visitor's marks (see atlas.marks); points and titles are the same for all visitors and
// are fetched when the map is first shown. Draws on a canvas, so that ten thousand points move smoothly; the list beside
// it says the same in words. Titles are set as text, never as HTML.
const canvas = element.querySelector("canvas");
const pen = canvas.getContext("2d");
const stage = element.querySelector(".mt-atlas-stage");
const tip = element.querySelector(".mt-atlas-tip");
const list = element.querySelector(".mt-atlas-list ol");
const field = (name) => element.querySelector(`[data-atlas="${name}"]`);
const MOST_ZOOM = 64;
const positions = {};
let films = null;
let view = { x: 0, y: 0, scale: 1 };
let hovered = -1;
let drawn = 0;

const model = () => field("model").value;
const points = () => positions[model()];
const picks = () => props.value?.picks?.[model()] ?? [];
const said = () => props.value?.said ?? [];
const colour = (name) => getComputedStyle(element).getPropertyValue(name).trim();
const half = () => Math.min(canvas.clientWidth, canvas.clientHeight) / 2 - 18;

function place(x, y) {
  const unit = half() * view.scale;
  return [canvas.clientWidth / 2 + (x - view.x) * unit, canvas.clientHeight / 2 - (y - view.y) * unit];
}

const placed = (row) => place(points()[2 * row], points()[2 * row + 1]);

function later() {
  cancelAnimationFrame(drawn);
  drawn = requestAnimationFrame(draw);
}

function draw() {
  const ratio = devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  if (!films || !points()) return;
  const genre = field("genre").value === "" ? -1 : Number(field("genre").value);
  const size = Math.min(6, (films.ids.length > 2000 ? 2 : 3.2) * Math.sqrt(view.scale));
  dots(genre, size, false);
  if (genre >= 0) dots(genre, size + 1, true);
  for (const [row, word] of said()) mark(row, word === "liked" ? "♥" : "×", colour(word === "liked" ? "--mt-gold" : "--mt-quiet"));
  picks().forEach((row, at) => mark(row, String(at + 1), colour("--mt-accent")));
  const you = props.value?.places?.[model()];
  if (you) badge(place(...you), "you", colour("--body-text-color"), 17);
  if (hovered >= 0) ring(hovered);
}

function dots(genre, size, lit) {
  pen.fillStyle = colour(lit ? "--mt-gold" : "--mt-dot");
  pen.globalAlpha = lit ? 0.9 : genre >= 0 ? 0.3 : 0.6;
  const xy = points();
  const unit = half() * view.scale;
  const [left, top] = [canvas.clientWidth / 2 - view.x * unit, canvas.clientHeight / 2 + view.y * unit];
  for (let row = 0; row < films.ids.length; row += 1) {
    if (lit && !films.genres[row].includes(genre)) continue;
    const x = left + xy[2 * row] * unit;
    const y = top - xy[2 * row + 1] * unit;
    if (x >= -8 && y >= -8 && x <= canvas.clientWidth + 8 && y <= canvas.clientHeight + 8) {
      pen.fillRect(x - size / 2, y - size / 2, size, size);
    }
  }
  pen.globalAlpha = 1;
}

function mark(row, words, fill) {
  if (!Number.isNaN(points()[2 * row])) badge(placed(row), words, fill, 10);
}

function badge([x, y], words, fill, radius) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fillStyle = fill;
  pen.fill();
  pen.lineWidth = 1.5;
  pen.strokeStyle = colour("--background-fill-primary");
  pen.stroke();
  pen.fillStyle = colour("--background-fill-primary");
  pen.font = "600 11px system-ui, sans-serif";
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(words, x, y + 0.5);
}

function ring(row) {
  const [x, y] = placed(row);
  pen.beginPath();
  pen.arc(x, y, 13, 0, 2 * Math.PI);
  pen.lineWidth = 2.5;
  pen.strokeStyle = colour("--body-text-color");
  pen.stroke();
}

// Row of the film nearest to a point of the canvas, marked films first; -1 where none is within reach.
function nearest(x, y, reach) {
  if (!films || !points()) return -1;
  const near = (rows) => {
    let best = -1;
    let least = reach * reach;
    for (const row of rows) {
      const [px, py] = placed(row);
      const distance = (px - x) ** 2 + (py - y) ** 2;
      if (distance < least) [best, least] = [row, distance];
    }
    return best;
  };
  const marked = near([...picks(), ...said().map(([row]) => row)]);
  return marked >= 0 ? marked : near(films.ids.keys());
}

function hover(row) {
  hovered = row;
  tip.hidden = row < 0;
  canvas.style.cursor = row < 0 ? "grab" : "pointer";
  if (row >= 0) {
    const parts = [document.createElement("span")];
    parts[0].textContent = films.titles[row];
    if (films.posters[row]) {
      const poster = new Image(48, 72);
      poster.src = `posters/${encodeURIComponent(films.ids[row])}.jpg`;
      poster.alt = "";
      parts.unshift(poster);
    }
    tip.replaceChildren(...parts);
    const [x, y] = placed(row);
    tip.style.left = `${Math.min(Math.max(x, 90), canvas.clientWidth - 90)}px`;
    tip.style.top = `${y}px`;
    tip.classList.toggle("mt-below", y < 130);
  }
  later();
}

function zoom(factor, x = canvas.clientWidth / 2, y = canvas.clientHeight / 2) {
  const scale = Math.min(MOST_ZOOM, Math.max(1, view.scale * factor));
  const unit = half();
  const [dx, dy] = [x - canvas.clientWidth / 2, canvas.clientHeight / 2 - y];
  view = { scale, x: view.x + (dx / unit) * (1 / view.scale - 1 / scale), y: view.y + (dy / unit) * (1 / view.scale - 1 / scale) };
  if (scale === 1) view = { x: 0, y: 0, scale };
  canvas.style.touchAction = scale === 1 ? "pan-y" : "none";
  hover(-1);
}

// A line of the list beside the map; the map shows its film while the line has the focus or the pointer.
function line(row, words) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.act = "open";
  button.dataset.movie = films.ids[row];
  button.textContent = words;
  const there = !Number.isNaN(points()[2 * row]);
  button.addEventListener("focus", () => there && hover(row));
  button.addEventListener("mouseenter", () => there && hover(row));
  button.addEventListener("blur", () => hover(-1));
  button.addEventListener("mouseleave", () => hover(-1));
  item.append(button);
  return item;
}

function fillList() {
  const words = { liked: "♥ liked:", not: "× not for you:" };
  const judged = said().slice(-20).map(([row, word]) => line(row, `${words[word]} ${films.titles[row]}`));
  const chosen = picks().map((row, at) => line(row, `${at + 1}. ${films.titles[row]}`));
  const nothing = document.createElement("li");
  nothing.textContent = "Say what you like, and you and your picks appear here.";
  list.replaceChildren(...(chosen.length + judged.length ? [...chosen, ...judged] : [nothing]));
}

async function show() {
  if (!props.value?.models) return;
  if (!field("model").options.length) {
    field("model").replaceChildren(...props.value.models.map(([name, words]) => new Option(words, name)));
    field("genre").append(...props.value.genres.map((name, at) => new Option(name, String(at))));
  }
  field("damaged").textContent = props.value.damaged.join(" ");
  if (!props.value.models.length) return;
  films ??= await server.atlas_films(null);
  const name = model();
  if (!positions[name]) {
    const bytes = Uint8Array.from(atob((await server.atlas_points(name)).positions), (letter) => letter.charCodeAt(0));
    positions[name] = new Float32Array(bytes.buffer);
  }
  if (name !== model()) return;
  fillList();
  hover(-1);
}

let from = null;
let moved = false;
const fingers = new Map();
const at = (event) => [event.offsetX, event.offsetY];

// Two fingers zoom by as much as they part, about the point between them.
function pinch(event) {
  const spread = () => {
    const [[ax, ay], [bx, by]] = fingers.values();
    return [Math.hypot(ax - bx, ay - by), (ax + bx) / 2, (ay + by) / 2];
  };
  const [before] = spread();
  fingers.set(event.pointerId, at(event));
  const [now, x, y] = spread();
  moved = true;
  zoom(now / Math.max(1, before), x, y);
}

canvas.addEventListener("pointerdown", (event) => {
  if (event.pointerType === "touch") fingers.set(event.pointerId, at(event));
  from = at(event);
  moved = fingers.size > 1;
});
canvas.addEventListener("pointermove", (event) => {
  if (fingers.size === 2 && fingers.has(event.pointerId)) return pinch(event);
  const [x, y] = at(event);
  if (!from || !(event.buttons & 1)) return hover(nearest(x, y, 14));
  moved ||= Math.hypot(x - from[0], y - from[1]) > 4;
  if (!moved || view.scale === 1) return;
  canvas.setPointerCapture(event.pointerId);
  const unit = half() * view.scale;
  view = { ...view, x: view.x - (x - from[0]) / unit, y: view.y + (y - from[1]) / unit };
  from = [x, y];
  hover(-1);
});
canvas.addEventListener("pointerup", (event) => {
  fingers.delete(event.pointerId);
  const row = nearest(...at(event), 18);
  if (from && !moved && row >= 0) document.dispatchEvent(new CustomEvent("mt-open", { detail: films.ids[row] }));
  from = null;
});
for (const gone of ["pointercancel", "pointerleave"]) {
  canvas.addEventListener(gone, (event) => {
    fingers.delete(event.pointerId);
    hover(-1);
  });
}
canvas.addEventListener("wheel", (event) => {
  event.preventDefault();
  zoom(Math.exp(-event.deltaY / 300), ...at(event));
}, { passive: false });
field("in").addEventListener("click", () => zoom(1.8));
field("out").addEventListener("click", () => zoom(1 / 1.8));
field("all").addEventListener("click", () => zoom(0));
field("model").addEventListener("change", () => {
  zoom(0);
  show();
});
field("genre").addEventListener("change", later);
new ResizeObserver(later).observe(stage);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", later);
watch("value", show);
