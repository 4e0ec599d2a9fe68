// The tie between the ink on the page and the panel: pointing at one lights up the other.

import { sheets } from "./sheets.js";
import { on, revealInk } from "./viewer.js";

const REST = 180; // milliseconds that a pointer rests before the page follows, so that crossing the panel does not shake it
let chosen = null;
let lit = null;
let resting = 0;

export const panel = () => document.getElementById("panel");
const withInk = (id) => `[data-ink="${CSS.escape(id)}"]`;

export function chosenInk() {
  return chosen;
}

function mark(id, name, present) {
  for (const element of document.querySelectorAll(withInk(id))) element.classList.toggle(name, present);
}

// `ink`: bring its ink into view; `card`: bring its place in the panel into view.
export function choose(id, { ink = true, card = true } = {}) {
  if (chosen !== id) {
    if (chosen) mark(chosen, "chosen", false);
    chosen = id;
    mark(id, "chosen", true);
  }
  document.dispatchEvent(new CustomEvent("chart:chosen"));
  if (ink) revealInk(id);
  const inPanel = panel().querySelector(`${withInk(id)}[data-entity]`) || panel().querySelector(withInk(id));
  if (card && inPanel) inPanel.scrollIntoView({ block: "nearest", behavior: "smooth" });
}

// After something new was put into the page, what is chosen is chosen there too.
export function chooseAgain() {
  if (chosen) mark(chosen, "chosen", true);
}

function light(id) {
  if (lit === id) return;
  if (lit) mark(lit, "lit", false);
  lit = id;
  if (id) mark(id, "lit", true);
}

document.addEventListener("pointerover", (event) => {
  const id = event.target.closest?.("[data-ink]")?.dataset.ink ?? null;
  clearTimeout(resting);
  light(id);
  if (id && event.target.closest("#panel")) resting = setTimeout(() => revealInk(id), REST);
});

document.addEventListener("focusin", (event) => {
  const target = event.target.closest("#panel [data-ink]");
  if (target && target.dataset.ink !== chosen) choose(target.dataset.ink, { card: false });
});

document.addEventListener("click", (event) => {
  const card = event.target.closest("#panel [data-entity]");
  if (card && card.dataset.ink !== chosen) choose(card.dataset.ink, { card: false });
});

on("click", (x, y) => {
  const ink = document.elementsFromPoint(x, y).find((element) => element.closest(".ink"));
  if (ink) choose(ink.closest(".ink").dataset.ink, { ink: false });
});

// --- the drawing, when the server draws something else ---------------------------------------

let drawing = panel().dataset.drawing;

export async function drawAgain() {
  if (panel().dataset.drawing === drawing) return;
  const wanted = panel().dataset.drawing;
  const answer = await fetch(`${location.pathname}/drawing`);
  if (!answer.ok) return;
  drawing = wanted;
  const found = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const sheet of sheets) {
    const layer = found.querySelector(`.ink-layer[data-page="${sheet.number}"]`);
    if (layer) for (const name of ["lines", "marks", "findings", "doubts"]) replace(sheet, layer, name);
  }
  chooseAgain();
}

function replace(sheet, layer, name) {
  sheet.layer.querySelector(`:scope > .${name}`).replaceWith(layer.querySelector(`:scope > .${name}`));
}
