// Letters on all findings, so that any of them is two keys away; with Shift the letter accepts its first code, too.

import { askFirst, does } from "./keys.js";
import { all, cards, choose } from "./panel.js";

const LETTERS = "asdfjklghqwrtyuiopzxvbnm"; // without those that corrections.js takes before any other key
let open = null; // findings by their letters
let typed = "";

function labels(count) {
  // As few letters with a second one behind them as the number of findings asks for.
  const firsts = Math.max(0, Math.ceil((count - LETTERS.length) / (LETTERS.length - 1)));
  const single = [...LETTERS].slice(firsts);
  const double = [...LETTERS].slice(0, firsts).flatMap((first) => [...LETTERS].map((second) => first + second));
  return [...single, ...double].slice(0, count);
}

function show() {
  const list = cards();
  for (const details of all("#panel details.rest")) details.open = true;
  open = new Map(labels(list.length).map((label, n) => [label, list[n]]));
  for (const [label, card] of open) card.dataset.hint = label;
  typed = "";
  const view = document.querySelector("#panel .scroll").getBoundingClientRect();
  const inView = ({ top }) => top > view.top && top < view.bottom;
  if (!list.some((card) => inView(card.getBoundingClientRect()))) list[0]?.scrollIntoView({ block: "start" });
}

function hide() {
  for (const card of open.values()) delete card.dataset.hint;
  for (const details of all("#panel details.rest")) details.open = false;
  open = null;
}

does("go-to-finding", show);

askFirst((event) => {
  if (!open) return false;
  if (event.key === "Shift") return false;
  typed += event.key.toLowerCase();
  const accepts = event.shiftKey;
  const card = open.get(typed);
  const more = [...open.keys()].some((label) => label.startsWith(typed));
  if (!card && more) return true;
  hide();
  if (card) {
    choose(card.dataset.ink);
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
    if (accepts) document.dispatchEvent(new CustomEvent("chart:accept-first"));
  }
  return true;
});
