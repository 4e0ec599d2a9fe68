// The clerk's page stays as the inbox is: parts that changed are put in place of the old ones, all else stays untouched.
"use strict";

const EVERY = 2000;
const kept = new Map(); // what the server last said of each part
const parts = (root) => [...root.querySelectorAll("[data-part]")];
const live = () => document.getElementById("live");
let said = live().dataset.said;

for (const part of parts(document)) kept.set(part.id, part.outerHTML);

function put(fresh) {
  const old = document.getElementById(fresh.id);
  const words = fresh.outerHTML;
  if (!old || kept.get(fresh.id) === words || "keep" in fresh.dataset) return;
  kept.set(fresh.id, words);
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  // A picture that is loaded stays: loading it once more would make the page flicker.
  for (const picture of fresh.querySelectorAll("img[id]")) {
    const loaded = old.querySelector(`#${CSS.escape(picture.id)}`);
    if (loaded && loaded.getAttribute("src") === picture.getAttribute("src")) picture.replaceWith(loaded);
  }
  old.replaceWith(fresh);
  htmx.process(fresh);
  if (!focused) return;
  const same = focused.id && document.getElementById(focused.id);
  (same || fresh.querySelector("h2") || document.querySelector("h1")).focus({ preventScroll: true });
}

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target !== live()) return;
  event.detail.shouldSwap = false;
  document.getElementById("trouble").hidden = true;
  const root = new DOMParser().parseFromString(event.detail.serverResponse, "text/html").getElementById("live");
  if (!root) return;
  for (const part of parts(root)) put(document.adoptNode(part));
  if (root.dataset.said === said) return;
  said = root.dataset.said;
  document.getElementById("said").textContent = said;
});

for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(name, () => (document.getElementById("trouble").hidden = false));
}

setInterval(() => {
  // A button that is just pressed must not be taken from under the finger.
  if (document.visibilityState === "visible" && !document.querySelector("button:active, a:active")) htmx.trigger(live(), "poll");
}, EVERY);
