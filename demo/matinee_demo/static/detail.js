"use strict";
// Puts the component with a film's details into a modal dialog. The event "mt-show" on the dialog opens it; details of
// another film are hidden until the server has answered.
const dialog = document.createElement("dialog");
dialog.className = "mt-dialog";
dialog.setAttribute("aria-labelledby", "mt-detail-title");
const close = document.createElement("button");
close.type = "button";
close.className = "mt-close";
close.setAttribute("aria-label", "Close");
close.textContent = "×";
element.before(dialog);
dialog.append(close, element);

const shown = () => element.querySelector("[data-movie]")?.dataset.movie;
let wanted = "";
let focused = "";

function arrived() {
  const there = shown() === wanted || element.querySelector(".mt-alert") !== null;
  dialog.classList.toggle("mt-loading", !there);
  if (!there || focused === wanted) return;
  focused = wanted;
  dialog.scrollTop = 0;
  for (const cards of element.querySelectorAll(".mt-cards")) cards.scrollLeft = 0;
  element.querySelector("#mt-detail-title")?.focus({ preventScroll: true });
}

dialog.addEventListener("mt-show", (event) => {
  wanted = event.detail;
  focused = "";
  if (!dialog.open) dialog.showModal();
  arrived();
});
dialog.addEventListener("close", () => document.dispatchEvent(new CustomEvent("mt-closed")));
dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close();
});
close.addEventListener("click", () => dialog.close());
watch("value", arrived);
