// The sign of life of a tab that shows a chart: renews its lease, and frees it when the tab is left.
"use strict";

(() => {
  const BEAT = 30_000;
  const address = `/encounters/${document.querySelector("main[data-encounter]").dataset.encounter}/lease`;
  const banner = () => document.getElementById("lease");
  const csrf = () => document.querySelector('meta[name="inkchart-form"]')?.content ?? "";
  // In the body: what is sent while a tab closes cannot carry headers.
  const body = () => new URLSearchParams({ token: banner()?.dataset.token ?? "", csrf: csrf() });

  async function beat() {
    let answer;
    try {
      answer = await fetch(address, { method: "POST", body: body(), headers: { "X-Inkchart-Poll": "1" } });
    } catch {
      return; // the server is away for a moment; the lease holds on for some minutes
    }
    if (answer.status !== 200 || !banner()) return;
    const before = banner().textContent;
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text();
    const fresh = holder.content.querySelector("#lease");
    if (!fresh) return;
    document.querySelector("#panel fieldset.whole")?.toggleAttribute("disabled", fresh.dataset.token === "");
    // What has not changed is left alone, so that a screen reader does not read it out every half minute.
    if (fresh.textContent !== before) banner().replaceWith(fresh);
  }

  setInterval(beat, BEAT);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && beat());
  window.addEventListener("pageshow", (event) => event.persisted && beat());
  window.addEventListener("pagehide", () => {
    if (banner()?.dataset.token) navigator.sendBeacon(`${address}/end`, body());
  });
})();
