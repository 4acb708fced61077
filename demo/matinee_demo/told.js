// Runs once in the component that lists what the visitor told: sends "forget" for a button with data-kind, and brings the
// picks into view on narrow screens, where they lie below.
element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.kind) trigger("forget", { kind: button.dataset.kind, position: Number(button.dataset.position) });
  else document.getElementById("mt-picks").scrollIntoView({ behavior: "smooth" });
});
