// SPARQL: an editor with colours and completion, the catalogue as examples, the answer as table, CSV and bars.

import { ask } from "./api.js";
import { el, say, show, svg } from "./dom.js";
import { figure, sheet, text } from "./figure.js";
import { add, current, number, t } from "./words.js";

add({
  examples: ["现成的查询", "Ready-made queries"],
  chooseExample: ["选一个…", "Choose one …"],
  run: ["运行", "Run"],
  stop: ["停止", "Stop"],
  runs: ["正在查询…（至多 {0} 秒）", "Running … (at most {0} seconds)"],
  limits: ["只读；{0} 秒后停止，至多 {1} 行。Ctrl+Enter 运行，Ctrl+空格补全，Esc 后 Tab 离开编辑框。", "Read-only; stopped after {0} seconds, at most {1} rows. Ctrl+Enter runs, Ctrl+Space completes, Esc then Tab leaves the editor."],
  rows: ["{0} 行", "{0} rows"],
  cut: ["结果在 {0} 行处截断", "The answer was cut off after {0} rows"],
  shownRows: ["显示前 {0} 行；CSV 里有全部。", "The first {0} rows are shown; the CSV has all."],
  yes: ["是", "Yes"],
  no: ["否", "No"],
  editor: ["SPARQL 查询", "SPARQL query"],
  stopped: ["查询被停止了", "The query was stopped"],
  answer: ["结果", "Answer"],
  parameters: ["可填的参数（留空为全部）写成 $名字", "Parameters are written $name; left alone they stand for all"],
});
const SHOWN = 500;
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
  const run = el("button", { type: "button", class: "primary", id: "run", onclick: () => go() }, t("run"));
  let running = null;
  area.value = given.get("query") ?? named?.text ?? START;
  const title = (each) => (current() === "zh" ? each.title_zh : each.title_en);
  show(main, el("h1", {}, "SPARQL"),
    el("div", { class: "controls" }, el("label", {}, `${t("examples")} `, el("select", { id: "examples", onchange: (event) => { const each = examples.find((one) => one.name === event.target.value); if (each) { area.value = each.text; colour(); area.focus(); go(); } } }, el("option", { value: "" }, t("chooseExample")), examples.map((each) => el("option", { value: each.name, selected: each === named }, title(each)))))),
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
  let options = [], at = 0;
  function complete(force) {
    const before = area.value.slice(0, area.selectionStart).match(/[?$\w:.-]*$/)[0];
    if (!force && before.length < 2) return hide();
    const low = before.toLowerCase();
    const variables = [...new Set(area.value.match(/[?$]\w+/g) ?? [])].filter((name) => name !== before).map((name) => [name, ""]);
    const terms = vocabulary.terms.map((term) => [term.name, current() === "zh" ? term.label : term.label_en, term.comment]);
    const all = before.startsWith("?") || before.startsWith("$") ? variables : [...terms, ...Object.keys(vocabulary.prefixes).map((name) => [`${name}:`, vocabulary.prefixes[name]]), ...WORDS.map((word) => [word, ""])];
    options = all.filter(([name, label]) => name.toLowerCase().startsWith(low) || (low.length > 1 && name.toLowerCase().split(":").at(-1).startsWith(low)) || (force && label.toLowerCase().includes(low))).filter(([name]) => name !== before).slice(0, 9);
    at = 0;
    if (!options.length) return hide();
    paint(before);
  }

  function paint(before) {
    list.hidden = false;
    area.setAttribute("aria-expanded", "true");
    show(list, options.map(([name, label, comment], n) => el("li", { role: "option", "aria-selected": String(n === at), title: comment, onpointerdown: (event) => { event.preventDefault(); at = n; take(before); } }, el("code", {}, name), el("span", { class: "quiet" }, ` ${label}`))));
  }

  function hide() {
    list.hidden = true;
    options = [];
  }

  function take(before) {
    const start = area.selectionStart;
    area.setRangeText(options[at][0] + (options[at][0].endsWith(":") ? "" : " "), start - before.length, start, "end");
    hide();
    colour();
  }

  let leaving = false;
  area.addEventListener("input", () => { colour(); complete(false); });
  area.addEventListener("scroll", () => { under.scrollTop = area.scrollTop; under.scrollLeft = area.scrollLeft; });
  area.addEventListener("blur", hide);
  area.addEventListener("keydown", (event) => {
    const before = area.value.slice(0, area.selectionStart).match(/[?$\w:.-]*$/)[0];
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); hide(); go(); }
    else if (event.key === " " && event.ctrlKey) { event.preventDefault(); complete(true); }
    else if (!list.hidden && (event.key === "ArrowDown" || event.key === "ArrowUp")) { event.preventDefault(); at = (at + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length; paint(before); }
    else if (!list.hidden && (event.key === "Enter" || event.key === "Tab")) { event.preventDefault(); take(before); }
    else if (event.key === "Escape") { if (list.hidden) leaving = true; hide(); }
    else if (event.key === "Tab" && !leaving && !event.shiftKey) { event.preventDefault(); area.setRangeText("  ", area.selectionStart, area.selectionEnd, "end"); colour(); }
    else if (event.key !== "Shift") leaving = false;
  });

  async function go() {
    running?.abort();
    const mine = (running = new AbortController());
    const words = area.value;
    history.replaceState(null, "", `/query?${new URLSearchParams({ query: words })}`);
    show(run, t("run"));
    show(answer, el("p", { class: "quiet" }, t("runs", number(vocabulary.seconds)), " ", el("button", { type: "button", class: "link", onclick: () => { mine.abort(); show(answer, el("p", {}, t("stopped"))); } }, t("stop"))));
    document.documentElement.dataset.answered = "";
    try {
      const started = performance.now();
      const got = await fetch("/sparql", { method: "POST", body: words, signal: mine.signal, headers: { "content-type": "application/sparql-query", accept: "application/sparql-results+json, application/n-triples;q=0.9" } });
      const took = Math.round(performance.now() - started);
      if (!got.ok) {
        const problem = await got.json().catch(() => ({ what: got.statusText }));
        show(answer, el("p", { class: "problem", role: "alert" }, [problem.where, problem.what].filter(Boolean).join(": "), problem.remedy && ` (${problem.remedy})`));
      } else if (got.headers.get("content-type").includes("json")) tell(await got.json(), words, took, got.headers.get("x-truncated"));
      else triples(await got.text(), took);
      document.documentElement.dataset.answered = got.ok ? "ok" : "refused";
    } catch (error) {
      if (error.name !== "AbortError") show(answer, el("p", { class: "problem", role: "alert" }, error.message));
    }
  }

  function tell(found, words, took, cut) {
    if ("boolean" in found) return show(answer, el("h2", {}, found.boolean ? t("yes") : t("no")), el("p", { class: "quiet" }, t("inTime", took)));
    const names = found.head.vars, rows = found.results.bindings;
    say(t("rows", rows.length));
    const csv = `/sparql.csv?${new URLSearchParams({ query: words })}`;
    const caption = words.match(/^#\s*title-(?:zh|en):\s*(.+)$/m)?.[1] ?? words.match(/^#\s*(.+)$/m)?.[1] ?? t("answer");
    const bars = barable(names, rows);
    show(answer, el("h2", {}, t("rows", number(rows.length)), el("small", { class: "quiet" }, ` ${t("inTime", number(took))}`)), cut && el("p", { class: "notice" }, t("cut", number(rows.length))),
      bars && figure({ name: "answer", caption, query: words, cite: summary.cite, csv, draw: (ink) => barChart(bars, ink, caption) }),
      !bars && el("p", {}, el("a", { class: "button", href: csv, download: "answer.csv" }, `${t("download")} CSV`)),
      rows.length > SHOWN && el("p", { class: "quiet" }, t("shownRows", number(SHOWN))),
      el("div", { class: "wide", tabindex: 0, role: "region", "aria-label": t("answer") }, el("table", { class: "plain" }, el("thead", {}, el("tr", {}, names.map((name) => el("th", { scope: "col" }, name)))), el("tbody", {}, rows.slice(0, SHOWN).map((row) => el("tr", {}, names.map((name) => el("td", {}, cell(row[name])))))))));
  }

  function cell(term) {
    if (!term) return "";
    if (term.type !== "uri") return term.value;
    const short = term.value.startsWith(summary.base) ? term.value.slice(summary.base.length) : term.value;
    if (short.startsWith("practice/")) return el("a", { href: `/practice?id=${encodeURIComponent(short)}` }, short);
    return short.startsWith("ontology#") ? `gp:${short.slice(9)}` : short;
  }

  function triples(text, took) {
    const lines = text.trim().split("\n").filter(Boolean);
    show(answer, el("h2", {}, t("rows", number(lines.length)), el("small", { class: "quiet" }, ` ${t("inTime", number(took))}`)), el("pre", { class: "wide", tabindex: 0 }, lines.slice(0, SHOWN).join("\n")));
  }

  colour();
  if (given.get("query") || named) await go();
}

/** A label and a number a row, at most thirty: fit for bars. */
function barable(names, rows) {
  if (rows.length < 2) return null;
  const numeric = names.filter((name) => rows.every((row) => row[name] && row[name].type === "literal" && row[name].value.trim() !== "" && Number.isFinite(Number(row[name].value))));
  const label = names.find((name) => !numeric.includes(name) && rows.some((row) => row[name]?.type === "literal"));
  if (!numeric.length || !label) return null;
  return rows.slice(0, 30).map((row) => [row[label]?.value ?? "", Number(row[numeric[0]].value)]);
}

function barChart(bars, ink, caption) {
  const most = Math.max(1e-9, ...bars.map(([, value]) => value)), high = 24;
  return sheet(760, bars.length * high + 12, caption, bars.map(([label, value], n) => [
    text([...label].slice(0, 16).join(""), 212, n * high + 22, ink.ink, { "text-anchor": "end", "font-size": 12 }),
    svg("rect", { x: 220, y: n * high + 8, width: Math.max(1, (Math.max(0, value) / most) * 440), height: high - 6, fill: ink.one, rx: 2 }),
    text(number(value), 226 + Math.max(1, (Math.max(0, value) / most) * 440), n * high + 22, ink.ink, { "font-size": 12 }),
  ]));
}
