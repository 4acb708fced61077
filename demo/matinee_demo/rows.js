// Runs once in the component that shows the picks: the two buttons of a row scroll it by about one screen.
element.addEventListener("click", (event) => {
  const button = event.target.closest(".mt-step");
  if (!button) return;
  const cards = button.parentElement.querySelector(".mt-cards");
  cards.scrollBy({ left: Number(button.dataset.step) * cards.clientWidth * 0.85, behavior: "smooth" });
});
