"use strict";
// Every button in the page's own HTML says with data-act what it does. This sends it to the server as an event: "act"
// changes the taste, "wall" shows other films on the wall, "open" asks for a film's details, "closed" says that they were
// closed, "save" asks for picks as a file or for a link to the taste.
const asked = (data) => ({ act: "", movie: "", said: "", kind: "", key: "", ...data });

function openFilm(movie) {
  document.querySelector("dialog.mt-dialog").dispatchEvent(new CustomEvent("mt-show", { detail: movie }));
  trigger("open", asked({ movie }));
}

function change(data) {
  trigger("act", data);
  document.dispatchEvent(new CustomEvent("mt-changed"));
}

const actions = {
  open: (button) => openFilm(button.dataset.movie),
  wall: () => trigger("wall", {}),
  say: (button) => {
    const data = asked(button.dataset);
    button.dispatchEvent(new CustomEvent("mt-pressed", { bubbles: true })); // presses.js may change the button
    change(data);
  },
  forget: (button) => change(asked(button.dataset)),
  "start over": (button) => change(asked(button.dataset)),
  undo: (button) => change(asked(button.dataset)),
  save: (button) => trigger("save", asked({ kind: button.dataset.kind })),
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) actions[button.dataset.act]?.(button);
});
document.addEventListener("mt-open", (event) => openFilm(event.detail));
document.addEventListener("mt-closed", () => trigger("closed", {}));
