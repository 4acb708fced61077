"use strict";
// Along a row of films with the arrow keys: from a button of one card to the same button of another. Tab stops only at
// the card that was last in use.
const buttons = (card) => [...card.querySelectorAll("button")];

document.addEventListener("focusin", (event) => {
  const card = event.target.closest?.(".mt-cards > li");
  if (!card) return;
  for (const other of card.parentElement.children) {
    for (const button of buttons(other)) button.tabIndex = other === card ? 0 : -1;
  }
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
