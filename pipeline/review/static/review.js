// Keys, and the tie between the ink on the page and the panel. Everything that decides is a form; this presses its buttons.
"use strict";

const pages = document.getElementById("pages");
const search = document.getElementById("search");
const trouble = document.getElementById("trouble");
const panel = () => document.getElementById("panel");
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const inksOf = (id) => all(`[data-ink="${CSS.escape(id)}"]`);
let chosen = null;

// --- ink and panel ---------------------------------------------------------------------------

function mark(id, name, on) {
  for (const element of inksOf(id)) element.classList.toggle(name, on);
}

function showInk(id) {
  const rect = pages.querySelector(`.ink[data-ink="${CSS.escape(id)}"] rect`);
  if (!rect) return;
  const at = rect.getBoundingClientRect();
  if (!at.width && !at.height) return; // on a folded page
  const view = pages.getBoundingClientRect();
  const margin = 40;
  const seen = at.top > view.top + margin && at.bottom < view.bottom - margin && at.left > view.left && at.right < view.right;
  if (!seen) {
    const aside = at.left < view.left || at.right > view.right;
    pages.scrollTo({
      top: pages.scrollTop + at.top - view.top - view.height / 3,
      left: pages.scrollLeft + (aside ? at.left - view.left - view.width / 3 : 0),
      behavior: "smooth",
    });
  }
}

function choose(id, { ink = true, card = true } = {}) {
  if (chosen) mark(chosen, "chosen", false);
  chosen = id;
  mark(id, "chosen", true);
  if (ink) showInk(id);
  const inPanel = panel().querySelector(`[data-ink="${CSS.escape(id)}"][data-entity]`) || panel().querySelector(`[data-ink="${CSS.escape(id)}"]`);
  if (card && inPanel) inPanel.scrollIntoView({ block: "nearest", behavior: "smooth" });
}

let resting = 0;
document.addEventListener("pointerover", (event) => {
  const target = event.target.closest("[data-ink]");
  clearTimeout(resting);
  for (const element of all(".lit")) element.classList.remove("lit");
  if (!target) return;
  mark(target.dataset.ink, "lit", true);
  // The page follows only where the pointer rests, so that crossing the panel does not shake it.
  if (target.closest("#panel")) resting = setTimeout(() => showInk(target.dataset.ink), 180);
});

document.addEventListener("focusin", (event) => {
  const target = event.target.closest("#panel [data-ink]");
  if (target && target.dataset.ink !== chosen) choose(target.dataset.ink, { card: false });
});

document.addEventListener("click", (event) => {
  const ink = event.target.closest(".ink");
  if (ink) return choose(ink.dataset.ink, { ink: false });
  const card = event.target.closest("#panel [data-entity]");
  if (card && card.dataset.ink !== chosen) choose(card.dataset.ink, { card: false });
  const opener = event.target.closest("[data-open]");
  if (opener) document.getElementById(opener.dataset.open).showModal();
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  const zoom = event.target.closest("[data-zoom]");
  if (zoom) zoomTo(zoom.dataset.zoom);
  const lines = event.target.closest("[data-lines]");
  if (lines) lines.setAttribute("aria-pressed", String(!pages.classList.toggle("lines-off")));
});

// --- zoom and pages --------------------------------------------------------------------------

let zoom = 1;
function zoomTo(how) {
  const middle = (pages.scrollTop + pages.clientHeight / 2) / pages.scrollHeight;
  if (how === "in") zoom = Math.min(4, zoom * 1.25);
  if (how === "out") zoom = Math.max(0.2, zoom / 1.25);
  if (how === "width") zoom = 1;
  if (how === "page") {
    const sheet = all(".sheet .over", pages).find((svg) => svg.getBoundingClientRect().bottom > pages.getBoundingClientRect().top + 40);
    if (sheet) {
      const { width, height } = sheet.viewBox.baseVal;
      zoom = Math.min(1, ((pages.clientHeight - 56) * width) / height / (pages.clientWidth - 32));
    }
  }
  pages.style.setProperty("--zoom", String(zoom));
  pages.scrollTo({ top: middle * pages.scrollHeight - pages.clientHeight / 2, behavior: "instant" });
}

const inView = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      const thumb = document.querySelector(`.thumb[data-page="${entry.target.dataset.page}"]`);
      thumb?.classList.toggle("here", entry.isIntersecting);
    }
  },
  { root: pages, rootMargin: "-45% 0px -45% 0px" },
);
for (const sheet of all(".sheet", pages)) inView.observe(sheet);

document.addEventListener(
  "error",
  (event) => event.target.matches?.(".under img") && event.target.closest(".paper").classList.add("missing"),
  true,
);
for (const picture of all(".under img")) {
  if (picture.complete && !picture.naturalWidth) picture.closest(".paper").classList.add("missing");
}

// --- htmx ------------------------------------------------------------------------------------

let kept = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  trouble.hidden = true;
  if (event.detail.target.id !== "panel") return;
  const text = event.detail.serverResponse;
  const decided = Number(/data-decision="(\d+)"/.exec(text)?.[1] ?? 0);
  // Answers may overtake each other; an older panel never covers a newer one.
  if (decided < Number(panel().dataset.decision)) event.detail.shouldSwap = false;
  kept = { top: panel().querySelector(".scroll").scrollTop, card: current()?.getBoundingClientRect().top, open: all("details[open][id]", panel()).map((d) => d.id) };
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
  if (chosen) mark(chosen, "chosen", true);
  // What was accepted makes the list above longer; the card in hand stays where it is.
  if (!notice && kept.card !== undefined && current()) scroll.scrollTop += current().getBoundingClientRect().top - kept.card;
  kept = null;
  closeSearch();
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
const current = () => cards().find((card) => card.dataset.ink === chosen);
const press = (button) => button && !button.disabled && button.click();

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

const keys = {
  j: () => step(1),
  k: () => step(-1),
  a: () => press(first("[data-accept]")),
  x: () => press(first("[data-reject]")),
  r: () => press(first("[data-replace]")),
  u: () => press(first("[data-undo]")),
  "/": () => press(first("[data-search]") || document.getElementById("add-code")),
  c: () => confirmButton()?.focus(),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input, select, textarea");
  if (event.key === "Escape" && search.open) {
    event.preventDefault(); // a search field would only empty itself
    return closeSearch();
  }
  if (event.key === "Escape" && typing) return event.target.blur();
  if (search.open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    const results = all("[data-result]:not(:disabled)", search);
    const to = results.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    event.preventDefault();
    return (results[to] || search.querySelector("#q")).focus();
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const numbered = /^[1-8]$/.test(event.key) && current();
  const action = keys[event.key];
  if (numbered) {
    const choice = all("[data-choice]", numbered).filter((row) => row.checkVisibility())[Number(event.key) - 1];
    press(choice?.querySelector("[data-accept]"));
  } else if (action) action();
  else if (event.key === "=") zoomTo("in");
  else {
    const button = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!button) return;
    button.click();
  }
  event.preventDefault();
});
