"use strict";
// A picture pasted anywhere is a poster that the visitor likes, as if dropped on the field for posters; on the tab of
// the poster lab it goes there. gradio builds a tab's fields when it is first opened.
const fileField = (name) => document.querySelector(`${name} input[type=file]`);

async function posterField() {
  if (document.querySelector("#mt-lab-poster")?.offsetParent) return fileField("#mt-lab-poster");
  const tabs = [...document.querySelectorAll("#mt-tabs [role=tab]")];
  tabs.find((tab) => tab.textContent.trim() === "Poster")?.click();
  for (let tries = 0; tries < 100 && !fileField("#mt-poster"); tries += 1) await new Promise(requestAnimationFrame);
  return fileField("#mt-poster");
}

document.addEventListener("paste", async (event) => {
  const files = [...(event.clipboardData?.files ?? [])].filter((file) => file.type.startsWith("image/"));
  if (!files.length) return;
  event.preventDefault();
  const field = await posterField();
  if (!field) return;
  const given = new DataTransfer();
  for (const file of field.multiple ? files : files.slice(0, 1)) given.items.add(file);
  field.files = given.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
});
