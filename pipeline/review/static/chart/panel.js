// The panel: what is chosen in it, its forms one after the other, and the fresh panel in the place of the old one.
/* global htmx */

import { choose, chooseAgain, chosenInk as chosenId, drawAgain, panel } from "./ink.js";

export { choose, chosenId, panel };
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const trouble = document.getElementById("trouble");
const search = document.getElementById("search");
let unfolded = []; // what was opened only because it was chosen

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

// --- what is chosen --------------------------------------------------------------------------

export const cards = () => all("#panel [data-entity]");
export const current = () => cards().find((card) => card.dataset.ink === chosenId());

document.addEventListener("chart:chosen", unfold);

// A chosen finding lies open; what was opened for the one before closes again.
function unfold() {
  const card = current();
  const wanted = card ? [card.closest("details.rest"), card.querySelector("details.folded")].filter(Boolean) : [];
  for (const details of unfolded) if (!wanted.includes(details)) details.open = false;
  unfolded = wanted.filter((details) => !details.open || unfolded.includes(details));
  for (const details of wanted) details.open = true;
  number(card);
}

// The number keys by which its codes are accepted, written beside them.
function number(card) {
  for (const choice of all("#panel [data-number]")) delete choice.dataset.number;
  for (const [n, choice] of choices(card).entries()) if (n < 8) choice.dataset.number = n + 1;
}

export function choices(card) {
  return card ? all("[data-choice]", card).filter((choice) => choice.checkVisibility()) : [];
}

document.addEventListener("toggle", () => number(current()), true);

export function say(sentence) {
  document.getElementById("announce").textContent = sentence;
}

// --- forms -----------------------------------------------------------------------------------

const waiting = [];
let busy = false;
let afterwards = null;

// A hand is quicker than an answer: forms are sent one after the other, and the panel is changed when the last is answered.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-decide]")) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter));
  if (form.matches("[data-on-change]")) {
    if (form.dataset.sent === body.toString()) return; // leaving a field after Enter
    form.dataset.sent = body.toString();
  }
  if (form.closest("#search")) closeSearch();
  const choice = form.closest("[data-choice]");
  if (choice) settle(choice, body.get("action") === "accept");
  waiting.push({ form, url: form.getAttribute("action"), body }); // `form.action` may be one of its buttons
  if (!busy) work();
});

function settle(choice, accepted) {
  choice.classList.add("waiting");
  // Another code than the proposed one was taken: what is proposed in its place waits no longer, as the answer will say.
  const instead = accepted && !choice.classList.contains("proposed");
  for (const each of instead ? all("[data-waits]", choice.closest(".group")) : [choice]) delete each.dataset.waits;
  const card = choice.closest("[data-entity]");
  if (!card.querySelector("[data-choice][data-waits]")) delete card.dataset.waits;
}

async function work() {
  busy = true;
  while (waiting.length) {
    const { form, url, body } = waiting.shift();
    let answer;
    try {
      answer = await fetch(url, { method: "POST", body, headers: { "HX-Request": "true" }, keepalive: true });
    } catch {
      return failed();
    }
    const elsewhere = answer.headers.get("HX-Redirect");
    if (elsewhere) return location.assign(elsewhere);
    if (answer.headers.get("HX-Refresh") === "true") return location.reload();
    if (answer.status === 401) {
      failed();
      trouble.hidden = true;
      return document.dispatchEvent(new Event("session:over"));
    }
    if (!answer.ok && answer.status !== 409) return failed();
    const html = await answer.text();
    if (answer.status === 409) waiting.length = 0; // what was pressed meanwhile was pressed without knowing
    trouble.hidden = true;
    if (answer.ok) document.dispatchEvent(new CustomEvent("chart:sent", { detail: { form } }));
    if (!waiting.length) show(html);
  }
  busy = false;
  const action = afterwards;
  afterwards = null;
  action?.();
}

// Do something once everything that was pressed so far is answered.
export function whenAnswered(action) {
  if (busy) afterwards = action;
  else action();
}

function failed() {
  busy = false;
  waiting.length = 0;
  afterwards = null;
  trouble.hidden = false;
  for (const form of all("form[data-sent]")) delete form.dataset.sent;
  for (const choice of all(".choice.waiting")) choice.classList.remove("waiting");
}

// The next chart waits until everything was sent.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || !busy || link.getAttribute("href").startsWith("#")) return;
  event.preventDefault();
  whenAnswered(() => location.assign(link.href));
}, true);

document.addEventListener("change", (event) => event.target.form?.matches("[data-on-change]") && event.target.form.requestSubmit());
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.form?.matches("[data-on-change]") || !event.target.matches("input")) return;
  event.preventDefault();
  event.target.blur(); // which tells a change, if there is one
});

// --- the fresh panel -------------------------------------------------------------------------

let kept = null;
let typedIn = null; // the field that was typed into since it has the focus

document.addEventListener("input", (event) => (typedIn = event.target));
document.addEventListener("focusin", () => (typedIn = null));

function keep() {
  const focused = panel().contains(document.activeElement) ? document.activeElement : null;
  kept = {
    top: panel().querySelector(".scroll").scrollTop,
    card: current()?.getBoundingClientRect().top,
    open: all("details[open][id]", panel()).filter((d) => !unfolded.includes(d)).map((d) => d.id),
    focus: focused?.id ?? "",
    typed: focused?.matches("input:not([type=checkbox])") ? focused.value : null,
    selected: focused?.selectionStart ?? null, // a field of a number does not tell
    selectedTo: focused?.selectionEnd ?? null,
    entered: Boolean(focused) && typedIn !== focused,
    inside: Boolean(focused),
  };
}

function restore() {
  for (const id of kept.open) document.getElementById(id)?.setAttribute("open", "");
  panel().querySelector("#change-identity")?.removeAttribute("open");
  unfolded = [];
  chooseAgain();
  unfold();
  const loud = panel().querySelector(".notice, .difference");
  const scroll = panel().querySelector(".scroll");
  scroll.scrollTop = loud ? 0 : kept.top;
  // What was accepted makes the list above longer; the card in hand stays where it is.
  if (!loud && kept.card !== undefined && current()) scroll.scrollTop += current().getBoundingClientRect().top - kept.card;
  const back = (kept.focus && document.getElementById(kept.focus)) || (kept.inside && current());
  if (loud?.matches(".notice")) loud.focus();
  else (panel().querySelector("#confirm-encounter[autofocus]") ?? back)?.focus?.({ preventScroll: true });
  typeAgain(back);
  selectAgain(back);
  if (panel().dataset.status) say(panel().dataset.status);
  kept = null;
  drawAgain();
}

// What is being typed while an answer comes stays, and counts as a change though the browser saw none in the new field.
function typeAgain(field) {
  if (kept.typed === null || field?.id !== kept.focus || field.value === kept.typed) return;
  field.value = kept.typed;
  field.dataset.unsent = "";
}

// A key that leads to a field marks what stands in it; it is still marked when the answer to an earlier key came, or
// the figure that is typed next would stand beside the old one.
function selectAgain(field) {
  if (kept.typed === null || field?.id !== kept.focus) return;
  if (kept.selected !== null) field.setSelectionRange(kept.selected, kept.selectedTo);
  else if (kept.entered) field.select();
  if (!kept.entered) typedIn = field;
}

document.addEventListener("focusout", (event) => {
  if (event.target.dataset?.unsent === undefined) return;
  delete event.target.dataset.unsent;
  if (event.target.form?.matches("[data-on-change]")) event.target.form.requestSubmit();
});

function show(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const fresh = template.content.getElementById("panel");
  if (!fresh || Number(fresh.dataset.decision) < Number(panel().dataset.decision)) return;
  keep();
  const old = panel();
  old.replaceWith(fresh);
  bringPictures(old, fresh);
  htmx.process(fresh);
  restore();
  document.dispatchEvent(new CustomEvent("chart:panel"));
}

// Ink that was fetched once is not fetched again, though no browser keeps a picture of a chart. Both panels are of
// this document by now: a picture that goes into another one, as a template's is, would be fetched anew.
function bringPictures(old, fresh) {
  const fetched = new Map(all(".crop", old).map((picture) => [picture.getAttribute("src"), picture]));
  for (const picture of all(".crop", fresh)) {
    const src = picture.getAttribute("src");
    if (!fetched.has(src)) continue;
    picture.replaceWith(fetched.get(src));
    fetched.delete(src);
  }
}

document.addEventListener("htmx:beforeSwap", (event) => {
  trouble.hidden = true;
  if (event.detail.target.id !== "panel") return;
  const decided = Number(/data-decision="(\d+)"/.exec(event.detail.serverResponse)?.[1] ?? 0);
  // Answers may overtake each other; an older panel never covers a newer one.
  if (decided < Number(panel().dataset.decision)) event.detail.shouldSwap = false;
  else keep();
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "panel" || !kept) return;
  restore();
  closeSearch();
  document.dispatchEvent(new CustomEvent("chart:panel"));
});

for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, () => (trouble.hidden = false));
}

export function closeSearch() {
  if (search.open) search.close();
  // The browser takes focus from a hidden field only with the next frame; a quick key would still land in it.
  if (search.contains(document.activeElement)) document.activeElement.blur();
}
