// Drawing a box around what was missed, and typing what it says.

import { AtInk, fillIn } from "./at_ink.js";
import { chosenInk } from "./ink.js";
import { askFirst, typing } from "./keys.js";
import { boxesOf, cropOf } from "./sheets.js";
import { acrossPage, shownSheet, toPage } from "./viewer.js";

const SMALLEST = 4; // pixels of the page: less is a slip of the hand
const STEP = 6; // pixels of the page that an arrow moves the box
const stage = document.getElementById("stage");
const button = document.getElementById("draw");
const hint = document.getElementById("drawing-hint");
const asking = document.getElementById("drawn");
const form = asking?.querySelector("form");
const board = document.createElement("div");
let at = null;
let from = null;
let box = null;

function start() {
  at.close();
  board.hidden = hint.hidden = false;
  button.setAttribute("aria-pressed", "true");
}

function stop() {
  board.hidden = hint.hidden = true;
  from = null;
  button.setAttribute("aria-pressed", "false");
  outline(null);
}

function between([ax, ay], [bx, by]) {
  return [Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by)];
}

// The box as a rectangle of the ink, so that it moves with the page.
function outline(drawn) {
  document.querySelector(".drawn-box")?.remove();
  box = drawn;
  if (!drawn) return;
  const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  const [x0, y0, x1, y1] = drawn;
  const attributes = { class: "drawn-box", x: x0, y: y0, width: x1 - x0, height: y1 - y0 };
  for (const [name, value] of Object.entries(attributes)) rect.setAttribute(name, value);
  shownSheet().layer.append(rect);
}

function ask(drawn) {
  stop();
  outline(drawn);
  const sheet = shownSheet();
  fillIn(form, sheet.number, drawn);
  asking.querySelector(".closeup").src = cropOf(sheet, drawn);
  form.elements.text.value = "";
  at.show(drawn, form.elements.text);
}

// Without a pointer: around the chosen finding, else in the middle of what is seen of the page.
function boxByKey() {
  const sheet = shownSheet();
  const [chosen] = chosenInk() ? boxesOf(sheet, chosenInk()) : [];
  if (chosen) return kept(chosen);
  const frame = stage.getBoundingClientRect();
  const corner = (x, y) => toPage(frame.left + frame.width * x, frame.top + frame.height * y);
  return between(corner(0.3, 0.45), corner(0.7, 0.55));
}

function kept([x0, y0, x1, y1]) {
  const { width, height } = shownSheet();
  return [Math.max(0, x0), Math.max(0, y0), Math.min(width, x1), Math.min(height, y1)];
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// Arrows go as the page is seen, whichever way it lies.
function nudge(event) {
  const by = acrossPage(...ARROWS[event.key]).map((part) => Math.sign(Math.round(part)) * STEP);
  const [x0, y0, x1, y1] = box;
  const grown = event.shiftKey ? [x0, y0, x1 + by[0], y1 + by[1]] : [x0 + by[0], y0 + by[1], x1 + by[0], y1 + by[1]];
  const moved = kept(grown);
  if (moved[2] - moved[0] < SMALLEST || moved[3] - moved[1] < SMALLEST) return;
  outline(moved);
  fillIn(form, shownSheet().number, moved);
  asking.querySelector(".closeup").src = cropOf(shownSheet(), moved);
  at.move(moved);
}

export function enableDrawing() {
  if (!button) return; // a signed chart is not written on
  at = new AtInk(asking);
  board.className = "board";
  board.hidden = true;
  stage.append(board);
  button.addEventListener("click", () => (board.hidden ? start() : stop()));
  asking.addEventListener("shut", () => outline(null));
  form.addEventListener("htmx:afterRequest", (event) => event.detail.successful && at.close());

  board.addEventListener("pointerdown", (event) => {
    board.setPointerCapture(event.pointerId);
    from = toPage(event.clientX, event.clientY);
  });
  board.addEventListener("pointermove", (event) => from && outline(between(from, toPage(event.clientX, event.clientY))));
  board.addEventListener("pointerup", (event) => {
    if (!from) return;
    const drawn = between(from, toPage(event.clientX, event.clientY));
    from = null;
    if (drawn[2] - drawn[0] >= SMALLEST && drawn[3] - drawn[1] >= SMALLEST) ask(drawn);
    else outline(null);
  });

  askFirst((event) => {
    if (document.querySelector("dialog[open]")) return false;
    if (at.open && event.altKey && event.key in ARROWS) nudge(event);
    else if (at.open && event.key === "Escape") at.close();
    else if (board.hidden || typing(event)) return false;
    else if (event.key === "Escape") stop();
    else if (event.key === "Enter") ask(boxByKey());
    else return false;
    return true;
  });
}
