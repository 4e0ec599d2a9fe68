// The dialogs of an encounter's way through the office: pages, hold, questions. Every one is a form; this opens and says.
"use strict";

const box = document.getElementById("casework");

document.querySelector("[data-print]")?.addEventListener("click", () => window.print());

// A question is about what is chosen: a finding's card, or else a line of the page.
document.addEventListener("htmx:configRequest", (event) => {
  if (event.target.id !== "ask-form") return;
  const card = document.querySelector("#panel [data-entity].chosen, #panel [data-entity]:focus");
  const line = document.querySelector("[data-line-id].chosen");
  event.detail.parameters.entity = card ? card.dataset.ink : "";
  event.detail.parameters.line = !card && line ? line.dataset.lineId : "";
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (!box) return;
  if (event.detail.target.id === "casework") {
    if (!box.open) box.showModal();
    const first = box.querySelector("[autofocus]") || box.querySelector(".body :is(input:not([type=hidden]), select, textarea, button)");
    first?.focus();
    say();
  }
  if (event.detail.target.id === "panel" && box.open) {
    const what = box.querySelector("[data-case]")?.dataset.case;
    box.close();
    const shown = document.querySelector(what === "question" || what === "answer" ? "#panel .asked-list" : "#panel .held");
    shown?.scrollIntoView({ block: "nearest" });
  }
  document.querySelector("#panel .signature #confirm-encounter[autofocus]")?.focus();
});

box?.addEventListener("click", (event) => {
  if (event.target.closest("[data-close]")) box.close();
});

// --- pages -----------------------------------------------------------------------------------

const form = () => box?.querySelector("[data-preview]");

function listed(names) {
  if (names.length === 1) return `page ${names[0]}`;
  return `pages ${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** What a verb would do with the pages that are chosen now, in a sentence. */
function sentence(verb) {
  const boxes = [...form().querySelectorAll('input[name="page"]')];
  const chosen = boxes.filter((each) => each.checked).map((each) => each.value);
  const rest = boxes.filter((each) => !each.checked).map((each) => each.value);
  const says = verb?.dataset.says;
  if (!says || (says.includes("{pages}") && !chosen.length)) return null;
  const words = says
    .replace("{pages}", chosen.length ? listed(chosen) : "")
    .replace("{their}", chosen.length === 1 ? "its" : "their")
    .replace("{rest}", rest.length ? listed(rest) : "none and leaves the list");
  return `${words[0].toUpperCase()}${words.slice(1)} Patient and date are to be confirmed again.`;
}

function say(verb) {
  const said = form()?.querySelector("[data-said]");
  if (!said) return;
  const shown = verb || form().querySelector('button[value="split"]');
  said.textContent = sentence(shown) || said.dataset.empty;
}

box?.addEventListener("change", () => say());
for (const name of ["focusin", "pointerover"]) {
  box?.addEventListener(name, (event) => {
    const verb = event.target.closest("button[data-says]");
    if (verb) say(verb);
  });
}

box?.addEventListener("keydown", (event) => {
  const typing = event.target.matches('input:not([type="checkbox"]), select, textarea');
  if (!form() || typing || event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key)) return;
  const page = form().querySelector(`input[name="page"][value="${event.key}"]`);
  if (!page) return;
  page.click();
  page.focus();
  event.preventDefault();
});
