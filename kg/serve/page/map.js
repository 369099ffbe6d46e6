// The map: a tile a province, in about the place where it lies; its prefectures below it.

import { ask, query } from "./api.js";
import { asked, keep, kinds, select, stated, valueOptions, values } from "./choosing.js";
import { el, show, svg } from "./dom.js";
import { figure, sheet, text } from "./figure.js";
import { add, named, number, t } from "./words.js";

add({
  any: ["任何实践", "Any practice"],
  colour: ["颜色", "Colour"],
  count: ["实践数", "Count"],
  share: ["占比", "Share"],
  mapCaption: ["各省级地区有“{0}”的实践（{1}）", "Practices with “{0}” by province ({1})"],
  mapAny: ["各省级地区的实践数", "Practices by province"],
  tiles: ["方格示意图：每个省级地区一格，大小与面积、人口无关，不表示边界。", "A tile grid: one tile a province; size says nothing of area or people, and no border is shown."],
  below: ["{0}：各地级市州", "{0}: prefectures"],
  pick: ["点一个省份，看它的各地级市州。", "Choose a province to see its prefectures."],
  offGrid: ["不在图上的地区", "Regions not on the map"],
  notKnown: ["地点不明", "Place not known"],
});

// Column, row, short name, English name. The arrangement is this project's own.
const TILES = [
  [8, 0, "黑龙江", "Heilongjiang"], [5, 1, "内蒙古", "Inner Mongolia"], [7, 1, "辽宁", "Liaoning"], [8, 1, "吉林", "Jilin"],
  [0, 2, "新疆", "Xinjiang"], [2, 2, "甘肃", "Gansu"], [3, 2, "宁夏", "Ningxia"], [4, 2, "山西", "Shanxi"], [5, 2, "河北", "Hebei"], [6, 2, "北京", "Beijing"], [7, 2, "天津", "Tianjin"],
  [1, 3, "青海", "Qinghai"], [3, 3, "陕西", "Shaanxi"], [4, 3, "河南", "Henan"], [5, 3, "山东", "Shandong"], [6, 3, "江苏", "Jiangsu"], [7, 3, "上海", "Shanghai"],
  [0, 4, "西藏", "Tibet"], [2, 4, "四川", "Sichuan"], [3, 4, "重庆", "Chongqing"], [4, 4, "湖北", "Hubei"], [5, 4, "安徽", "Anhui"], [6, 4, "浙江", "Zhejiang"],
  [3, 5, "贵州", "Guizhou"], [4, 5, "湖南", "Hunan"], [5, 5, "江西", "Jiangxi"], [6, 5, "福建", "Fujian"], [7, 5, "台湾", "Taiwan"],
  [2, 6, "云南", "Yunnan"], [3, 6, "广西", "Guangxi"], [4, 6, "广东", "Guangdong"], [5, 6, "香港", "Hong Kong"], [3, 7, "海南", "Hainan"], [4, 7, "澳门", "Macao"],
];
const SIZE = 72;
const DEFAULTS = { kind: "topic", id: "", by: "count", province: "", stated_only: "" };

export async function draw(main, overtaken) {
  document.title = `${t("map")} · ${t("name")}`;
  const now = asked(DEFAULTS);
  const change = (some) => keep({ ...now, ...some }, DEFAULTS);
  const wanted = { ...(now.id ? { kind: now.kind, id: now.id } : {}), stated_only: now.stated_only };
  const [all, found, lower] = await Promise.all([values(), ask("map", wanted), now.province ? ask("map", { ...wanted, level: "prefecture" }) : null]);
  if (overtaken()) return;
  const about = found.about ? named(found.about) : t("any");
  const by = now.id ? now.by : "count";
  const caption = now.id ? t("mapCaption", about, t(by)) : t("mapAny");
  const filters = { ...(now.id ? { [now.kind]: now.id } : {}), stated_only: now.stated_only };
  const chosen = found.regions.find((each) => each.region.id === now.province);
  const placed = new Map(TILES.map((tile) => [tile, found.regions.find((each) => each.region.label.startsWith(tile[2]))]));
  const off = found.regions.filter((each) => ![...placed.values()].includes(each));
  show(main, el("h1", {}, t("map")),
    el("div", { class: "controls" }, select(t("kind"), kinds(), now.kind, (kind) => change({ kind, id: "" })), select(t(now.kind), valueOptions(all, now.kind, t("any")), now.id, (id) => change({ id })),
      select(t("colour"), [["count", t("count")], ["share", t("share")]], by, (value) => change({ by: value }), !now.id), stated(now.stated_only, (stated_only) => change({ stated_only }))),
    el("div", { class: "beside map" },
      figure({ name: "map", caption, query: `/api/map${query(wanted)}`, cite: found.cite, csv: `/api/map.csv${query(wanted)}`, draw: (ink) => grid(placed, by, ink, caption, now.province, (province) => change({ province })) }),
      el("aside", { "aria-live": "polite" }, chosen
        ? [el("h2", {}, t("below", chosen.region.label)), bars(lower.regions.filter((each) => each.region.path[0] === chosen.region.label), filters, by),
          el("p", {}, el("a", { class: "button", href: `/search${query({ ...filters, region: chosen.region.id })}` }, `${chosen.region.label} → ${t("search")}`), " ", el("a", { class: "button", href: `/api/map.csv${query({ ...wanted, level: "prefecture" })}`, download: "map-prefecture.csv" }, "CSV"))]
        : el("p", { class: "quiet" }, t("pick")),
      off.length > 0 && [el("h2", {}, t("offGrid")), bars(off, filters, by)])),
    el("p", { class: "quiet" }, t("tiles")));
}

const amount = (each, by) => (by === "share" ? each.value / each.whole : each.value);
const said = (each, by) => (by === "share" ? `${Math.round((100 * each.value) / each.whole)} %` : number(each.value));

function grid(placed, by, ink, caption, chosen, act) {
  const english = document.documentElement.lang === "en";
  const most = Math.max(by === "share" ? 0.01 : 1, ...[...placed.values()].filter(Boolean).map((each) => amount(each, by)));
  const tiles = [...placed].map(([[column, row, zh, en], each]) => {
    const [ground, over] = ink.shade(each ? amount(each, by) / most : 0);
    const x = column * SIZE + 4, y = row * SIZE + 4;
    const name = english ? en : zh;
    const choose = () => act(each.region.id === chosen ? "" : each.region.id);
    return svg("g", each ? { role: "button", tabindex: 0, class: "tile", "data-key": `tile ${zh}`, "aria-label": `${name} ${said(each, by)}`, "aria-pressed": String(each.region.id === chosen), onclick: choose, onkeydown: (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(); } } } : {},
      svg("rect", { x, y, width: SIZE - 4, height: SIZE - 4, rx: 6, fill: each?.value ? ground : ink.ground, stroke: each && each.region.id === chosen ? ink.other : ink.line, "stroke-width": each && each.region.id === chosen ? 4 : 1 }),
      text(name, x + SIZE / 2 - 2, y + 30, each?.value ? over : ink.quiet, { "text-anchor": "middle", "font-size": english && name.length > 9 ? 9 : 13 }),
      each && text(said(each, by), x + SIZE / 2 - 2, y + 50, each.value ? over : ink.quiet, { "text-anchor": "middle", "font-size": 13 }),
      svg("title", {}, `${name} ${each ? `${number(each.value)} / ${number(each.whole)}` : "–"}`));
  });
  const legend = [0.05, 0.25, 0.5, 1].map((part, at) => [svg("rect", { x: 4 + at * 66, y: 8 * SIZE + 12, width: 64, height: 14, fill: ink.shade(part)[0] }), text(by === "share" ? `${Math.round(most * part * 100)} %` : number(Math.max(1, Math.round(most * part))), 4 + at * 66 + 32, 8 * SIZE + 42, ink.quiet, { "text-anchor": "middle", "font-size": 11 })]);
  const drawn = sheet(9 * SIZE + 8, 8 * SIZE + 52, caption, tiles, legend);
  drawn.setAttribute("role", "group");
  return drawn;
}

function bars(some, filters, by) {
  const most = Math.max(by === "share" ? 0.01 : 1, ...some.map((each) => amount(each, by)));
  return el("ol", { class: "bars" }, some.map((each) => el("li", {}, el("a", { href: `/search${query({ ...filters, region: each.region.id })}` }, el("span", { class: "bar", style: { "--share": amount(each, by) / most } }), el("span", { class: "what" }, each.region.path.at(-1)), el("span", { class: "count" }, said(each, by))))));
}
