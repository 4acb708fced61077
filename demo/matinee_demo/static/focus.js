"use strict";
// Where the page replaces HTML, the focus in it is lost. This gives it back: to the same button of what now stands there
// or, where there is none, to the heading of the taste list.
const AREAS = "#mt-taste, #mt-wall, #mt-shelves, .mt-film-page, [data-model]";
let focused = null;

// Where an element with the focus is: its area, a selector of such elements, and which of them it is.
function placeOf(target) {
  const area = target.closest?.(AREAS);
  if (!area || !(target.dataset.act || target.id)) return null;
  const { act, kind } = target.dataset;
  const same = target.id ? `#${target.id}` : `[data-act="${act}"]${kind ? `[data-kind="${kind}"]` : ""}`;
  const model = area.dataset.model ? `[data-model="${area.dataset.model}"]` : ".mt-film-page";
  return { area: area.id ? `#${area.id}` : model, same, at: [...area.querySelectorAll(same)].indexOf(target) };
}

function giveBack() {
  if (!focused || document.activeElement !== document.body) return;
  const area = document.querySelector(focused.area);
  if (area?.querySelector("[aria-busy]")) return;
  const there = [...(area?.querySelectorAll(focused.same) ?? [])];
  const to = there[Math.min(focused.at, there.length - 1)] ?? document.querySelector("#mt-taste h2");
  to?.focus({ preventScroll: true });
}

document.addEventListener("focusin", (event) => {
  focused = placeOf(event.target);
});
document.addEventListener(
  "pointerdown",
  () => {
    focused = null;
  },
  true,
);
new MutationObserver(giveBack).observe(document.body, { childList: true, subtree: true });
