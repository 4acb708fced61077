"use strict";
// Scrolls a row of films by the buttons at its ends, and the page to the picks; marks the page while these are in view,
// so that the button that leads to them can go.
document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.matches(".mt-step")) {
    const cards = button.parentElement.querySelector(".mt-cards");
    cards.scrollBy({ left: Number(button.dataset.step) * cards.clientWidth * 0.85, behavior: "smooth" });
  }
  if (button?.matches(".mt-goto")) document.getElementById("mt-picks").scrollIntoView({ behavior: "smooth" });
});

const inView = new IntersectionObserver(
  ([entry]) => document.getElementById("mt-page").classList.toggle("mt-picks-seen", entry.isIntersecting),
  { rootMargin: "0px 0px -45% 0px" },
);
(function watchPicks() {
  const picks = document.getElementById("mt-picks"); // gradio may build it after this
  if (picks) inView.observe(picks);
  else requestAnimationFrame(watchPicks);
})();
