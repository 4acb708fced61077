// Runs once in the component that shows the picks. The two buttons of a row scroll it by about one screen; and the body
// carries mt-picks-seen while a good part of the picks is in view, which hides the button that leads to them.
element.addEventListener("click", (event) => {
  const button = event.target.closest(".mt-step");
  if (!button) return;
  const cards = button.parentElement.querySelector(".mt-cards");
  cards.scrollBy({ left: Number(button.dataset.step) * cards.clientWidth * 0.85, behavior: "smooth" });
});
new IntersectionObserver(([entry]) => document.body.classList.toggle("mt-picks-seen", entry.isIntersecting), {
  rootMargin: "0px 0px -45% 0px",
}).observe(element);
