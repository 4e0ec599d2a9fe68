// The search in the code books: its keys.

import { askFirst, press, typing } from "./keys.js";
import { all, closeSearch } from "./panel.js";

const search = document.getElementById("search");
const asked = () => search.querySelector("#q");
const results = () => all("[data-result]:not(:disabled)", search);
let chooses = false; // Enter was pressed before the answer for what is typed came

// After htmx has set the focus itself.
document.addEventListener("htmx:afterSettle", (event) => {
  const { target } = event.detail;
  if (target.id !== "search" && target.id !== "results") return;
  // An answer for what was typed last may come after a code was taken: the search stays closed then.
  if (!search.open && target.id === "results") return;
  if (!search.open) search.showModal();
  const table = search.querySelector("[data-table-of]");
  if (table) (table.querySelector(".below [data-result]:not(:disabled), .this [data-result]:not(:disabled)") ?? asked()).focus();
  else if (target.id === "search") {
    asked().focus();
    asked().select();
  } else if (!search.contains(document.activeElement)) asked().focus();
  if (chooses && answered()) chooseFirst();
});

const answered = () => search.querySelector("[data-q]")?.dataset.q === asked().value.trim();

// A whole code that was typed is chosen at once; words lead to the first result, where another Enter chooses it.
function chooseFirst() {
  chooses = false;
  const [first] = results();
  const bare = (text) => text.replace(".", "").trim().toUpperCase();
  if (first && bare(first.querySelector(".code").textContent) === bare(asked().value)) press(first);
  else first?.focus();
}

askFirst((event) => {
  if (!search.open) return false;
  const at = document.activeElement;
  switch (event.key) {
    case "Escape":
      closeSearch();
      return true;
    case "ArrowDown":
    case "ArrowUp": {
      if (at.matches("select")) return false;
      const list = results();
      (list[list.indexOf(at) + (event.key === "ArrowDown" ? 1 : -1)] ?? asked()).focus();
      return true;
    }
    case "Enter":
      if (at !== asked()) return false;
      if (answered()) chooseFirst();
      else chooses = true;
      return answered();
    case ">":
      if (typing(event)) return false;
      press(at.closest(".line")?.querySelector("[data-table]"));
      return true;
    case "Backspace":
      if (typing(event)) return false;
      if (search.querySelector("[data-back]")) press(search.querySelector("[data-back]"));
      else asked().focus();
      return true;
  }
  return false;
});
