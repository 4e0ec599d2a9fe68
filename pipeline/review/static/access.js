// The session: its token in what htmx sends, a warning before it ends for want of activity, and a cover after it.
"use strict";

(() => {
  const session = document.querySelector('meta[name="inkchart-session"]');
  const token = document.querySelector('meta[name="inkchart-form"]');
  if (!session) return; // nobody is signed in

  const left = Number(session.content);
  const warnFor = Math.min(120, left / 3) * 1000;
  const name = document.querySelector(".who")?.textContent ?? "";
  let ends = Date.now() + left * 1000;
  let timer = 0;
  let kept = null; // what stood on the page, while it is covered

  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRF-Token"] = token.content;
  });
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.status !== 401) return;
    event.preventDefault(); // the page stays as it is, under the cover
    cover();
  });
  document.addEventListener("session:over", () => cover()); // told by what asks without htmx
  document.addEventListener("visibilitychange", () => document.hidden || kept || look());

  // --- how long yet --------------------------------------------------------------------------

  // Asking does not keep anybody signed in, unless they said so.
  async function look({ stay = false } = {}) {
    let answer = null;
    try {
      answer = await fetch("/session", { cache: "no-store", headers: stay ? {} : { "X-Inkchart-Poll": "1" } });
    } catch {
      // no answer is no proof of a session
    }
    if (answer?.ok) return follow(await answer.json());
    if (answer?.status === 401 || Date.now() >= ends) return cover();
    plan();
  }

  function follow(state) {
    if (state.user !== session.dataset.user) return location.reload(); // somebody else signed in, in another tab
    if (token.content !== state.csrf) {
      token.content = state.csrf;
      for (const field of document.querySelectorAll('input[name="csrf"]')) field.value = state.csrf;
    }
    ends = Date.now() + state.seconds_left * 1000;
    plan();
  }

  function plan() {
    clearTimeout(timer);
    const rest = ends - Date.now();
    if (rest <= warnFor) warn(rest);
    else document.getElementById("session-ends")?.remove();
    if (rest > warnFor) timer = setTimeout(look, rest - warnFor);
    else timer = setTimeout(rest > 0 ? plan : look, 1000);
  }

  function warn(rest) {
    let banner = document.getElementById("session-ends");
    if (!banner) {
      banner = document.createElement("div");
      banner.id = "session-ends";
      const words = document.createElement("p");
      words.setAttribute("role", "alert");
      words.textContent = "You will be signed out soon, as nothing was done for a while.";
      const clock = document.createElement("time");
      clock.setAttribute("aria-hidden", "true"); // it would be read aloud every second
      const button = document.createElement("button");
      button.type = "button";
      button.className = "primary";
      button.textContent = "Stay signed in";
      button.addEventListener("click", () => look({ stay: true }));
      banner.append(words, clock, button);
      (document.querySelector("dialog[open]") ?? document.body).append(banner);
    }
    const seconds = Math.max(0, Math.ceil(rest / 1000));
    banner.querySelector("time").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }

  // --- the cover -----------------------------------------------------------------------------

  // Nothing of a chart stays on the page, but nothing that was typed is lost: who signs in again finds it as it was.
  function cover() {
    if (kept) return;
    clearTimeout(timer);
    document.getElementById("session-ends")?.remove();
    const open = [...document.querySelectorAll("dialog[open]")];
    const modal = open.filter((dialog) => dialog.matches(":modal"));
    for (const dialog of open) dialog.close();
    const nodes = document.createDocumentFragment();
    kept = { title: document.title, className: document.body.className, open, modal, nodes };
    nodes.append(...document.body.childNodes);
    document.title = "Signed out – Inkchart";
    document.body.className = "covered";
    ask("/sign-in", {});
  }

  async function ask(address, options) {
    let answer;
    try {
      answer = await fetch(address, { ...options, cache: "no-store", redirect: "manual" });
    } catch {
      return show(retry());
    }
    if (answer.type === "opaqueredirect") return uncover(); // signed in
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    show(page.querySelector("main") ?? retry());
  }

  function show(main) {
    document.body.replaceChildren(document.adoptNode(main));
    const form = main.querySelector("form");
    if (!form) return;
    const who = form.elements.name;
    if (who instanceof HTMLInputElement && !who.value) who.value = name;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(form.getAttribute("action"), { method: "POST", body: new URLSearchParams(new FormData(form)) });
    });
    if (!main.querySelector('[role="alert"]') && form.getAttribute("action") === "/sign-in") {
      const words = document.createElement("p");
      words.setAttribute("role", "alert");
      words.textContent = "You were signed out, as nothing was done for a while. Sign in, and this page is as you left it.";
      form.before(words);
    }
    (form.querySelector('input:not([type="hidden"]):placeholder-shown, input[type="password"], input[name="code"]') ?? form.querySelector("button")).focus();
  }

  function retry() {
    const main = document.createElement("main");
    main.className = "message door";
    const words = document.createElement("p");
    words.setAttribute("role", "alert");
    words.textContent = "You were signed out, and Inkchart does not answer now. Check that it is running.";
    const button = document.createElement("button");
    button.textContent = "Try again";
    button.addEventListener("click", () => ask("/sign-in", {}));
    main.append(words, button);
    return main;
  }

  async function uncover() {
    const answer = await fetch("/session", { cache: "no-store" });
    const state = answer.ok ? await answer.json() : null;
    if (state?.user !== session.dataset.user) return location.reload(); // somebody else sees nothing of it
    document.body.replaceChildren(kept.nodes);
    document.title = kept.title;
    document.body.className = kept.className;
    for (const dialog of kept.open) kept.modal.includes(dialog) ? dialog.showModal() : dialog.show();
    kept = null;
    // htmx gave up asking for what had left the page.
    for (const asking of document.querySelectorAll('[hx-trigger*="every"]')) {
      const again = asking.cloneNode(true);
      asking.replaceWith(again);
      window.htmx?.process(again);
    }
    follow(state);
  }

  plan();
})();
