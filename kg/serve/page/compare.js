// Comparison: regions by features as a heat map, two regions, two practices.

import { ask, latest, query, trouble } from "./api.js";
import { asked, keep, kinds, levels, select, stated, valueOptions, values } from "./choosing.js";
import { LONGEST, el, sentence, show, svg, typed } from "./dom.js";
import { figure, palette, saving, sheet, text, widest } from "./figure.js";
import { add, named, number, t } from "./words.js";

add({
  matrix: ["热力表", "Heat map"],
  sides: ["两个地区", "Two regions"],
  pair: ["两项实践", "Two practices"],
  one: ["左", "One"],
  second: ["右", "Other"],
  inRegions: ["地区数", "Regions"],
  allOf: ["合计：在这一层级有地点的实践；链接里的搜索还有其余的", "All whose place is known at this level; the search that it leads to has the others as well"],
  sortBy: ["按“{0}”排序", "Sort by {0}"],
  leftOut: ["还有 {0} 个特征、{1} 个地区没有显示；CSV 里更全。", "{0} features and {1} regions are not shown; the CSV has more."],
  matrixCaption: ["各{1}的实践数，按{0}（一项实践可有几种）", "Practices by {0} and {1} (a practice may have several)"],
  cell: ["{0} · {1}：{2} 项实践", "{0} · {1}: {2} practices"],
  sidesCaption: ["{0}（{2} 项实践）与 {1}（{3} 项实践）", "{0} ({2} practices) and {1} ({3} practices)"],
  common: ["两边都有的排在前面", "What both have comes first"],
  both: ["共有", "Both"],
  onlyOne: ["只有左边有", "Only the one"],
  onlyOther: ["只有右边有", "Only the other"],
  chooseSecond: ["搜索要并排的实践…", "Search for a practice …"],
  examples: ["最相近的实践", "Practices with most in common"],
  emptyMatrix: ["没有可比较的内容。", "There is nothing to compare."],
});

const DEFAULTS = { view: "matrix", kind: "format", level: "province", rows: "20", stated_only: "", one: "", other: "", sort: "" };

export async function draw(main, overtaken) {
  document.title = `${t("compare")} · ${t("name")}`;
  const now = asked(DEFAULTS);
  const change = (some) => keep({ ...now, ...some }, DEFAULTS);
  const tabs = el("div", { class: "tabs", role: "tablist" }, ["matrix", "sides", "pair"].map((view) => el("button", { type: "button", role: "tab", "data-key": view, "aria-selected": String(now.view === view), onclick: () => change({ view }) }, t(view))));
  const body = el("div", { class: "body" }, el("p", { class: "quiet" }, t("loading")));
  // What was drawn before stays until the new is there: keys that are pressed meanwhile are not lost.
  const first = !main.querySelector(".body");
  const frame = [el("h1", {}, t("compare")), tabs, body];
  if (first) show(main, frame);
  await { matrix: heat, sides: regions, pair: practices }[now.view in { matrix: 1, sides: 1, pair: 1 } ? now.view : "matrix"](body, now, change);
  if (!first && !overtaken()) show(main, frame);
}

async function heat(body, now, change) {
  const wanted = { kind: now.kind, level: now.level, rows: now.rows, columns: now.level === "province" ? 34 : 40, stated_only: now.stated_only };
  const found = await ask("matrix", wanted);
  let rows = found.rows.map((row, at) => ({ row, cells: found.cells[at], regions: found.regions[at] }));
  let columns = found.columns.map((column, at) => ({ column, at }));
  const sorted = now.sort;
  if (sorted.startsWith("c:")) rows = [...rows].sort((a, b) => { const at = found.columns.findIndex((each) => each.id === sorted.slice(2)); return b.cells[at] - a.cells[at]; });
  if (sorted === "regions") rows = [...rows].sort((a, b) => b.regions - a.regions);
  if (sorted === "all") rows = [...rows].sort((a, b) => b.row.practices - a.row.practices);
  if (sorted.startsWith("r:")) { const at = found.rows.findIndex((each) => each.id === sorted.slice(2)); if (at >= 0) columns = [...columns].sort((a, b) => found.cells[at][b.at] - found.cells[at][a.at]); }
  const most = Math.max(1, ...found.cells.flat());
  const colours = palette();
  const short = (column) => column.path.at(-1);
  const caption = t("matrixCaption", t(found.kind), t(found.level));
  const controls = el("div", { class: "controls" },
    select(t("kind"), kinds(), now.kind, (kind) => change({ kind, sort: "" })), select(t("level"), levels(), now.level, (level) => change({ level, sort: "" })),
    select("↕", [["10", "10"], ["20", "20"], ["50", "50"], ["100", "100"]], now.rows, (rows) => change({ rows })), stated(now.stated_only, (stated_only) => change({ stated_only })));
  if (!rows.length) return show(body, controls, el("p", {}, t("emptyMatrix")));
  const head = el("tr", {}, el("th", { scope: "col" }, t(found.kind)),
    el("th", { scope: "col", class: "turned" }, sorter("regions", t("inRegions"), now, change)), el("th", { scope: "col", class: "turned" }, sorter("all", t("all"), now, change, t("allOf"))),
    columns.map(({ column }) => el("th", { scope: "col", class: "turned", "aria-sort": sorted === `c:${column.id}` ? "descending" : null }, sorter(`c:${column.id}`, short(column), now, change, column.path.join(" › ")))));
  const lines = rows.map(({ row, cells, regions }) => el("tr", {},
    el("th", { scope: "row" }, sorter(`r:${row.id}`, named(row), now, change)), el("td", { class: "sum" }, number(regions)), el("td", { class: "sum" }, el("a", { href: `/search${query({ [found.kind]: row.id, stated_only: now.stated_only })}` }, number(row.practices))),
    columns.map(({ column, at }) => {
      const value = cells[at];
      const [ground, ink] = colours.shade(value / most);
      return el("td", { style: { background: ground, color: ink } }, value ? el("a", { href: `/search${query({ [found.kind]: row.id, region: column.id, stated_only: now.stated_only })}`, title: t("cell", named(row), column.path.join(" › "), value), style: { color: ink } }, number(value)) : "");
    })));
  const table = el("table", { class: "heat" }, el("caption", {}, caption), el("thead", {}, head), el("tbody", {}, lines));
  show(body, controls, el("div", { class: "wide", tabindex: 0, role: "region", "aria-label": caption }, table),
    (found.left_out[0] > 0 || found.left_out[1] > 0) && el("p", { class: "quiet" }, t("leftOut", number(found.left_out[0]), number(found.left_out[1]))),
    saving({ name: `matrix-${found.kind}-${found.level}`, caption, query: `/api/matrix${query(wanted)}`, cite: found.cite, csv: `/api/matrix.csv${query({ kind: now.kind, level: now.level, stated_only: now.stated_only })}`, draw: (ink) => picture(rows, columns, most, ink, caption) }));
  document.addEventListener("themed", () => body.isConnected && location.pathname === "/compare" && change({}), { once: true });
}

function sorter(key, words, now, change, title) {
  return el("button", { type: "button", class: "sorter", "data-key": `sort ${key}`, title: title ?? t("sortBy", words), "aria-pressed": String(now.sort === key), onclick: () => change({ sort: now.sort === key ? "" : key }) }, el("span", {}, words));
}

function picture(rows, columns, most, ink, caption) {
  const turned = widest(columns.map(({ column }) => column.path.at(-1)), 12); // letters that stand at 60°
  const left = Math.max(150, widest(rows.map(({ row }) => named(row)), 12) + 12), top = Math.max(110, turned * 0.87 + 14), wide = 30, high = 22;
  const width = left + columns.length * wide + Math.max(10, turned / 2), height = top + rows.length * high + 10;
  return sheet(width, height, caption,
    columns.map(({ column }, at) => text(column.path.at(-1), 0, 0, ink.ink, { "font-size": 12, transform: `translate(${left + at * wide + wide / 2 + 4} ${top - 6}) rotate(-60)` })),
    rows.map(({ row, cells }, line) => [
      text(named(row), left - 6, top + line * high + 15, ink.ink, { "font-size": 12, "text-anchor": "end" }),
      columns.map(({ at }, place) => {
        const [ground, over] = ink.shade(cells[at] / most);
        return [svg("rect", { x: left + place * wide, y: top + line * high, width: wide - 1, height: high - 1, fill: cells[at] ? ground : "none", stroke: cells[at] ? "none" : ink.line, "stroke-width": 0.5 }),
          cells[at] ? text(String(cells[at]), left + place * wide + wide / 2, top + line * high + 15, over, { "font-size": 11, "text-anchor": "middle" }) : null];
      }),
    ]));
}

async function regions(body, now, change) {
  const all = await values();
  const provinces = all.region.filter((each) => each.level === "province");
  const one = now.one.startsWith("region") || now.one.includes("/region/") ? now.one : provinces[0]?.id;
  const other = now.other.startsWith("region") || now.other.includes("/region/") ? now.other : provinces[1]?.id;
  const options = valueOptions(all, "region");
  const controls = el("div", { class: "controls" }, select(t("one"), options, one, (id) => change({ one: id, other })), select(t("second"), options, other, (id) => change({ one, other: id })), stated(now.stated_only, (stated_only) => change({ stated_only, one, other })));
  if (!one || !other) return show(body, controls, el("p", {}, t("emptyMatrix")));
  const wanted = { one, other, stated_only: now.stated_only };
  const found = await ask("sides", wanted);
  const caption = t("sidesCaption", found.one.label, found.other.label, number(found.one.practices), number(found.other.practices));
  show(body, controls, el("p", { class: "quiet" }, t("common")),
    figure({ name: "two-regions", caption, query: `/api/sides${query(wanted)}`, cite: found.cite, csv: `/api/sides.csv${query(wanted)}`, draw: (ink) => butterfly(found, ink, caption, now.stated_only) }),
    el("h2", {}, t("examples")),
    el("div", { class: "two" }, [found.one, found.other].map((side, at) => el("div", {}, el("h3", {}, el("a", { href: `/search${query({ region: side.id, stated_only: now.stated_only })}` }, side.path.join(" › "))), el("ol", { class: "cards" }, found.cards[at].map(small))))));
}

function butterfly(found, ink, caption, stated_only) {
  const half = Math.max(90, widest(found.features.map((each) => named(each.feature)), 12) / 2 + 8);
  const high = 24, middle = half + 270, reach = 220, top = 30;
  const most = Math.max(1, ...found.features.flatMap((each) => [each.one, each.other]));
  const lines = [];
  let y = top;
  for (const kind of ["format", "audience", "topic"]) {
    const some = found.features.filter((each) => each.kind === kind);
    if (!some.length) continue;
    lines.push(text(t(kind), middle, y + 16, ink.quiet, { "font-size": 12, "text-anchor": "middle", "font-weight": 600 }));
    y += high;
    for (const each of some) {
      const link = (side, x, anchor, value) => value > 0 && svg("a", { href: `/search${query({ [kind]: each.feature.id, region: side.id, stated_only })}` }, text(number(value), x, y + 15, ink.ink, { "font-size": 12, "text-anchor": anchor }));
      const [left, right] = [each.one, each.other].map((value) => (value / most) * (reach - 40));
      lines.push(svg("rect", { x: middle - half - left, y: y + 3, width: left, height: high - 6, fill: ink.one, rx: 2 }), svg("rect", { x: middle + half, y: y + 3, width: right, height: high - 6, fill: ink.other, rx: 2 }),
        link(found.one, middle - half - 4 - left, "end", each.one), link(found.other, middle + half + 4 + right, "start", each.other),
        text(named(each.feature), middle, y + 16, ink.ink, { "font-size": 12, "text-anchor": "middle" }));
      y += high;
    }
  }
  return sheet(2 * middle, y + 10, caption, text(found.one.label, middle - half - 10, 18, ink.one, { "text-anchor": "end", "font-weight": 700 }), text(found.other.label, middle + half + 10, 18, ink.other, { "font-weight": 700 }), lines);
}

function small(card) {
  return el("li", { class: "card" }, el("a", { href: `/practice?id=${encodeURIComponent(card.id)}` }, card.label), el("span", { class: "quiet" }, ` ${card.place.at(-1) ?? ""} ${card.first_day}`), card.sentence && el("blockquote", {}, sentence(card.sentence.text, card.sentence.start, card.sentence.end)));
}

async function practices(body, now, change) {
  const isPractice = (id) => id.startsWith("practice") || id.includes("/practice/");
  const one = isPractice(now.one) ? now.one : "", other = isPractice(now.other) ? now.other : "";
  const pickers = el("div", { class: "two" }, picker(t("one"), (id) => change({ one: id, other })), picker(t("second"), (id) => change({ one, other: id })));
  if (!one || !other) {
    const first = one && (await ask("practice", { id: one }));
    const near = one ? await ask("similar", { id: one }) : [];
    return show(body, first && el("p", {}, el("strong", {}, first.label), ` ${first.path.map((step) => step.name).join(" › ")}`), pickers,
      near.length > 0 && [el("h2", {}, t("nearest")), el("ul", {}, near.map((like) => el("li", {}, el("button", { type: "button", class: "link", "data-key": t("second"), onclick: () => change({ other: like.id }) }, like.label), el("span", { class: "quiet" }, ` ${like.place}`))))]);
  }
  const found = await ask("pair", { one, other });
  const kindsOf = ["format", "audience", "topic"];
  const chips = (list, kind) => el("td", {}, el("div", { class: "chips" }, list.map((each) => el("a", { class: `chip slot-${kind}s`, href: `/search?${kind}=${encodeURIComponent(each.id)}` }, named(each)))));
  show(body, pickers,
    el("div", { class: "two" }, [found.one, found.other].map((card) => el("div", {}, el("h2", {}, el("a", { href: `/practice?id=${encodeURIComponent(card.id)}` }, card.label)), el("p", { class: "quiet" }, `${card.place.join(" › ")} · ${card.first_day}`), card.sentence && el("blockquote", {}, sentence(card.sentence.text, card.sentence.start, card.sentence.end))))),
    el("div", { class: "wide" }, el("table", { class: "plain" }, el("thead", {}, el("tr", {}, el("td"), el("th", { scope: "col" }, t("onlyOne")), el("th", { scope: "col" }, t("both")), el("th", { scope: "col" }, t("onlyOther")))),
      el("tbody", {}, kindsOf.map((kind) => el("tr", {}, el("th", { scope: "row" }, t(kind)), chips(found.only_one[kind], kind), chips(found.both[kind], kind), chips(found.only_other[kind], kind)))))));
}

function picker(label, act) {
  const list = el("ul", { class: "picked" });
  const box = el("input", { type: "search", "data-key": label, "aria-label": `${label}: ${t("chooseSecond")}`, placeholder: t("chooseSecond"), maxlength: LONGEST, autocomplete: "off" });
  const ask = latest();
  typed(box, async () => {
    let found = { cards: [] };
    try {
      if (box.value.trim()) found = await ask("search", { q: box.value.trim(), limit: 6 });
    } catch (error) {
      if (error.name !== "AbortError") show(list, el("li", {}, trouble(error)));
      return;
    }
    show(list, found.cards.map((card) => el("li", {}, el("button", { type: "button", class: "link", "data-key": label, onclick: () => act(card.id) }, card.label), el("span", { class: "quiet" }, ` ${card.place.join(" › ")}`))));
  }, 150);
  return el("div", {}, el("label", {}, `${label} `, box), list);
}
