// Coding by keyboard: what the keys of findings, codes and the encounter do. Everything that decides is a form; this presses its buttons.
/* global htmx */

import { does, press } from "./keys.js";
import { all, cards, choices, choose, chosenId, current, panel, say, whenAnswered } from "./panel.js";
import "./finder.js";
import "./hints.js";

const quiet = (card) => card.classList.contains("quiet");

// --- going about -----------------------------------------------------------------------------

export function goTo(card) {
  if (!card) return;
  choose(card.dataset.ink);
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
}

function step(by, list) {
  if (!list.length) return;
  const here = list.indexOf(current());
  if (here >= 0) return goTo(list[Math.min(list.length - 1, Math.max(0, here + by))]);
  // From a finding that is not in the list, on to the nearest that is.
  const before = (card) => current() && current().compareDocumentPosition(card) & Node.DOCUMENT_POSITION_PRECEDING;
  if (by > 0) return goTo(list.find((card) => !current() || !before(card)) ?? list.at(-1));
  goTo(list.findLast((card) => !current() || before(card)) ?? list[0]);
}

// To the next finding with something open, round the panel.
function goOn() {
  const list = cards();
  const here = Math.max(0, list.indexOf(current()));
  const next = [...list.slice(here), ...list.slice(0, here)].find((card) => card.dataset.waits !== undefined);
  if (next) return goTo(next);
  say("Everything that is proposed is decided.");
}

does("next-finding", () => step(1, cards().filter((card) => !quiet(card))));
does("previous-finding", () => step(-1, cards().filter((card) => !quiet(card))));
does("next-of-all", () => step(1, cards()));
does("previous-of-all", () => step(-1, cards()));

// --- deciding --------------------------------------------------------------------------------

// What lies folded away was not looked at, so a key does not decide on it.
const proposed = () => choices(current()).find((choice) => choice.dataset.waits !== undefined);
const untouched = (choice) => choice.classList.contains("open") && !choice.classList.contains("waiting");

function decide(choice, button) {
  if (!choice || !untouched(choice)) return;
  const pressed = choice.querySelector(button);
  press(pressed);
  if (pressed && pressed.dataset.digit === undefined) goOn();
}

does("accept", () => (proposed() ? decide(proposed(), "[data-accept]") : goOn()));
does("reject", () => (proposed() ? decide(proposed(), "[data-reject]") : goOn()));
does("accept-numbered", (key) => decide(choices(current())[Number(key) - 1], "[data-accept]"));
does("replace", () => press((proposed() ?? choices(current()).find(untouched))?.querySelector("[data-replace]")));
does("search", () => press(current()?.querySelector("[data-search]") ?? document.getElementById("add-code")));
does("table", () => {
  const form = (proposed() ?? choices(current())[0])?.querySelector("form[data-decide]");
  if (!form) return;
  const url = form.getAttribute("action").replace(/codes$/, "table");
  htmx.ajax("POST", url, { target: "#search", swap: "innerHTML", values: Object.fromEntries(new FormData(form)) });
});

// --- codes of the encounter ------------------------------------------------------------------

function line() {
  const lines = all("#panel [data-line]");
  return lines.find((each) => each.contains(document.activeElement)) ?? lines.find((each) => each.dataset.ink === chosenId());
}

function stepLine() {
  const lines = all("#panel [data-line]");
  const next = lines[(lines.indexOf(lines.find((each) => each.contains(document.activeElement))) + 1) % lines.length];
  next?.focus();
}

function move(button) {
  const moved = line()?.querySelector(button);
  if (!moved) return say("Choose a diagnosis of the encounter first: o goes to it.");
  moved.closest("[data-line]").focus();
  press(moved);
}

function field(name) {
  const fields = all(`#panel [data-field="${name}"]`);
  const own = fields.find((each) => each.closest("[data-line]") === line());
  const open = fields.find((each) => each.closest(".unfinished"));
  const wanted = own ?? open ?? fields.at(-1);
  wanted?.focus();
  wanted?.select();
}

does("line", stepLine);
does("further-up", () => move("[data-up]"));
does("further-down", () => move("[data-down]"));
does("units", () => field("units"));
does("modifiers", () => field("modifiers"));
does("points", () => field("points"));

// --- the encounter ---------------------------------------------------------------------------

does("identity", () => {
  const form = document.getElementById("identity-form");
  if (!form) return;
  const folded = form.closest("details:not([open])");
  const missing = ["patient_name", "date_of_service"].map((name) => form.elements[name]).find((each) => !each.value);
  const look = missing ?? form.querySelector(".doubtful :is(input, select)");
  if (folded) {
    folded.open = true;
    return folded.querySelector("summary").focus(); // not into a field: the next key may be meant for a finding
  }
  // Where something is missing or doubtful, a person looks at it before Enter confirms.
  if (!look) return form.requestSubmit(document.getElementById("confirm-identity"));
  (look ?? form.elements.patient_name).focus();
});

// Whether it was sent: where something is still to be looked at, the button is only shown, and Enter presses it.
function sign() {
  const button = document.getElementById("confirm-encounter");
  if (!button) return false;
  if (!button.disabled && button.dataset.look === undefined) {
    button.click();
    return true;
  }
  // A note whose signature was not read: who signed it is what is missing, and Enter says so.
  const signer = button.disabled && document.getElementById("signer");
  if (signer) (signer.value ? document.getElementById("attest") : signer).focus();
  else button.focus();
  say(document.getElementById(button.getAttribute("aria-describedby"))?.textContent ?? "");
  return false;
}

does("sign", () => whenAnswered(sign));
does("sign-and-go", () => whenAnswered(() => {
  const next = () => panel().querySelector(".signature.signed") && press(document.querySelector('a[data-key="n"]'));
  if (document.getElementById("confirm-encounter") ? sign() : true) whenAnswered(next);
}));

// The first code of a finding is the one that its line tells, or the one that is proposed.
document.addEventListener("chart:accept-first", () => {
  const told = current().querySelector(".chip.first")?.textContent;
  const first = told && choices(current()).find((choice) => choice.querySelector("[name=code]").value === told);
  decide(first || proposed(), "[data-accept]");
});

// A chart opens at the first finding that waits, so that the first key decides on what is seen.
export function openAtFirst() {
  if (location.hash.startsWith("#card-")) return choose(location.hash.slice("#card-".length));
  const first = panel().querySelector("[data-entity][data-waits]");
  if (first) choose(first.dataset.ink, { card: false });
}
