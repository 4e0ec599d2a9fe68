// Keys: one table for the chart screen. What is open at the moment may take a key before the table is asked.

const actions = new Map();
const takers = [];

// Let a key do something. An action that answers `false` did not want the key.
export function bind(key, action) {
  actions.set(key, action);
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
  if (takers.some((take) => take(event))) return event.preventDefault();
  if (event.key === "Escape" && typing(event)) return event.target.blur();
  if (typing(event) || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const action = actions.get(event.key) ?? byButton(event.key);
  if (action && action(event) !== false) event.preventDefault();
});

// A button that names its key needs no line here: `data-key`.
function byButton(key) {
  const button = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  return button && (() => press(button));
}
