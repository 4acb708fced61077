// Runs once in the page. Every button inside the page's own HTML says with data-act what it does; this sends it to the
// page as an event: "act" changes the taste, "wall" turns the wall, "open" asks for a film's details, "closed" says that
// they were put away, "save" asks for something to take home, "restore" tells the taste in the link that was opened.
// It also scrolls rows, takes pasted posters, and marks the page while the picks are in view.
const asked = (data) => ({ act: "", movie: "", said: "", kind: "", key: "", ...data });
const detail = () => document.querySelector("dialog.mt-dialog");

function open(movie) {
  detail().dispatchEvent(new CustomEvent("mt-show", { detail: movie }));
  trigger("open", asked({ movie }));
}

function act(data) {
  trigger("act", data);
  document.dispatchEvent(new CustomEvent("mt-told"));
}

// A press shows at once; the answer of the page then puts every button right.
function press(button) {
  if (button.matches(".mt-brick")) return turn(button);
  const pressed = button.getAttribute("aria-pressed") === "true";
  for (const other of button.parentElement.children) other.setAttribute("aria-pressed", "false");
  button.setAttribute("aria-pressed", String(!pressed));
}

// The films of the wall go round: no opinion, liked, not for me.
const NEXT = { open: ["liked", "not"], liked: ["not", "not"], not: ["open", "liked"] };

function turn(brick) {
  const now = Object.keys(NEXT).find((state) => brick.classList.contains(`mt-${state}`)) ?? "open";
  const [state, said] = NEXT[now];
  brick.classList.replace(`mt-${now}`, `mt-${state}`);
  brick.dataset.said = said;
}

const acts = {
  open: (button) => open(button.dataset.movie),
  wall: () => trigger("wall", {}),
  say: (button) => {
    const data = asked(button.dataset);
    press(button);
    act(data);
  },
  forget: (button) => act(asked(button.dataset)),
  "start over": (button) => act(asked(button.dataset)),
  undo: (button) => act(asked(button.dataset)),
  save: (button) => trigger("save", asked({ kind: button.dataset.kind })),
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  acts[button.dataset.act]?.(button);
  if (button.matches(".mt-step")) {
    const cards = button.parentElement.querySelector(".mt-cards");
    cards.scrollBy({ left: Number(button.dataset.step) * cards.clientWidth * 0.85, behavior: "smooth" });
  }
  if (button.matches(".mt-goto")) document.getElementById("mt-picks").scrollIntoView({ behavior: "smooth" });
});

// Along a row with the arrow keys: from a button of one card to the same button of another. Tab stops only at the card
// that was last in use.
const buttons = (card) => [...card.querySelectorAll("button")];

document.addEventListener("focusin", (event) => {
  const card = event.target.closest?.(".mt-cards > li");
  if (!card) return;
  for (const other of card.parentElement.children) for (const button of buttons(other)) button.tabIndex = other === card ? 0 : -1;
});
document.addEventListener("keydown", (event) => {
  const card = event.target.closest?.(".mt-cards > li");
  if (!card || event.altKey || event.ctrlKey || event.metaKey) return;
  const cards = card.parentElement;
  const to = {
    ArrowRight: card.nextElementSibling,
    ArrowLeft: card.previousElementSibling,
    Home: cards.firstElementChild,
    End: cards.lastElementChild,
  }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  if (to) buttons(to)[buttons(card).indexOf(event.target)]?.focus();
});

// What the page writes anew takes the focus away with it; here it comes back: to the same button of what now stands
// there, or, where there is none, to the list of what was told.
const AREAS = "#mt-told, #mt-wall, #mt-shelves, .mt-film-page, [data-model]";
let focusedAt = null;

function spot(target) {
  const area = target.closest?.(AREAS);
  if (!area || !(target.dataset.act || target.id)) return null;
  const { act, kind } = target.dataset;
  const same = target.id ? `#${target.id}` : `[data-act="${act}"]${kind ? `[data-kind="${kind}"]` : ""}`;
  const named = area.id ? `#${area.id}` : area.dataset.model ? `[data-model="${area.dataset.model}"]` : ".mt-film-page";
  return { named, same, at: [...area.querySelectorAll(same)].indexOf(target) };
}

function comeBack() {
  if (!focusedAt || document.activeElement !== document.body) return;
  const area = document.querySelector(focusedAt.named);
  if (area?.querySelector("[aria-busy]")) return;
  const there = [...(area?.querySelectorAll(focusedAt.same) ?? [])];
  const to = there[Math.min(focusedAt.at, there.length - 1)] ?? document.querySelector("#mt-told h2");
  to?.focus({ preventScroll: true });
}

document.addEventListener("focusin", (event) => { focusedAt = spot(event.target); });
document.addEventListener("pointerdown", () => { focusedAt = null; }, true);
new MutationObserver(comeBack).observe(document.body, { childList: true, subtree: true });

document.addEventListener("mt-open", (event) => open(event.detail));
document.addEventListener("mt-closed", () => trigger("closed", {}));

// A picture pasted anywhere is a poster that the visitor likes, as if dropped on the field for posters; on the tab of
// the poster lab it goes there. gradio builds a tab's fields when it is first looked at.
const fileField = (name) => document.querySelector(`${name} input[type=file]`);

async function posterField() {
  if (document.querySelector("#mt-lab-poster")?.offsetParent) return fileField("#mt-lab-poster");
  const tabs = [...document.querySelectorAll("#mt-tabs [role=tab]")];
  tabs.find((tab) => tab.textContent.trim() === "Poster")?.click();
  for (let tries = 0; tries < 100 && !fileField("#mt-poster"); tries += 1) await new Promise(requestAnimationFrame);
  return fileField("#mt-poster");
}

document.addEventListener("paste", async (event) => {
  const files = [...(event.clipboardData?.files ?? [])].filter((file) => file.type.startsWith("image/"));
  if (!files.length) return;
  event.preventDefault();
  const field = await posterField();
  if (!field) return;
  const given = new DataTransfer();
  for (const file of field.multiple ? files : files.slice(0, 1)) given.items.add(file);
  field.files = given.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
});

function restore() {
  const taste = /^#taste=(.+)$/.exec(location.hash);
  if (!taste) return;
  history.replaceState(null, "", location.pathname + location.search);
  trigger("restore", { taste: decodeURIComponent(taste[1]) });
}
addEventListener("hashchange", restore);
setTimeout(restore);

const inView = new IntersectionObserver(
  ([entry]) => document.getElementById("mt-page").classList.toggle("mt-picks-seen", entry.isIntersecting),
  { rootMargin: "0px 0px -45% 0px" },
);
(function watchPicks() {
  const picks = document.getElementById("mt-picks"); // gradio may build it after this
  if (picks) inView.observe(picks);
  else requestAnimationFrame(watchPicks);
})();
