// The panel: its keys, and what happens when a form's answer takes its place. Everything that decides is a form;
// this presses its buttons.

import { choose, chooseAgain, chosenInk, drawAgain, panel } from "./ink.js";
import { askFirst, bind, press } from "./keys.js";

const search = document.getElementById("search");
const trouble = document.getElementById("trouble");
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) document.getElementById(opener.dataset.open).showModal();
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
});

document.addEventListener(
  "error",
  (event) => event.target.matches?.("#panel .crop") && (event.target.hidden = true),
  true,
);

// --- htmx ------------------------------------------------------------------------------------

let kept = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  trouble.hidden = true;
  if (event.detail.target.id !== "panel") return;
  const text = event.detail.serverResponse;
  const decided = Number(/data-decision="(\d+)"/.exec(text)?.[1] ?? 0);
  // Answers may overtake each other; an older panel never covers a newer one.
  if (decided < Number(panel().dataset.decision)) event.detail.shouldSwap = false;
  kept = {
    top: panel().querySelector(".scroll").scrollTop,
    card: current()?.getBoundingClientRect().top,
    open: all("details[open][id]", panel()).map((details) => details.id),
  };
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "search") {
    if (!search.open) search.showModal();
    const field = search.querySelector("#q");
    field.focus();
    field.select();
  }
  if (event.detail.target.id !== "panel" || !kept) return;
  for (const id of kept.open) document.getElementById(id)?.setAttribute("open", "");
  panel().querySelector("#change-identity")?.removeAttribute("open");
  const notice = panel().querySelector(".notice");
  const scroll = panel().querySelector(".scroll");
  scroll.scrollTop = notice ? 0 : kept.top;
  chooseAgain();
  // What was accepted makes the list above longer; the card in hand stays where it is.
  if (!notice && kept.card !== undefined && current()) scroll.scrollTop += current().getBoundingClientRect().top - kept.card;
  kept = null;
  closeSearch();
  drawAgain();
});

for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, () => (trouble.hidden = false));
}

function closeSearch() {
  if (search.open) search.close();
  // The browser takes focus from a hidden field only with the next frame; a quick key would still land in it.
  if (search.contains(document.activeElement)) document.activeElement.blur();
}

// --- keys ------------------------------------------------------------------------------------

const cards = () => all("#panel [data-entity]");
const current = () => cards().find((card) => card.dataset.ink === chosenInk());

function step(by) {
  const list = cards();
  if (!list.length) return;
  const at = list.indexOf(current());
  const next = list[at < 0 ? (by > 0 ? 0 : list.length - 1) : Math.min(list.length - 1, Math.max(0, at + by))];
  next.focus({ preventScroll: true });
  choose(next.dataset.ink);
}

function first(selector) {
  const card = current();
  // What lies folded away was not looked at, so a key does not decide on it.
  return card && all(selector, card).find((button) => button.checkVisibility());
}

function confirmButton() {
  const sign = document.getElementById("confirm-encounter");
  return sign && !sign.disabled ? sign : document.getElementById("confirm-identity");
}

bind("j", () => step(1));
bind("k", () => step(-1));
bind("a", () => press(first("[data-accept]")));
bind("x", () => press(first("[data-reject]")));
bind("r", () => press(first("[data-replace]")));
bind("u", () => press(first("[data-undo]")));
bind("/", () => press(first("[data-search]") || document.getElementById("add-code")));
bind("c", () => confirmButton()?.focus());
for (let number = 1; number <= 8; number += 1) {
  bind(String(number), () => {
    const card = current();
    const choice = card && all("[data-choice]", card).filter((row) => row.checkVisibility())[number - 1];
    press(choice?.querySelector("[data-accept]"));
  });
}

askFirst((event) => {
  if (!search.open) return false;
  if (event.key === "Escape") {
    closeSearch(); // a search field would only empty itself
    return true;
  }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return false;
  const results = all("[data-result]:not(:disabled)", search);
  const to = results.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
  (results[to] || search.querySelector("#q")).focus();
  return true;
});
