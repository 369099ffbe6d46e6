// SPARQL: an editor with colours and completion, the catalogue as examples, the answer as table, CSV and bars.

import { ask, reach, trouble } from "./api.js";
import { el, say, show, svg } from "./dom.js";
import { figure, sheet, text, widest } from "./figure.js";
import { add, current, number, t } from "./words.js";

add({
  examples: ["现成的查询", "Ready-made queries"],
  chooseExample: ["选一个…", "Choose one …"],
  run: ["运行", "Run"],
  stop: ["停止", "Stop"],
  runs: ["正在查询…（至多 {0} 秒）", "Running … (at most {0} seconds)"],
  limits: ["只读；{0} 秒后停止，至多 {1} 行。Ctrl+Enter 运行；Ctrl+空格补全，Tab 取用，或用方向键选好后按 Enter；Esc 后 Tab 离开编辑框。", "Read-only; stopped after {0} seconds, at most {1} rows. Ctrl+Enter runs; Ctrl+Space completes, Tab takes the word, as Enter does after an arrow key; Esc then Tab leaves the editor."],
  rows: ["{0} 行", "{0} rows"],
  cut: ["结果在 {0} 行处截断", "The answer was cut off after {0} rows"],
  shownRows: ["显示前 {0} 行；下载的文件里有这 {1} 行。", "The first {0} rows are shown; the download has these {1}."],
  firstBars: ["{0}（前 {1} 行，共 {2} 行）", "{0} (the first {1} of {2} rows)"],
  yes: ["是", "Yes"],
  no: ["否", "No"],
  editor: ["SPARQL 查询", "SPARQL query"],
  stopped: ["查询被停止了", "The query was stopped"],
  answer: ["结果", "Answer"],
  parameters: ["可填的参数（留空为全部）写成 $名字", "Parameters are written $name; left alone they stand for all"],
});
const SHOWN = 500;
const BARS = 30;
let edited = null; // a query that was not run yet, and the address under which it was written
const START = `# 哪些形式用得最多 · Which formats are used most
SELECT ?label (COUNT(DISTINCT ?practice) AS ?practices) WHERE {
  ?practice gp:format ?format .
  ?format skos:prefLabel ?label . FILTER(LANG(?label) = "zh")
} GROUP BY ?label ORDER BY DESC(?practices) LIMIT 15`;
const WORDS = "SELECT ASK CONSTRUCT DESCRIBE WHERE FILTER OPTIONAL UNION MINUS GRAPH BIND VALUES DISTINCT REDUCED ORDER GROUP BY HAVING LIMIT OFFSET PREFIX BASE AS ASC DESC COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT SEPARATOR EXISTS NOT IN IF BOUND STR LANG DATATYPE CONTAINS STRSTARTS REGEX YEAR FROM NAMED a true false".split(" ");
const TOKEN = /("""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(<[^<>"{}|^`\\\s]*>)|(#[^\n]*)|([?$]\w+)|([\w.-]*:[\w.%-]*)|([A-Za-z_]\w*)|([\s\S])/g;
const CLASSES = ["string", "iri", "comment", "variable", "name", "word", ""];

export async function draw(main) {
  document.title = `SPARQL · ${t("name")}`;
  const [examples, vocabulary, summary] = await Promise.all([ask("catalogue"), ask("vocabulary"), ask("summary")]);
  const given = new URLSearchParams(location.search);
  const named = examples.find((each) => each.name === given.get("name"));
  const area = el("textarea", { id: "query", spellcheck: "false", autocapitalize: "off", autocomplete: "off", "aria-label": t("editor"), rows: 12, "aria-describedby": "limits" });
  const under = el("pre", { class: "colours", "aria-hidden": "true" });
  const list = el("ul", { class: "complete", role: "listbox", id: "complete", hidden: true });
  const answer = el("section", { class: "answer", "aria-live": "polite" });
  const run = el("button", { type: "button", class: "primary", id: "run", "data-key": "run", onclick: () => go(area.value) }, t("run"));
  let running = null;
  const asked = given.get("query") ?? named?.text;
  area.value = edited?.at === location.search ? edited.text : (asked ?? given.get("draft") ?? START); // a draft: the query in a link of another site is shown, not run
  const title = (each) => (current() === "zh" ? each.title_zh : each.title_en);
  show(main, el("h1", {}, "SPARQL"),
    el("div", { class: "controls" }, el("label", {}, `${t("examples")} `, el("select", { id: "examples", onchange: (event) => { const each = examples.find((one) => one.name === event.target.value); if (each) { area.value = each.text; colour(); area.focus(); go(area.value); } } }, el("option", { value: "" }, t("chooseExample")), examples.map((each) => el("option", { value: each.name, selected: each === named }, title(each)))))),
    el("div", { class: "editor" }, under, area, list),
    el("p", { class: "actions" }, run, el("span", { id: "limits", class: "quiet" }, t("limits", number(vocabulary.seconds), number(vocabulary.rows)), " ", t("parameters"))),
    answer);

  function colour() {
    const pieces = [];
    for (const found of area.value.matchAll(TOKEN)) {
      const kind = found.slice(1).findIndex((part) => part !== undefined);
      const known = CLASSES[kind] === "word" && !WORDS.some((word) => word.toUpperCase() === found[0].toUpperCase()) ? "" : CLASSES[kind];
      pieces.push(known ? el("span", { class: `s-${known}` }, found[0]) : found[0]);
    }
    show(under, pieces, "\n");
    under.scrollTop = area.scrollTop;
    under.scrollLeft = area.scrollLeft;
    area.rows = Math.min(30, Math.max(10, area.value.split("\n").length + 1));
  }

  // Completion: terms of the vocabulary, prefixes, words of the language, and the query's own variables.
  let options = [], at = -1; // none is chosen before an arrow key: Enter then begins a line, as everywhere
  function complete(force) {
    const before = area.value.slice(0, area.selectionStart).match(/[?$\w:.-]*$/)[0];
    const low = before.toLowerCase(), prefixed = before.includes(":");
    const whole = vocabulary.terms.some((term) => term.name === before) || WORDS.some((word) => word.toLowerCase() === low);
    if (!force && (before.length < 2 || whole)) return hide();
    const variables = [...new Set(area.value.match(/[?$]\w+/g) ?? [])].filter((name) => name !== before).map((name) => [name, ""]);
    const terms = vocabulary.terms.map((term) => [term.name, current() === "zh" ? term.label : term.label_en, term.comment]);
    const all = before.startsWith("?") || before.startsWith("$") ? variables : [...terms, ...Object.keys(vocabulary.prefixes).map((name) => [`${name}:`, vocabulary.prefixes[name]]), ...WORDS.map((word) => [word, ""])];
    options = all.filter(([name, label]) => (prefixed ? name.startsWith(before) : name.toLowerCase().startsWith(low)) || (low.length > 1 && name.toLowerCase().split(":").at(-1).startsWith(low)) || (force && label.toLowerCase().includes(low))).filter(([name]) => name !== before).slice(0, 9);
    at = -1;
    if (!options.length) return hide();
    paint(before);
  }

  function paint(before) {
    list.hidden = false;
    area.setAttribute("aria-expanded", "true");
    show(list, options.map(([name, label, comment], n) => el("li", { role: "option", "aria-selected": String(n === at), title: comment, onpointerdown: (event) => { event.preventDefault(); take(before, n); } }, el("code", {}, name), el("span", { class: "quiet" }, ` ${label}`))));
    list.children[at]?.scrollIntoView({ block: "nearest" });
    place(area.selectionStart - before.length);
  }

  /** The list stands below this letter, or above it where there is more room, and never over what is outside the editor. */
  function place(start) {
    const letters = document.createTreeWalker(under, NodeFilter.SHOW_TEXT);
    while (letters.nextNode() && start >= letters.currentNode.length) start -= letters.currentNode.length;
    const range = document.createRange();
    range.setStart(letters.currentNode, start);
    range.setEnd(letters.currentNode, start + 1); // there is one: the last is the end of the last line
    const line = range.getBoundingClientRect(), frame = area.getBoundingClientRect();
    const above = line.top - frame.top, below = frame.bottom - line.bottom;
    list.style.setProperty("max-height", `${Math.max(above, below) - 6}px`);
    list.style.setProperty("left", `${Math.max(0, Math.min(line.left - frame.left, frame.width - list.offsetWidth))}px`);
    list.style.setProperty("top", `${below >= above ? line.bottom - frame.top + 2 : above - 2 - list.offsetHeight}px`);
  }

  function hide() {
    list.hidden = true;
    options = [];
  }

  function take(before, n) {
    const start = area.selectionStart;
    area.setRangeText(options[n][0] + (options[n][0].endsWith(":") ? "" : " "), start - before.length, start, "end");
    hide();
    written();
  }

  function written() {
    edited = { at: location.search, text: area.value };
    colour();
  }

  let leaving = false;
  area.addEventListener("input", () => { written(); complete(false); });
  area.addEventListener("scroll", () => { under.scrollTop = area.scrollTop; under.scrollLeft = area.scrollLeft; });
  area.addEventListener("blur", hide);
  area.addEventListener("keydown", (event) => {
    const before = area.value.slice(0, area.selectionStart).match(/[?$\w:.-]*$/)[0];
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); hide(); go(area.value); }
    else if (event.key === " " && event.ctrlKey) { event.preventDefault(); complete(true); }
    else if (!list.hidden && (event.key === "ArrowDown" || event.key === "ArrowUp")) { event.preventDefault(); at = event.key === "ArrowDown" ? (at + 1) % options.length : (at > 0 ? at : options.length) - 1; paint(before); }
    else if (!list.hidden && (event.key === "Tab" || (event.key === "Enter" && at >= 0))) { event.preventDefault(); take(before, Math.max(0, at)); }
    else if (event.key === "Escape") { if (list.hidden) leaving = true; hide(); }
    else if (event.key === "Tab" && !leaving && !event.shiftKey) { event.preventDefault(); area.setRangeText("  ", area.selectionStart, area.selectionEnd, "end"); written(); }
    else if (event.key !== "Shift") leaving = false;
  });

  async function go(words) {
    running?.abort();
    const mine = (running = new AbortController());
    if (words === area.value) edited = null;
    history.replaceState(null, "", `/query?${new URLSearchParams({ query: words })}`);
    show(run, t("run"));
    show(answer, el("p", { class: "quiet" }, t("runs", number(vocabulary.seconds)), " ", el("button", { type: "button", class: "link", "data-key": "run", onclick: () => { mine.abort(); show(answer, el("p", {}, t("stopped"))); } }, t("stop"))));
    document.documentElement.dataset.answered = "";
    try {
      const started = performance.now();
      const got = await reach("sparql", "/sparql", { method: "POST", body: words, signal: mine.signal, headers: { "content-type": "application/sparql-query", accept: "application/sparql-results+json, application/n-triples;q=0.9" } });
      const took = Math.round(performance.now() - started);
      if (got.headers.get("content-type").includes("json")) tell(await got.json(), words, took, got.headers.get("x-truncated"));
      else triples(await got.text(), words, took, got.headers.get("x-truncated"));
      document.documentElement.dataset.answered = "ok";
    } catch (error) {
      if (error.name === "AbortError") return;
      show(answer, trouble(error));
      document.documentElement.dataset.answered = "refused";
    }
  }

  /** How many there are, whether they were cut off, and how many of them are shown. */
  function heading(length, took, cut) {
    say(t("rows", length));
    return [el("h2", {}, t("rows", number(length)), el("small", { class: "quiet" }, ` ${t("inTime", number(took))}`)), cut && el("p", { class: "notice" }, t("cut", number(length))),
      length > SHOWN && el("p", { class: "quiet" }, t("shownRows", number(SHOWN), number(length)))];
  }

  function tell(found, words, took, cut) {
    if ("boolean" in found) return show(answer, el("h2", {}, found.boolean ? t("yes") : t("no")), el("p", { class: "quiet" }, t("inTime", took)));
    const names = found.head.vars, rows = found.results.bindings;
    const csv = `/sparql.csv?${new URLSearchParams({ query: words })}`;
    const about = words.match(/^#\s*title-(?:zh|en):\s*(.+)$/m)?.[1] ?? words.match(/^#\s*(.+)$/m)?.[1] ?? t("answer");
    const bars = barable(names, rows);
    const caption = rows.length > BARS ? t("firstBars", about, BARS, number(rows.length)) : about;
    show(answer, heading(rows.length, took, cut),
      bars && figure({ name: "answer", caption, query: words, cite: summary.cite, csv, draw: (ink) => barChart(bars, ink, caption) }),
      !bars && el("p", {}, el("a", { class: "button", href: csv, download: "answer.csv" }, `${t("download")} CSV`)),
      el("div", { class: "wide", tabindex: 0, role: "region", "aria-label": t("answer") }, el("table", { class: "plain" }, el("thead", {}, el("tr", {}, names.map((name) => el("th", { scope: "col" }, name)))), el("tbody", {}, rows.slice(0, SHOWN).map((row) => el("tr", {}, names.map((name) => el("td", {}, cell(row[name])))))))));
  }

  function cell(term) {
    if (!term) return "";
    if (term.type !== "uri") return term.value;
    const short = term.value.startsWith(summary.base) ? term.value.slice(summary.base.length) : term.value;
    if (short.startsWith("practice/")) return el("a", { href: `/practice?id=${encodeURIComponent(short)}` }, short);
    return short.startsWith("ontology#") ? `gp:${short.slice(9)}` : short;
  }

  function triples(text, words, took, cut) {
    const lines = text.trim().split("\n").filter(Boolean);
    show(answer, heading(lines.length, took, cut), el("p", {}, el("a", { class: "button", href: `/sparql?${new URLSearchParams({ query: words })}`, download: "answer.ttl" }, `${t("download")} Turtle`)), el("pre", { class: "wide", tabindex: 0 }, lines.slice(0, SHOWN).join("\n")));
  }

  colour();
  if (asked) await go(asked);
}

/** A label and a number a row, of the first rows: fit for bars. */
function barable(names, rows) {
  if (rows.length < 2) return null;
  const numeric = names.filter((name) => rows.every((row) => row[name] && row[name].type === "literal" && row[name].value.trim() !== "" && Number.isFinite(Number(row[name].value))));
  const label = names.find((name) => !numeric.includes(name) && rows.some((row) => row[name]?.type === "literal"));
  if (!numeric.length || !label) return null;
  return rows.slice(0, BARS).map((row) => [row[label]?.value ?? "", Number(row[numeric[0]].value)]);
}

function barChart(bars, ink, caption) {
  const most = Math.max(1e-9, ...bars.map(([, value]) => value)), high = 24;
  const short = (label) => ([...label].length > 32 ? `${[...label].slice(0, 31).join("")}…` : label);
  const left = Math.max(212, widest(bars.map(([label]) => short(label)), 12) + 8);
  return sheet(left + 548, bars.length * high + 12, caption, bars.map(([label, value], n) => {
    const wide = Math.max(1, (Math.max(0, value) / most) * 440);
    return [
      text(short(label), left, n * high + 22, ink.ink, { "text-anchor": "end", "font-size": 12 }),
      svg("rect", { x: left + 8, y: n * high + 8, width: wide, height: high - 6, fill: ink.one, rx: 2 }),
      text(number(value), left + 14 + wide, n * high + 22, ink.ink, { "font-size": 12 }),
    ];
  }));
}
