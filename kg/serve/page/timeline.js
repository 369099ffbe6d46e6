// When each region first shows a feature: one dot a region, and how many practices each year has.

import { ask, query } from "./api.js";
import { asked, keep, kinds, levels, select, stated, valueOptions, values } from "./choosing.js";
import { el, show, svg } from "./dom.js";
import { figure, sheet, text } from "./figure.js";
import { years } from "./home.js";
import { add, named, number, t } from "./words.js";

add({
  any: ["任何实践", "Any practice"],
  firsts: ["首次出现", "First appearances"],
  firstsCaption: ["各{0}首次出现“{1}”的时间", "When each {0} first shows “{1}”"],
  hollow: ["空心：报道没有写日期，用报道日期代替", "Hollow: no date is stated, the day of the article stands in its place"],
  undatedRegions: ["另有 {0} 个地区没有日期，或只有计划。", "{0} more regions have no date, or only plans."],
  noFirsts: ["没有带日期的实践。", "No practice with a date."],
  sample: ["报道只是样本：首次出现是这些报道里的首次，不是真正的开始。", "Articles are a sample: a first appearance is the first in these articles, not the beginning."],
  date: ["日期", "Date"],
});
const DEFAULTS = { kind: "format", id: "", level: "province", stated_only: "" };
const SHOWN = 80;

export async function draw(main, overtaken) {
  document.title = `${t("timeline")} · ${t("name")}`;
  const now = asked(DEFAULTS);
  const change = (some) => keep({ ...now, ...some }, DEFAULTS);
  const filters = { ...(now.id ? { [now.kind]: now.id } : {}), stated_only: now.stated_only };
  const wanted = { ...(now.id ? { kind: now.kind, id: now.id } : {}), level: now.level, stated_only: now.stated_only };
  const [all, found] = await Promise.all([values(), ask("timeline", wanted)]);
  if (overtaken()) return;
  const about = found.about ? named(found.about) : t("any");
  const caption = t("firstsCaption", t(found.level), about);
  const shown = found.appearances.slice(0, SHOWN);
  show(main, el("h1", {}, t("timeline")),
    el("div", { class: "controls" }, select(t("kind"), kinds(), now.kind, (kind) => change({ kind, id: "" })), select(t(now.kind), valueOptions(all, now.kind, t("any")), now.id, (id) => change({ id })), select(t("level"), levels(), now.level, (level) => change({ level })), stated(now.stated_only, (stated_only) => change({ stated_only }))),
    el("p", { class: "quiet" }, t("sample")),
    shown.length ? figure({ name: "first-appearances", caption, query: `/api/timeline${query(wanted)}`, cite: found.cite, csv: `/api/timeline.csv${query(wanted)}`, draw: (ink) => dots(shown, ink, caption) }) : el("p", {}, t("noFirsts")),
    el("p", { class: "quiet" }, t("hollow"), found.undated > 0 && ` · ${t("undatedRegions", number(found.undated))}`),
    el("h2", {}, t("byYear")), years(found.years, filters),
    el("h2", {}, t("firsts")),
    el("div", { class: "wide", tabindex: 0, role: "region", "aria-label": t("firsts") }, el("table", { class: "plain" }, el("thead", {}, el("tr", {}, [t("region"), t("date"), t("practice"), t("all")].map((words) => el("th", { scope: "col" }, words)))),
      el("tbody", {}, found.appearances.map((each) => el("tr", {}, el("th", { scope: "row" }, each.region.path.join(" › ")), el("td", {}, each.first_day), el("td", {}, el("a", { href: `/practice?id=${encodeURIComponent(each.practice.id)}` }, each.practice.label)),
        el("td", {}, el("a", { href: `/search${query({ ...filters, region: each.region.id })}` }, number(each.region.practices)))))))));
}

function dots(shown, ink, caption) {
  const left = 120, right = 840, top = 30, high = 20;
  const day = (text) => Date.parse(text) / 86_400_000;
  const first = Number(shown[0].first_day.slice(0, 4)), last = Number(shown.at(-1).first_day.slice(0, 4)) + 1;
  const from = day(`${first}-01-01`), to = day(`${last}-01-01`);
  const x = (text) => left + ((day(text) - from) / (to - from)) * (right - left);
  const step = Math.max(1, Math.ceil((last - first) / 12));
  const bottom = top + shown.length * high;
  const marks = [];
  for (let year = first; year <= last; year += step) marks.push(svg("line", { x1: x(`${year}-01-01`), x2: x(`${year}-01-01`), y1: top - 6, y2: bottom, stroke: ink.line }), text(String(year), x(`${year}-01-01`), top - 12, ink.quiet, { "text-anchor": "middle", "font-size": 11 }));
  return sheet(1000, bottom + 10, caption, marks, shown.map((each, at) => {
    const y = top + at * high + high / 2, place = x(each.first_day);
    return [
      text(each.region.path.at(-1), left - 8, y + 4, ink.ink, { "text-anchor": "end", "font-size": 12 }),
      svg("line", { x1: left, x2: place, y1: y, y2: y, stroke: ink.line, "stroke-dasharray": "2 3" }),
      svg("a", { href: `/practice?id=${encodeURIComponent(each.practice.id)}`, "aria-label": `${each.region.path.join(" › ")} ${each.first_day} ${each.practice.label}` },
        svg("circle", { cx: place, cy: y, r: 5, fill: each.stated ? ink.one : ink.ground, stroke: ink.one, "stroke-width": 2 }, svg("title", {}, `${each.first_day} ${each.practice.label}`)),
        text(each.practice.label.slice(0, 16), place + 10, y + 4, ink.ink, { "font-size": 11 })),
    ];
  }));
}
