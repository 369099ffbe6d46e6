// The first view: what is in the graph, and what to ask it.

import { ask, query } from "./api.js";
import { LONGEST, el, show } from "./dom.js";
import { named, number, t } from "./words.js";

export async function draw(main) {
  const all = await ask("summary", { top: 8 });
  document.title = t("name");
  const format = all.top.format[0], audience = all.top.audience[0], topic = all.top.topic[0];
  const question = (href, words, more) => el("a", { class: "question", href }, el("strong", {}, words), el("span", {}, more));
  show(main,
    el("section", { class: "hero" },
      el("h1", {}, t("name")),
      el("p", { class: "lead" }, t("lead", number(all.articles), number(all.practices), number(all.provinces))),
      el("form", { role: "search", action: "/search", class: "big" },
        el("input", { id: "q", type: "search", name: "q", maxlength: LONGEST, placeholder: t("askFor"), "aria-label": t("search"), autocomplete: "off", autofocus: matchMedia("(min-width: 700px)").matches }),
        el("button", { class: "primary" }, t("search"))),
      all.first && el("p", { class: "quiet" }, t("span", all.first, all.last), " · ", t("caution"))),
    el("section", { "aria-labelledby": "asking" },
      el("h2", { id: "asking" }, t("ask")),
      el("div", { class: "questions" },
        question("/compare", t("askShared"), t("askSharedMore")),
        format && question(`/timeline?kind=format&id=${encodeURIComponent(format.id)}`, t("askSpread", named(format)), t("askSpreadMore")),
        audience && question(`/search?audience=${encodeURIComponent(audience.id)}`, t("askFor2", named(audience)), t("askFor2More")),
        topic && question(`/map?kind=topic&id=${encodeURIComponent(topic.id)}`, t("askMap", named(topic)), t("askMapMore")),
        question("/graph", t("askFamily"), t("askFamilyMore")),
        question("/query", t("askSparql"), t("askSparqlMore")))),
    el("section", { class: "tops" }, ["region", "format", "audience", "topic"].map((kind) => top(kind, all.top[kind]))),
    el("section", { "aria-labelledby": "years" }, el("h2", { id: "years" }, t("byYear")), years(all.years)));
}

function top(kind, values) {
  const most = Math.max(1, ...values.map((value) => value.practices));
  return el("div", {},
    el("h2", {}, t(kind)),
    el("ol", { class: "bars" }, values.map((value) =>
      el("li", {}, el("a", { href: `/search?${kind}=${encodeURIComponent(value.id)}` },
        el("span", { class: "bar", style: { "--share": value.practices / most } }), el("span", { class: "what" }, named(value)), el("span", { class: "count" }, number(value.practices)))))));
}

/** Bars that lead to the practices of a year; filters are what else those must fit. */
export function years(counts, filters = {}) {
  const known = Object.entries(counts).filter(([year]) => year);
  const most = Math.max(1, ...known.map(([, count]) => count));
  return el("ol", { class: "years" }, known.map(([year, count]) =>
    el("li", {}, el("a", { href: `/search${query({ ...filters, since: year, until: year })}`, title: `${year}: ${count}` },
      el("span", { class: "column", style: { "--share": count / most } }), el("span", {}, year), el("span", { class: "count" }, number(count))))));
}
