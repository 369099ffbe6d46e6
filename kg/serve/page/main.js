// The frame of every page: names, languages, light and dark; then the view that the path asks for.

import { ask, trouble } from "./api.js";
import { LONGEST, el, regain, show } from "./dom.js";
import { choose, current, t } from "./words.js";

const VIEWS = {
  "/": "home",
  "/search": "search",
  "/practice": "practice",
  "/article": "article",
  "/compare": "compare",
  "/timeline": "timeline",
  "/map": "map",
  "/graph": "graph",
  "/query": "query",
};
const TABS = [["/search", "search"], ["/compare", "compare"], ["/timeline", "timeline"], ["/map", "map"], ["/graph", "graph"], ["/query", "sparql"]];

const theme = localStorage.getItem("theme");
if (theme) document.documentElement.dataset.theme = theme;

function head() {
  document.documentElement.lang = current() === "zh" ? "zh-CN" : "en";
  const tabs = TABS.map(([path, word]) =>
    el("a", { href: path, "aria-current": location.pathname === path && "page" }, t(word)),
  );
  const language = el("button", { id: "language", "data-key": "language", type: "button", "aria-label": t("otherLabel"), lang: current() === "zh" ? "en" : "zh-CN", onclick: () => {
    choose(current() === "zh" ? "en" : "zh");
    head();
    foot();
    view();
  } }, t("other"));
  const dark = () => (document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const shade = el("button", { id: "theme", type: "button", "aria-label": t("theme"), title: t("theme"), onclick: () => {
    document.documentElement.dataset.theme = dark() ? "light" : "dark";
    localStorage.setItem("theme", document.documentElement.dataset.theme);
    document.dispatchEvent(new Event("themed"));
  } }, "◐");
  const box = el("form", { id: "find", role: "search", action: "/search" },
    el("input", { type: "search", name: "q", maxlength: LONGEST, "aria-label": t("search"), placeholder: t("search"), autocomplete: "off" }));
  show(document.getElementById("head"),
    el("a", { class: "brand", href: "/" }, el("img", { src: "/page/icon.svg", alt: "", width: 26, height: 26 }), t("name")),
    el("nav", { "aria-label": t("pages") }, tabs),
    location.pathname === "/search" || location.pathname === "/" ? null : box,
    el("div", { class: "switches" }, language, shade));
}

let summary;
async function foot() {
  const node = document.getElementById("foot");
  try {
    summary ??= await ask("summary");
  } catch {
    return;
  }
  show(document.getElementById("notice"), summary.stale && el("p", { class: "notice" }, t("stale")));
  show(node,
    el("p", {}, t("local"), " ", t("caution")),
    el("p", {}, `${t("cite")}: `, el("span", { class: "cite" }, summary.cite)),
    el("p", {}, el("a", { href: "/openapi.json" }, `${t("api")} (OpenAPI)`), ` · SPARQL: ${location.origin}/sparql · ${t("version")} ${summary.version}`));
}

let running = 0;
/** Draws what the address asks for, unless it has asked for something else by the time that the answer is there. */
async function view() {
  const mine = ++running, overtaken = () => mine !== running;
  const main = document.getElementById("main");
  const name = VIEWS[location.pathname] ?? "home";
  document.body.className = `page-${name}`;
  delete document.documentElement.dataset.ready;
  try {
    const { draw } = await import(`./${name}.js`);
    await draw(main, overtaken);
    if (overtaken()) return;
    regain();
    document.documentElement.dataset.ready = name;
  } catch (error) {
    if (overtaken() || error.name === "AbortError") return;
    show(main, el("h1", { class: "problem" }, t("failed")), trouble(error));
    document.documentElement.dataset.ready = "problem";
    if (!error.problem) throw error;
  }
}

document.addEventListener("keydown", (event) => {
  const writing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !writing && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    document.querySelector("#q, #find input")?.focus();
  }
});
// A place within the page is no other page: what was typed stays.
window.addEventListener("popstate", () => location.hash || view());
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("main").focus();
});

head();
view();
foot();
