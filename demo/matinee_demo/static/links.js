"use strict";
// Opens the taste in a link: sends what stands behind "#taste=" to the server and takes it out of the address.
function restore() {
  const taste = /^#taste=(.+)$/.exec(location.hash);
  if (!taste) return;
  history.replaceState(null, "", location.pathname + location.search);
  trigger("restore", { taste: decodeURIComponent(taste[1]) });
}

addEventListener("hashchange", restore);
setTimeout(restore);
