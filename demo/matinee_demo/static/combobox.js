"use strict";
// A field for a film: `props.value` is its text, `server.offer(text)` returns films. Follows the ARIA combobox pattern.
// Titles are set as text, never as HTML.
const input = element.querySelector("input");
const list = element.querySelector("ul");
let active = -1;
let asked = 0;
let timer = 0;

function close() {
  list.hidden = true;
  active = -1;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

function point(at) {
  const options = list.children;
  if (!options.length) return;
  if (active >= 0) options[active].setAttribute("aria-selected", "false");
  active = (at + options.length) % options.length;
  options[active].setAttribute("aria-selected", "true");
  options[active].scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", options[active].id);
}

function choose(item) {
  input.value = item.dataset.title;
  props.value = input.value;
  asked += 1;
  close();
}

function option(film, at) {
  const item = document.createElement("li");
  item.id = `${list.id}-${at}`;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  item.dataset.title = film.title;
  const picture = document.createElement(film.poster ? "img" : "span");
  picture.className = "mt-film-poster";
  if (film.poster) {
    picture.src = film.poster;
    picture.alt = "";
  }
  const title = document.createElement("span");
  title.textContent = film.title;
  item.append(picture, title);
  return item;
}

async function offer() {
  const mine = ++asked;
  const typed = input.value.trim();
  const films = typed ? await server.offer(typed) : [];
  if (mine !== asked) return;
  close();
  list.replaceChildren(...films.map(option));
  if (films.length) {
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  }
}

function changed() {
  props.value = input.value;
  clearTimeout(timer);
  timer = setTimeout(offer, 120);
}

input.addEventListener("input", changed);
input.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown" && list.hidden) offer();
  else if (event.key === "ArrowDown") point(active + 1);
  else if (event.key === "ArrowUp" && !list.hidden) point(active < 0 ? -1 : active - 1);
  else if (event.key === "Escape") close();
  else if (event.key === "Enter" && active >= 0) choose(list.children[active]);
  else return;
  event.preventDefault();
});
input.addEventListener("blur", close);
list.addEventListener("mousedown", (event) => event.preventDefault());
list.addEventListener("click", (event) => {
  const chosen = event.target.closest("li");
  if (chosen) choose(chosen);
});
watch("value", () => {
  if (input.value !== props.value) input.value = props.value ?? "";
});
if (input.value) changed(); // text that was typed before this script ran
