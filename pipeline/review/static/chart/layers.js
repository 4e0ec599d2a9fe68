// Which layers are drawn over the page, and by what lines are coloured. This tab remembers it.

import { bind } from "./keys.js";
import { remember, remembered } from "./remember.js";
import { on, shownSheet } from "./viewer.js";
import { linesOf } from "./words.js";

const view = document.getElementById("view");
const form = document.getElementById("layers");
const NAMES = ["lines", "words", "findings", "marks", "doubts"];
const STEPS = [50, 70, 85, 95]; // as the server has them

const kept = remembered("layers", null);
if (kept) {
  for (const name of NAMES) form.elements[name].checked = kept[name] ?? form.elements[name].checked;
  if (kept.colour) form.elements.colour.value = kept.colour;
}

form.addEventListener("change", () => {
  apply();
  const layers = Object.fromEntries(NAMES.map((name) => [name, form.elements[name].checked]));
  remember("layers", { ...layers, colour: form.elements.colour.value });
});
form.addEventListener("submit", (event) => event.preventDefault());

bind("v", () => {
  form.elements.colour.value = form.elements.colour.value === "kind" ? "sure" : "kind";
  form.dispatchEvent(new Event("change"));
});

on("page", drawWords);

function apply() {
  for (const name of NAMES) view.classList.toggle(`no-${name}`, !form.elements[name].checked);
  view.classList.toggle("in-steps", form.elements.colour.value === "sure" || form.elements.words.checked);
  view.classList.toggle("lines-in-steps", form.elements.colour.value === "sure");
  drawWords();
}

// Every word in the colour of its confidence; they are many, so they are drawn only where somebody wants them.
export async function drawWords() {
  const sheet = shownSheet();
  if (!form.elements.words.checked || !sheet) return;
  const lines = await linesOf(sheet.number);
  const group = sheet.layer.querySelector(":scope > .words");
  group.replaceChildren(...lines.flatMap((line) => line.words).map(rectOf));
}

function rectOf(word) {
  const [x0, y0, x1, y1] = word.box;
  const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  const title = document.createElementNS("http://www.w3.org/2000/svg", "title");
  const attributes = { x: x0, y: y0, width: x1 - x0, height: y1 - y0 };
  for (const [name, value] of Object.entries(attributes)) rect.setAttribute(name, value);
  if (word.sure !== null) {
    rect.dataset.sure = word.sure;
    rect.classList.add(`s${STEPS.filter((step) => word.sure >= step).length}`);
  }
  title.textContent = word.sure === null ? word.text : `${word.text}: ${word.sure} % sure`;
  rect.append(title);
  return rect;
}

apply();
