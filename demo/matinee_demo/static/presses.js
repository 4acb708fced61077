"use strict";
// Shows at once that a button was pressed; the server's answer then replaces every button by its true state.

// What a click makes of a film of the wall, and what the click after it says, stands in the page (wall.TURNS).
function turn(brick) {
  const turns = JSON.parse(brick.closest(".mt-wall").dataset.turns);
  const now = Object.keys(turns).find((state) => brick.classList.contains(`mt-${state}`));
  const [state, said] = turns[now];
  brick.classList.replace(`mt-${now}`, `mt-${state}`);
  brick.dataset.said = said;
}

function toggle(button) {
  const pressed = button.getAttribute("aria-pressed") === "true";
  for (const other of button.parentElement.children) other.setAttribute("aria-pressed", "false");
  button.setAttribute("aria-pressed", String(!pressed));
}

document.addEventListener("mt-pressed", ({ target }) => (target.matches(".mt-brick") ? turn(target) : toggle(target)));
