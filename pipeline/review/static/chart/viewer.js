// The page picture in OpenSeadragon, and the ink that follows its every move.
/* global OpenSeadragon */

import { remember, remembered } from "./remember.js";
import { boxesOf, sheetOf, sheets } from "./sheets.js";

const MARGIN = 12; // pixels of the screen around a page that fits
const EDGE = 24; // pixels of the screen above and below ink that is in view
const SLOW = 700; // milliseconds after which a picture that has not arrived is spoken of
const PAGES_KEPT = 6; // pictures held by the browser, so that going back shows a page at once
const stage = document.getElementById("stage");
const missing = document.getElementById("missing-picture");
const coming = document.getElementById("coming-picture");
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
const turns = remembered("turns", {}, { ofThisChart: true });
const pictures = new Map();
const listeners = { page: [], move: [], click: [], picture: [] };
let osd = null;
let shown = null;
let fitted = "width"; // how the page was fitted last; null once somebody zoomed or moved it
let matrix = new DOMMatrix();
let visit = 0; // how many pages were shown: what arrives for an earlier one is not laid down
let arrived = 0; // the visit of which the picture is there

// Be told: `page` another page is shown, `move` it lies elsewhere, `click` a click on it, `picture` it has arrived.
export function on(event, listener) {
  listeners[event].push(listener);
}

function tell(event, ...about) {
  for (const listener of listeners[event]) listener(...about);
}

export function openViewer() {
  document.getElementById("view").classList.add("live");
  const element = document.createElement("div");
  element.className = "osd";
  stage.prepend(element);
  // The library would write a style element for phones, which the content security policy refuses, unless it finds one.
  const written = document.createElementNS("urn:inkchart", "style");
  written.setAttribute("data-openseadragon-mobile-css", "");
  document.head.append(written);
  osd = OpenSeadragon({
    element,
    drawer: "canvas",
    showNavigationControl: false,
    keyboardNavEnabled: false, // keys.js has all keys
    animationTime: still ? 0 : 0.35,
    springStiffness: 8,
    blendTime: 0,
    visibilityRatio: 0.25,
    minZoomLevel: 0.2,
    maxZoomLevel: 14,
    zoomPerScroll: 1.2,
    clickTimeThreshold: Infinity, // a slow hand or machine clicks too; what moves is a drag
    gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true, flickEnabled: false },
    gestureSettingsPen: { clickToZoom: false },
    silenceMultiImageWarnings: true,
  });
  osd.canvas.setAttribute("role", "group");
  osd.canvas.setAttribute("aria-label", "The page");
  svg.classList.add("over");
  svg.setAttribute("role", "img");
  osd.canvas.append(svg);
  osd.addHandler("update-viewport", place);
  osd.addHandler("resize", () => requestAnimationFrame(() => (fitted ? fit(fitted, true) : place())));
  for (const move of ["canvas-drag", "canvas-scroll", "canvas-pinch", "canvas-double-click"]) {
    osd.addHandler(move, () => (fitted = null));
  }
  osd.addHandler("canvas-click", (event) => {
    if (event.quick) tell("click", event.originalEvent.clientX, event.originalEvent.clientY);
  });
  const asked = /^#page-(\d+)$/.exec(location.hash)?.[1] ?? remembered("page", null, { ofThisChart: true });
  show((sheetOf(asked) ?? sheets[0])?.number);
  addEventListener("hashchange", () => show(/^#page-(\d+)$/.exec(location.hash)?.[1]));
}

export function shownSheet() {
  return shown;
}

export function show(number) {
  const sheet = sheetOf(number);
  if (!sheet || sheet === shown) return;
  if (shown) giveBack(shown);
  shown = sheet;
  svg.append(sheet.layer);
  svg.setAttribute("aria-label", `What was read on page ${sheet.number}`);
  remember("page", sheet.number, { ofThisChart: true });
  missing.hidden = coming.hidden = true;
  const wanted = (visit += 1);
  setTimeout(() => (coming.hidden = wanted !== visit || arrived === visit), SLOW);
  osd.world.removeAll();
  osd.viewport.setRotation(sheet.turn + (turns[sheet.number] ?? 0), true);
  fit(fitted ?? "width", true);
  place();
  lay(paper(sheet), { index: 0 });
  lay(picture(sheet), { success: () => arrive(sheet) });
  tell("page", sheet);
}

// Back to where the server put it, as a page without script shows it.
function giveBack(sheet) {
  sheet.home.append(sheet.layer);
}

export function step(by) {
  const row = sheets.filter((sheet) => sheet.place === "own" || sheet === shown);
  show(row[row.indexOf(shown) + by]?.number);
}

// --- pictures --------------------------------------------------------------------------------

function lay(source, { index, success = () => {} }) {
  const wanted = visit;
  const place = { x: 0, y: 0, width: 1, index };
  const add = () => wanted === visit && osd.addTiledImage({ tileSource: source, ...place, success: added });
  const added = ({ item }) => (wanted === visit ? success() : osd.world.removeItem(item));
  if (source.ready) return add();
  source.addOnceHandler("ready", add);
  source.addOnceHandler("open-failed", () => {
    if (wanted !== visit) return;
    missing.hidden = false;
    success();
  });
}

function arrive(sheet) {
  arrived = visit;
  coming.hidden = true;
  tell("picture", sheet);
}

// White, at once and with the right shape: the ink has something to lie on before and without the picture.
function paper(sheet) {
  const size = `width="512" height="${Math.round((512 * sheet.height) / sheet.width)}"`;
  const drawn = `<svg xmlns="http://www.w3.org/2000/svg" ${size}><rect width="100%" height="100%" fill="white"/></svg>`;
  return load(`data:image/svg+xml,${encodeURIComponent(drawn)}`, false);
}

function picture(sheet) {
  const kept = pictures.get(sheet.number) ?? load(sheet.src, true);
  pictures.delete(sheet.number); // the latest goes to the end
  pictures.set(sheet.number, kept);
  if (pictures.size > PAGES_KEPT) pictures.delete(pictures.keys().next().value);
  kept.addOnceHandler("open-failed", () => pictures.delete(sheet.number)); // is asked for again next time
  return kept;
}

export function loadAhead() {
  const next = sheets[sheets.indexOf(shown) + 1];
  if (next?.place === "own" && !pictures.has(next.number)) picture(next);
}

function load(url, buildPyramid) {
  return new OpenSeadragon.ImageTileSource({ type: "image", url, buildPyramid });
}

// --- where the page lies ---------------------------------------------------------------------

// World units of the viewer: the page as rendered is 1 wide.
function point(x, y) {
  return new OpenSeadragon.Point(x / shown.width, y / shown.width);
}

function place() {
  if (!shown) return;
  const at = (x, y) => osd.viewport.pixelFromPoint(point(x, y), true);
  const [origin, right, down] = [at(0, 0), at(shown.width, 0), at(0, shown.height)];
  matrix = new DOMMatrix([
    (right.x - origin.x) / shown.width,
    (right.y - origin.y) / shown.width,
    (down.x - origin.x) / shown.height,
    (down.y - origin.y) / shown.height,
    origin.x,
    origin.y,
  ]);
  const { a, b, c, d, e, f } = matrix;
  shown.layer.setAttribute("transform", `matrix(${a} ${b} ${c} ${d} ${e} ${f})`);
  tell("move");
}

// A point of the window in pixels of the page as rendered, kept on the page.
export function toPage(clientX, clientY) {
  const frame = stage.getBoundingClientRect();
  const { x, y } = matrix.inverse().transformPoint(new DOMPoint(clientX - frame.left, clientY - frame.top));
  return [Math.min(shown.width, Math.max(0, Math.round(x))), Math.min(shown.height, Math.max(0, Math.round(y)))];
}

// A direction of the screen as a direction of the page as rendered, 1 long.
export function acrossPage(right, down) {
  const way = matrix.inverse();
  const [x, y] = [way.a * right + way.c * down, way.b * right + way.d * down];
  const long = Math.hypot(x, y);
  return [x / long, y / long];
}

// Where a box of the page lies on the stage, in pixels of the screen.
export function toStage([x0, y0, x1, y1]) {
  return around([[x0, y0], [x1, y1]].map(([x, y]) => matrix.transformPoint(new DOMPoint(x, y))));
}

function around(points) {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

// The page as it stands on the screen: how wide and high in world units, and the way back from there.
function upright() {
  const degrees = osd.viewport.getRotation();
  const high = shown.height / shown.width;
  const [across, down] = degrees % 180 ? [high, 1] : [1, high];
  const back = (x, y) => new OpenSeadragon.Point(x - across / 2, y - down / 2).rotate(-degrees).plus(new OpenSeadragon.Point(0.5, high / 2));
  return { across, down, back };
}

// --- moving it -------------------------------------------------------------------------------

export function fit(how, immediately = false) {
  fitted = how;
  const { clientWidth: wide, clientHeight: high } = stage;
  if (!wide || !high || !shown) return;
  const { across, down, back } = upright();
  let zoom = (wide - 2 * MARGIN) / wide / across;
  if (how === "page") zoom = Math.min(zoom, (high - 2 * MARGIN) / wide / down);
  const seen = high / wide / zoom;
  const top = seen >= down ? down / 2 : seen / 2 - MARGIN / wide / zoom;
  osd.viewport.zoomTo(zoom, null, immediately);
  osd.viewport.panTo(back(across / 2, top), immediately);
}

export function zoom(how) {
  if (how === "width" || how === "page") return fit(how);
  fitted = null;
  osd.viewport.zoomBy(how === "in" ? 1.25 : 0.8);
  osd.viewport.applyConstraints();
}

export function turn(by) {
  turns[shown.number] = ((turns[shown.number] ?? 0) + by + 360) % 360;
  remember("turns", turns, { ofThisChart: true });
  osd.viewport.rotateBy(by);
  fit(fitted ?? "page");
}

export function moveBy(x, y) {
  fitted = null;
  osd.viewport.panBy(osd.viewport.deltaPointsFromPixels(new OpenSeadragon.Point(x, y)));
  osd.viewport.applyConstraints();
}

// Bring the ink of something into view, on its page; nothing moves where it is in view.
export function revealInk(ink) {
  const sheet = [shown, ...sheets].find((one) => boxesOf(one, ink).length);
  if (sheet) reveal(sheet, boxesOf(sheet, ink)[0]);
}

export function reveal(sheet, box) {
  show(sheet.number);
  const [x0, y0, x1, y1] = box;
  const target = [point(x0, y0), point(x1, y1)].map((corner) => osd.viewport.pixelFromPoint(corner, false));
  const { left, top, right, bottom } = around(target);
  const { clientWidth: wide, clientHeight: high } = stage;
  const aside = left < 0 || right > wide;
  const away = top < EDGE || bottom > high - EDGE;
  if (!aside && !away) return;
  fitted = null;
  if (right - left > wide * 0.95) {
    osd.viewport.zoomBy((wide * 0.9) / (right - left));
    return osd.viewport.panTo(point((x0 + x1) / 2, (y0 + y1) / 2));
  }
  // Only the way it must: a page that is as wide as the window does not move sideways.
  const by = new OpenSeadragon.Point(aside ? (left + right - wide) / 2 : 0, away ? (top + bottom) / 2 - high * 0.4 : 0);
  osd.viewport.panBy(osd.viewport.deltaPointsFromPixels(by));
}
