// A small window that opens at a piece of ink and stays beside it while the page moves.

import { panel } from "./ink.js";
import { on, shownSheet, toStage } from "./viewer.js";

const GAP = 10;
const stage = document.getElementById("stage");

export class AtInk {
  #at = null;
  #before = null;

  constructor(element) {
    this.element = element;
    on("move", () => this.#follow());
    on("page", (sheet) => this.#at && sheet.number !== this.#at.page && this.close());
    element.addEventListener("click", (event) => event.target.closest("[data-shut]") && this.close());
  }

  get open() {
    return !this.element.hidden;
  }

  // Open at a box of the page that is shown; `focus` gets the keyboard.
  show(box, focus = this.element) {
    if (!this.open) this.#before = document.activeElement;
    this.element.hidden = false;
    this.move(box);
    focus.focus({ preventScroll: true });
  }

  move(box) {
    this.#at = { page: shownSheet().number, box };
    this.#follow();
  }

  close() {
    if (!this.open) return;
    const inside = this.element.contains(document.activeElement);
    this.element.hidden = true;
    this.#at = null;
    this.element.dispatchEvent(new Event("shut"));
    if (inside && this.#before?.isConnected) this.#before.focus({ preventScroll: true });
  }

  // Below the ink, above it where there is no room below; always whole on the stage.
  #follow() {
    if (!this.open || !this.#at) return;
    const ink = toStage(this.#at.box);
    const { offsetWidth: wide, offsetHeight: high } = this.element;
    const below = ink.bottom + GAP;
    const top = below + high <= stage.clientHeight || ink.top - GAP - high < 0 ? below : ink.top - GAP - high;
    const keep = (value, size, room) => Math.max(6, Math.min(room - size - 6, value));
    this.element.style.left = `${keep(ink.left, wide, stage.clientWidth)}px`;
    this.element.style.top = `${keep(top, high, stage.clientHeight)}px`;
  }
}

// Fill the form with where the ink stands and what the coder saw of the chart.
export function fillIn(form, page, box) {
  form.elements.page.value = page;
  form.elements.box.value = box.join(",");
  form.elements.reading.value = panel().dataset.reading;
  form.elements.decision.value = panel().dataset.decision;
}
