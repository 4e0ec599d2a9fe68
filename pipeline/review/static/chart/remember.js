// What this tab remembers of how somebody looks at charts: never anything of what a chart says.

const encounter = document.querySelector("[data-encounter]").dataset.encounter;

export function remembered(name, otherwise, { ofThisChart = false } = {}) {
  try {
    return JSON.parse(sessionStorage.getItem(key(name, ofThisChart))) ?? otherwise;
  } catch {
    return otherwise; // storage is turned off, or holds something of an older version
  }
}

export function remember(name, value, { ofThisChart = false } = {}) {
  try {
    sessionStorage.setItem(key(name, ofThisChart), JSON.stringify(value));
  } catch {
    // Storage is turned off or full: then it is forgotten.
  }
}

function key(name, ofThisChart) {
  return ofThisChart ? `inkchart.${name}.${encounter}` : `inkchart.${name}`;
}
