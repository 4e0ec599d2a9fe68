// Correcting the reading: the editor of a line opens beside the ink, by key or double click. Everything that decides
// is a form; this opens it, fills its field and presses its buttons.

import { forgetWords } from "./chart/words.js";

const editor = document.getElementById("editor");
let before = null; // what had the focus when the editor opened

const chosenCard = () => document.querySelector("#panel .card.chosen");
const field = () => editor.querySelector("#line-words");
const typing = (target) => target.matches("input:not([type=checkbox], [type=radio]), select, textarea");

function open(address) {
  htmx.ajax("GET", address, { target: "#editor", swap: "innerHTML" });
}

function leave() {
  editor.replaceChildren();
  // With the next frame: the panel may have been replaced, and what had the focus is there again under its id.
  requestAnimationFrame(() => {
    if (document.activeElement !== document.body) return;
    const back = before?.isConnected ? before : before?.id && document.getElementById(before.id);
    (back && back !== document.body ? back : chosenCard())?.focus({ preventScroll: true });
    before = null;
  });
}

function take(button) {
  const words = field().value.split(/\s+/);
  const { take: text, word, was } = button.dataset;
  const place = words[word] === was ? Number(word) : words.indexOf(was);
  if (place < 0) return;
  words[place] = text;
  button.dataset.was = text;
  for (const other of editor.querySelectorAll(`[data-word="${word}"]`)) other.dataset.was = text;
  field().value = words.join(" ");
  field().focus();
}

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id === "editor" && !editor.contains(document.activeElement)) before = document.activeElement;
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "editor") return;
  field()?.focus();
  field()?.setSelectionRange(field().value.length, field().value.length);
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.successful || event.detail.target.id !== "panel") return;
  forgetWords();
  if (event.detail.elt.matches("[data-line-form]")) leave();
});

// The panel may have been replaced since the editor opened; what the coder saw is what stands beside it now.
document.addEventListener("htmx:configRequest", (event) => {
  if (!event.detail.elt.matches("[data-line-form]")) return;
  const { reading, decision } = document.getElementById("panel").dataset;
  event.detail.parameters.reading = reading;
  event.detail.parameters.decision = decision;
});

editor.addEventListener("click", (event) => {
  const button = event.target.closest("[data-take]");
  if (button) take(button);
  if (event.target.closest("[data-leave]")) leave();
});

// Before the other keys: those of the editor are its own.
document.addEventListener(
  "keydown",
  (event) => {
    if (document.querySelector("dialog[open]")) return;
    const means = event.target.closest?.(".means[open]");
    if (event.key === "Escape" && editor.firstElementChild && (editor.contains(event.target) || !typing(event.target))) leave();
    else if (event.key === "Escape" && means) {
      means.removeAttribute("open");
      means.closest(".card").focus({ preventScroll: true });
    } else if (event.altKey && /^[1-9]$/.test(event.key) && editor.contains(event.target)) {
      const button = editor.querySelector(`[data-number="${event.key}"]`);
      if (button) take(button);
    } else if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    else if (document.querySelector("#doubt:not([hidden])")) return;
    else if (event.key === "e" && chosenCard()) chosenCard().querySelector("[data-edit-line]")?.click();
    else if (event.key === "c" && chosenCard()) {
      const details = chosenCard().querySelector(".means");
      details?.toggleAttribute("open");
      details?.querySelector(details.open ? "input[type=checkbox]" : "summary").focus();
    } else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);

document.addEventListener(
  "toggle",
  (event) => event.target.matches?.(".means[open]") && event.target.lastElementChild.scrollIntoView({ block: "nearest" }),
  true,
);

document.addEventListener("dblclick", (event) => {
  const rect = document.elementsFromPoint(event.clientX, event.clientY).find((each) => each.matches("rect.print, rect.hand"));
  const page = rect?.closest("[data-page]")?.dataset.page;
  if (!page) return;
  const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => Number(rect.getAttribute(name)));
  open(`${location.pathname}/lines/${page}/${x}-${y}-${x + width}-${y + height}`);
});
