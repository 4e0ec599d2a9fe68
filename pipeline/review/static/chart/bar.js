// The bar above the page, the thumbnails beside it, and their keys.

import { bind } from "./keys.js";
import { sheets } from "./sheets.js";
import { loadAhead, moveBy, on, show, step, turn, zoom } from "./viewer.js";

const STEP = 80; // pixels of the screen that an arrow moves the page
const thumbs = [...document.querySelectorAll(".thumb")];
const where = document.getElementById("where-page");
const foot = document.getElementById("page-foot");

document.getElementById("view").addEventListener("click", (event) => {
  const button = event.target.closest(".bar button");
  if (button?.dataset.zoom) zoom(button.dataset.zoom);
  if (button?.dataset.turn) turn(Number(button.dataset.turn));
  if (button?.dataset.pageStep) step(Number(button.dataset.pageStep));
});

for (const thumb of thumbs) {
  thumb.addEventListener("click", (event) => {
    event.preventDefault();
    show(thumb.dataset.page);
  });
}

on("page", (sheet) => {
  const own = sheets.filter((one) => one.place === "own");
  const place = own.indexOf(sheet);
  where.textContent = place < 0 ? `page ${sheet.number}` : `${place + 1} of ${own.length}`;
  foot.replaceChildren(...[...sheet.foot.childNodes].map((node) => node.cloneNode(true)));
  for (const thumb of thumbs) {
    const here = Number(thumb.dataset.page) === sheet.number;
    thumb.classList.toggle("here", here);
    if (here) thumb.setAttribute("aria-current", "page");
    else thumb.removeAttribute("aria-current");
    if (here) thumb.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  for (const button of document.querySelectorAll("[data-page-step]")) {
    button.disabled = place >= 0 && !own[place + Number(button.dataset.pageStep)];
  }
});

bind("PageDown", () => step(1));
bind("PageUp", () => step(-1));
const arrows = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
for (const [key, [right, down]] of Object.entries(arrows)) {
  // In the panel the arrows scroll the panel.
  bind(key, (event) => (event.target.closest("#panel, .thumbs") ? false : moveBy(right, down)));
}

// Thumbnails come one after another once the page itself has arrived: the coder waits for that one.
let begun = false;
on("picture", async () => {
  if (begun) return loadAhead();
  begun = true;
  await fill(thumbs.filter((thumb) => !thumb.closest("details")));
  loadAhead();
});
for (const details of document.querySelectorAll(".thumbs details")) {
  details.addEventListener("toggle", () => fill([...details.querySelectorAll(".thumb")]));
}

async function fill(row) {
  for (const thumb of row.filter((one) => !one.querySelector("img"))) {
    const image = new Image();
    image.alt = "";
    thumb.append(image);
    await new Promise((done) => {
      image.onload = done;
      image.onerror = () => done(image.remove());
      image.src = thumb.dataset.src;
    });
  }
}
