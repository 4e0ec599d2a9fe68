// What is typed into a field of a form with `data-draft` is kept by the server until the form is sent.
"use strict";

(() => {
  const PAUSE = 600;
  const FIELDS = 'textarea, input:not([type]), input[type="text"], input[type="search"], input[type="date"], input[type="number"]';
  const address = `/encounters/${document.querySelector("main[data-encounter]").dataset.encounter}/drafts`;
  const known = new Map(); // key -> text that was not sent
  const timers = new Map();
  const sending = new Map(); // key -> what is under way, so that a later save never lands before an earlier one

  const formOf = (field) => field.closest("form[data-draft]");
  const keyOf = (field) => field.dataset.draft || (formOf(field) ? `${formOf(field).dataset.draft}/${field.name}` : "");
  const fieldsOf = (root) => [...root.querySelectorAll(FIELDS)].filter((field) => keyOf(field) && (field.name || field.dataset.draft));

  // `leaving` does not wait for what is under way; `keepalive` outlives the page.
  function post(path, key, text, { leaving = false, keepalive = leaving } = {}) {
    const csrf = document.querySelector('meta[name="inkchart-form"]')?.content ?? "";
    const body = new URLSearchParams({ key, text, csrf });
    const send = () => fetch(address + path, { method: "POST", body, keepalive, headers: { "X-Inkchart-Draft": "1" } }).catch(() => undefined);
    const after = leaving ? send() : (sending.get(key) ?? Promise.resolve()).then(send);
    sending.set(key, after);
    return after;
  }

  function save(field, leaving = false) {
    const key = keyOf(field);
    clearTimeout(timers.get(key));
    timers.delete(key);
    // What the server showed is no draft.
    const text = field.value === field.defaultValue ? "" : field.value;
    if (text) known.set(key, text);
    else known.delete(key);
    post("", key, text, { leaving });
  }

  function forget(form) {
    for (const field of fieldsOf(form)) {
      const key = keyOf(field);
      clearTimeout(timers.get(key));
      timers.delete(key);
      if (known.delete(key)) post("/sent", key, "", { keepalive: true }); // the next chart may come before its answer
    }
  }

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.matches?.(FIELDS) || !keyOf(field)) return;
    const key = keyOf(field);
    known.set(key, field.value);
    clearTimeout(timers.get(key));
    timers.set(key, setTimeout(() => save(field), PAUSE));
  });

  window.addEventListener("pagehide", () => {
    for (const field of fieldsOf(document)) if (timers.has(keyOf(field))) save(field, true);
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest?.("form");
    if (form && event.detail.successful) forget(form);
  });
  document.addEventListener("chart:sent", (event) => forget(event.detail.form));
  document.addEventListener("chart:panel", () => restore(document));
  document.addEventListener("htmx:afterSwap", (event) => restore(event.detail.target.isConnected ? event.detail.target : document));

  function restore(root, times = new Map()) {
    for (const field of fieldsOf(root)) {
      const key = keyOf(field);
      const text = known.get(key);
      if (text === undefined || field.value === text) continue;
      field.value = text;
      if (times.has(key)) note(field, times.get(key));
    }
  }

  function note(field, at) {
    const form = formOf(field);
    const details = field.closest("details");
    if (details) details.open = true;
    if (form?.querySelector(".draft-note")) return;
    const line = document.createElement("p");
    line.className = "draft-note";
    line.setAttribute("role", "status");
    line.append(`Draft of ${at} restored`);
    const away = document.createElement("button");
    away.type = "button";
    away.className = "plain";
    away.textContent = "Discard";
    away.addEventListener("click", () => {
      for (const each of form ? fieldsOf(form) : [field]) {
        each.value = each.defaultValue;
        save(each);
      }
      line.remove();
      field.focus();
    });
    line.append(away);
    if (form) form.prepend(line);
    else field.after(line);
  }

  fetch(address)
    .then((answer) => (answer.ok ? answer.json() : []))
    .then((drafts) => {
      const times = new Map();
      for (const { key, text, at } of drafts) {
        if (known.has(key)) continue; // typed since
        known.set(key, text);
        times.set(key, at);
      }
      restore(document, times);
    })
    .catch(() => undefined);
})();
