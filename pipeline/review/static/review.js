// The pages, and the ink on them: it follows what is chosen in the panel, and the reverse.
import { all, choose, chosenId, mark } from "./chart/panel.js";

const pages = document.getElementById("pages");

// --- ink and panel ---------------------------------------------------------------------------

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

document.addEventListener("chart:chosen", (event) => event.detail.ink && showInk(event.detail.id));

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
  if (target && target.dataset.ink !== chosenId()) choose(target.dataset.ink, { card: false });
});

document.addEventListener("click", (event) => {
  const ink = event.target.closest(".ink");
  if (ink) return choose(ink.dataset.ink, { ink: false });
  const card = event.target.closest("#panel [data-entity]");
  if (card && card.dataset.ink !== chosenId()) choose(card.dataset.ink, { card: false });
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
