// The words of the chart with their other readings, and the walk through those that are doubtful.

import { AtInk, fillIn } from "./at_ink.js";
import { askFirst, bind, press, typing } from "./keys.js";
import { boxOfRect, cropOf, sheetOf } from "./sheets.js";
import { on, reveal, shownSheet } from "./viewer.js";

const popover = document.getElementById("doubt");
const form = popover.querySelector("form");
const at = new AtInk(popover);
const part = (name) => popover.querySelector(`[data-${name}]`);
let loading = null;
let current = null; // { line, word }

export async function linesOf(page) {
  return (await words()).filter((line) => line.page === page);
}

function words() {
  loading ??= fetch(`${location.pathname}/words`).then((answer) => (answer.ok ? answer.json() : []));
  return loading;
}

// After a correction the words are other ones.
export function forgetWords() {
  loading = null;
}

// Unreadable words first, then the doubtful, both as they stand on the pages of the encounter.
async function doubts() {
  const own = (await words()).filter((line) => line.own);
  const found = own.flatMap((line) => line.words.filter((word) => word.doubtful).map((word) => ({ line, word })));
  return [...found.filter(({ word }) => word.unreadable), ...found.filter(({ word }) => !word.unreadable)];
}

function same(one, other) {
  return one && one.line.page === other.line.page && String(one.word.box) === String(other.word.box);
}

async function step(by) {
  const list = await doubts();
  if (!list.length) return say("No doubtful word on these pages");
  const place = list.findIndex((doubt) => same(current, doubt));
  const next = place < 0 ? (by > 0 ? 0 : list.length - 1) : (place + by + list.length) % list.length;
  open(list[next], `${list[next].word.unreadable ? "Unreadable" : "Doubtful"} word, ${next + 1} of ${list.length}`);
}

function open(doubt, count) {
  current = doubt;
  const { line, word } = doubt;
  const sheet = sheetOf(line.page);
  reveal(sheet, word.box);
  part("count").textContent = count;
  popover.querySelector(".closeup").hidden = false;
  popover.querySelector(".closeup").src = cropOf(sheet, word.box, 1.2);
  part("read").textContent = word.text || "nothing";
  part("sure").textContent = word.sure === null ? "" : `${word.sure} % sure`;
  part("others").replaceChildren(...word.alternatives.slice(0, 9).map(alternative));
  if (form) form.hidden = true;
  popover.querySelector(".edit-line")?.removeAttribute("hidden");
  outline(sheet, word.box);
  at.show(word.box);
}

function alternative([text, sure], place) {
  const item = document.createElement("li");
  const button = document.createElement(form ? "button" : "span");
  const key = document.createElement("kbd");
  const odds = document.createElement("small");
  key.textContent = place + 1;
  odds.textContent = sure === null ? "" : `${sure} %`;
  button.append(key, " ", text, " ", odds);
  if (form) {
    button.type = "button";
    button.dataset.other = place + 1;
    button.addEventListener("click", () => take(text));
  }
  item.append(button);
  return item;
}

function outline(sheet, box) {
  for (const rect of document.querySelectorAll(".doubts .current")) rect.classList.remove("current");
  const rects = [...sheet.layer.querySelectorAll(".doubts rect")];
  rects.find((rect) => String(boxOfRect(rect)) === String(box))?.classList.add("current");
}

// The line is corrected with this word in the place of the doubtful one.
function take(text) {
  const { line, word } = current;
  form.elements.text.value = line.texts.with(word.place, text).join(" ");
  fillIn(form, line.page, line.box);
  form.requestSubmit();
}

function edit() {
  const { line } = current;
  fillIn(form, line.page, line.box);
  form.elements.text.value = line.texts.join(" ");
  form.hidden = false;
  popover.querySelector(".edit-line").hidden = true;
  at.move(current.word.box);
  form.elements.text.focus();
  form.elements.text.select();
}

function say(sentence) {
  const foot = document.getElementById("page-foot");
  foot.textContent = `${sentence}.`;
}

popover.addEventListener("click", (event) => {
  const by = event.target.closest("[data-doubt]");
  if (by) step(Number(by.dataset.doubt));
  if (event.target.closest("[data-edit]")) edit();
});
popover.addEventListener("shut", () => {
  for (const rect of document.querySelectorAll(".doubts .current")) rect.classList.remove("current");
});
form?.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.successful) return;
  forgetWords();
  at.close();
});

bind("w", () => void step(1));
bind("W", () => void step(-1));
document.getElementById("next-doubt").addEventListener("click", () => step(1));

askFirst((event) => {
  if (!at.open || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return false;
  if (typing(event)) {
    if (event.key !== "Escape" || !popover.contains(event.target)) return false;
    form.hidden = true;
    popover.querySelector(".edit-line").hidden = false;
    popover.focus();
    return true;
  }
  if (event.key === "Escape") at.close();
  else if (/^[1-9]$/.test(event.key)) press(popover.querySelector(`[data-other="${event.key}"]`));
  else if (event.key === "e" && form) edit();
  else return false;
  return true;
});

// A click on a doubtful word opens it.
on("click", async (x, y) => {
  const rect = document.elementsFromPoint(x, y).find((element) => element.matches(".doubts rect"));
  if (!rect) return;
  const list = await doubts();
  const page = shownSheet().number;
  const place = list.findIndex(({ line, word }) => line.page === page && String(word.box) === String(boxOfRect(rect)));
  if (place >= 0) open(list[place], `Doubtful word ${place + 1} of ${list.length}`);
});
