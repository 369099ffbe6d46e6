// Figures: drawn as SVG from attributes alone, so that what is saved looks as what is seen; saved on white for print.

import { el, show, svg } from "./dom.js";
import { cited } from "./practice.js";
import { add, t } from "./words.js";

add({
  saveSvg: ["SVG", "SVG"],
  savePng: ["PNG", "PNG"],
  save: ["保存", "Save"],
  byQuery: ["查询", "Query"],
  asPicture: ["图", "Figure"],
});

const FONT = 'system-ui, "Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif';
const LIGHT = { paper: [255, 255, 255], ink: "#1b1f1d", quiet: "#55605a", line: "#d5dad6", low: [231, 240, 234], high: [11, 77, 44], one: "#14603a", other: "#b45309", dark: false };
const DARK = { paper: [23, 27, 25], ink: "#e8ece9", quiet: "#a3aea8", line: "#36403a", low: [36, 52, 43], high: [126, 226, 172], one: "#74d3a0", other: "#f5b567", dark: true };

export function palette(print = false) {
  const set = document.documentElement.dataset.theme;
  const dark = !print && (set ? set === "dark" : matchMedia("(prefers-color-scheme: dark)").matches);
  const base = dark ? DARK : LIGHT;
  return {
    ...base,
    ground: `rgb(${base.paper})`,
    /** A colour for a share from 0 to 1, and the ink that is readable on it. */
    shade(share) {
      if (!share) return [`rgb(${base.paper})`, base.quiet];
      const way = Math.sqrt(share);
      const mixed = base.low.map((from, at) => Math.round(from + (base.high[at] - from) * way));
      const light = contrast(mixed, [255, 255, 255]) < contrast(mixed, [20, 24, 22]);
      return [`rgb(${mixed})`, light ? "#141816" : "#ffffff"];
    },
  };
}

function luminance(rgb) {
  const [r, g, b] = rgb.map((part) => { const s = part / 255; return s <= 0.03928 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4; });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one, other) {
  const [a, b] = [luminance(one), luminance(other)].sort((x, y) => y - x);
  return (a + 0.05) / (b + 0.05);
}

export function text(words, x, y, colour, more = {}) {
  return svg("text", { x, y, fill: colour, "font-size": 13, ...more }, words);
}

const ruler = document.createElement("canvas").getContext("2d");
/** The width in pixels of the widest of these words, at this size of letters. */
export function widest(words, size) {
  ruler.font = `${size}px ${FONT}`;
  return Math.max(0, ...words.map((each) => ruler.measureText(each).width));
}

/** An SVG root of this size. */
export function sheet(width, height, title, ...children) {
  return svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "group", "aria-label": title, "font-family": FONT }, ...children);
}

/** Buttons that save what draw(palette) gives, under its caption; csv is an address. */
export function saving({ name, caption, query, cite, csv, draw }) {
  const buttons = el("p", { class: "actions saving" }, `${t("save")} `,
    csv && el("a", { class: "button", href: csv, download: `${name}.csv` }, "CSV"),
    draw && el("button", { type: "button", onclick: () => keep(new Blob([file()], { type: "image/svg+xml" }), `${name}.svg`) }, t("saveSvg")),
    draw && el("button", { type: "button", onclick: png }, t("savePng")));

  function file() {
    return new XMLSerializer().serializeToString(printed(draw(palette(true)), caption, query, cite));
  }

  async function png() {
    const source = URL.createObjectURL(new Blob([file()], { type: "image/svg+xml" }));
    const image = new Image();
    await new Promise((done, failed) => { image.onload = done; image.onerror = failed; image.src = source; });
    const scale = Math.min(3, 8000 / Math.max(image.width, image.height)); // some 300 dots an inch
    const canvas = el("canvas", { width: Math.round(image.width * scale), height: Math.round(image.height * scale) });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(source);
    keep(await new Promise((done) => canvas.toBlob(done, "image/png")), `${name}.png`);
  }

  return [buttons, el("details", { class: "behind" }, el("summary", {}, `${t("byQuery")} · ${t("cite")}`), el("p", {}, el("code", {}, query)), cited(cite))];
}

/** A figure on the page with its caption and the ways to save it; draws itself again when light turns dark. */
export function figure(given) {
  const stage = el("div", { class: "stage", tabindex: 0, role: "region", "aria-label": given.caption });
  const paint = () => { if (stage.isConnected || !stage.firstChild) show(stage, given.draw(palette())); else document.removeEventListener("themed", paint); };
  paint();
  document.addEventListener("themed", paint);
  return el("figure", {}, stage, el("figcaption", {}, given.caption), saving(given));
}

function printed(drawing, caption, query, cite) {
  const width = Math.max(480, Number(drawing.getAttribute("width"))), height = Number(drawing.getAttribute("height"));
  const pale = LIGHT.quiet;
  const below = [...lines(query, width / 6.2).map((line) => [line, pale, 10]), ...lines(cite, width / 6.2).map((line) => [line, pale, 10])];
  const head = lines(caption, width / 9).map((line) => [line, LIGHT.ink, 15]);
  const whole = svg("svg", { xmlns: "http://www.w3.org/2000/svg", width: width + 32, height: height + head.length * 22 + below.length * 14 + 48, "font-family": FONT });
  whole.append(svg("rect", { width: "100%", height: "100%", fill: "#fff" }));
  let y = 26;
  for (const [line, colour, size] of head) { whole.append(text(line, 16, y, colour, { "font-size": size, "font-weight": 600 })); y += 22; }
  drawing.setAttribute("x", 16);
  drawing.setAttribute("y", y - 8);
  whole.append(drawing);
  y += height + 12;
  for (const [line, colour, size] of below) { whole.append(text(line, 16, y, colour, { "font-size": size, "xml:space": "preserve" })); y += 14; }
  return whole;
}

function lines(words, most) {
  const made = [];
  let line = "", used = 0;
  for (const letter of words) {
    const wide = letter.codePointAt(0) > 0x2e80 ? 1.8 : 1;
    if (letter === "\n" || used + wide > most) { made.push(line); line = ""; used = 0; }
    if (letter === "\n") continue;
    line += letter;
    used += wide;
  }
  return line ? [...made, line] : made;
}

function keep(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = el("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
