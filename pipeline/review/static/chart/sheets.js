// The pages of the chart as the server drew them: what each is, and the layer of ink that lies over it.

export const sheets = [...document.querySelectorAll("#pages .sheet")].map((section) => ({
  number: Number(section.dataset.page),
  place: section.dataset.place, // `own`, `empty` or `others`
  turn: Number(section.dataset.turn),
  width: Number(section.dataset.width), // of the page as rendered, before it is turned
  height: Number(section.dataset.height),
  src: section.dataset.src,
  foot: section.querySelector(".foot"),
  home: section.querySelector(".over"),
  layer: section.querySelector(".ink-layer"),
}));

export function sheetOf(number) {
  return sheets.find((sheet) => sheet.number === Number(number));
}

// The boxes of an ink on a page, in pixels of the page as rendered.
export function boxesOf(sheet, ink) {
  const rects = sheet.layer.querySelectorAll(`.ink[data-ink="${CSS.escape(ink)}"] rect`);
  return [...rects].map(boxOfRect);
}

export function boxOfRect(rect) {
  const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => Number(rect.getAttribute(name)));
  return [x, y, x + width, y + height];
}

// The address of a part of a page: widened along the line by so many of its heights, and kept on the page.
export function cropOf(sheet, [x0, y0, x1, y1], widen = 0) {
  const sideways = sheet.turn % 180 !== 0;
  const across = sideways ? 0 : (y1 - y0) * widen;
  const down = sideways ? (x1 - x0) * widen : 0;
  const box = [
    Math.max(0, Math.floor(x0 - across)),
    Math.max(0, Math.floor(y0 - down)),
    Math.min(sheet.width, Math.ceil(x1 + across)),
    Math.min(sheet.height, Math.ceil(y1 + down)),
  ];
  return `${sheet.src.replace(/pages\/\d+$/, "crops/")}${sheet.number}/${box.join("-")}`;
}
