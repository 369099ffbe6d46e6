// Elements from data. Words of articles only ever become text nodes and attributes: nothing here parses HTML.

const SVG = "http://www.w3.org/2000/svg";

function filled(node, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "style") for (const [key, each] of Object.entries(value)) node.style.setProperty(key, each);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function el(name, properties, ...children) {
  return filled(document.createElement(name), properties, children);
}

export function svg(name, properties, ...children) {
  return filled(document.createElementNS(SVG, name), properties, children);
}

let lost = null; // the data-key of what had the focus when its part of the page was drawn anew
for (const kind of ["focusin", "pointerdown"]) document.addEventListener(kind, () => { lost = null; }, true);

/** Fills a node anew. What had the focus in it and has a data-key gets it back as soon as it stands there again. */
export function show(node, ...children) {
  const held = document.activeElement;
  if (held !== node && node.contains(held) && held.dataset.key) lost = held.dataset.key;
  node.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  if (lost) document.querySelector(`[data-key="${CSS.escape(lost)}"]`)?.focus({ preventScroll: true });
}

/** The focus goes to this node where what had it is gone for good. */
export function regain(node = document.getElementById("main")) {
  if (lost) node.focus({ preventScroll: true });
  lost = null;
}

/** Says something to screen readers without moving the focus. */
export function say(words) {
  document.getElementById("said").textContent = words;
}

/** A sentence with its words marked; start and end count code points, not UTF-16 units. */
export function sentence(text, start, end, kind = "") {
  const points = Array.from(text);
  if (end <= start) return [text];
  return [
    points.slice(0, start).join(""),
    el("mark", { class: kind && `slot-${kind}` }, points.slice(start, end).join("")),
    points.slice(end).join(""),
  ];
}

/** Characters of a search: the server takes no more. */
export const LONGEST = 500;

/** Does the work when the typing pauses; the steps of an input method (pinyin before it becomes characters) are no words. */
export function typed(box, work, milliseconds) {
  const soon = debounced(() => work(), milliseconds);
  box.addEventListener("input", (event) => { if (!event.isComposing) soon(); });
  box.addEventListener("compositionend", soon);
}

function debounced(work, milliseconds) {
  let waiting;
  return (...given) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => work(...given), milliseconds);
  };
}
