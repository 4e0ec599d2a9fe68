// Keys. What each of them does stands in one table, templates/chart/help.html; the table that is shown is the one that is used.

const named = new Map();
const bound = new Map();
const takers = [];
const table = new Map();
for (const row of document.querySelectorAll("#help [data-keys]")) {
  for (const key of row.dataset.keys.split(" ")) table.set(key, row.dataset.does);
}

// Say what an action of the table does: `action(key)`.
export function does(name, action) {
  named.set(name, action);
}

// Let a key do something without a name: `action(event)`. One that answers `false` did not want the key.
export function bind(key, action) {
  bound.set(key, action);
}

// Ask `taker(event)` before the table, the latest first; `true` means that it took the key.
export function askFirst(taker) {
  takers.unshift(taker);
}

export function typing(event) {
  return event.target.matches("input:not([type=checkbox], [type=radio]), select, textarea");
}

export function press(button) {
  if (button && !button.disabled) button.click();
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (takers.some((take) => take(event))) return event.preventDefault();
  if (event.key === "Escape" && typing(event)) return event.target.blur();
  if (typing(event) || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const key = nameOf(event);
  const own = bound.get(key);
  const action = named.get(table.get(key)) ?? byButton(key);
  if (own ? own(event) !== false : action && action(key) !== false) event.preventDefault();
});

// Shift is part of a letter or a sign already; of an arrow it is told.
function nameOf(event) {
  if (event.key === "=") return "+"; // the same key without Shift
  return event.shiftKey && event.key.length > 1 ? `Shift+${event.key}` : event.key;
}

// A button that names its key needs no line of code: `data-key`. The one of the chosen finding comes first.
function byButton(key) {
  const wanted = `[data-key="${CSS.escape(key)}"]`;
  const button = document.querySelector(`#panel [data-entity].chosen ${wanted}`) ?? document.querySelector(wanted);
  return button && (() => press(button));
}

// A key that nobody carries out, or an action that no key tells of, is a mistake of ours.
addEventListener("load", () => {
  const told = new Set(table.values());
  for (const name of told) if (!["press", "leave", "bound"].includes(name) && !named.has(name)) console.error(`no action: ${name}`);
  for (const name of named.keys()) if (!told.has(name)) console.error(`no key: ${name}`);
  for (const key of bound.keys()) if (!table.has(key) && !key.startsWith("Arrow")) console.error(`not in the table of keys: ${key}`);
});
