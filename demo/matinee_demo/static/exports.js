"use strict";
// Exports: `props.value` is the text of a file, which is made here in the browser so that the server keeps none, or a
// taste to put into a link to this page.
const status = document.createElement("p");
status.className = "mt-hint";
status.setAttribute("role", "status");
const link = document.createElement("input");
link.readOnly = true;
link.hidden = true;
link.setAttribute("aria-label", "Link to this taste");
link.addEventListener("focus", () => link.select());
element.after(link, status);

function save({ name, text }) {
  const anchor = document.createElement("a");
  anchor.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 10_000);
  return `Saved as ${name}.`;
}

// The taste stands behind "#", which browsers never send to a server.
async function copy({ text }) {
  link.value = `${location.origin}${location.pathname}#taste=${text}`;
  link.hidden = false;
  try {
    await navigator.clipboard.writeText(link.value);
    return "Copied. Anyone who opens it gets this taste.";
  } catch {
    link.focus();
    return "Copy this. Anyone who opens it gets this taste.";
  }
}

watch("value", async () => {
  const given = props.value;
  if (!given?.kind) return;
  const words = given.kind === "link" ? await copy(given) : save(given);
  if (given.kind !== "link") link.hidden = true;
  status.textContent = [words, given.note].filter(Boolean).join(" ");
});
document.addEventListener("mt-changed", () => {
  status.textContent = "";
  link.hidden = true;
});
