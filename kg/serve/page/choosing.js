// Choices that stand in the address: what a comparison is about.

import { ask, query } from "./api.js";
import { el } from "./dom.js";
import { named, number, t } from "./words.js";

/** The parameters of the address, with these values where they are absent. */
export function asked(defaults) {
  const given = new URLSearchParams(location.search);
  return Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, given.get(name) ?? value]));
}

/** Puts them into the address, without what is as it always is, and has the view drawn that it asks for (main.js). */
export function keep(values, defaults) {
  const address = location.pathname + query(Object.fromEntries(Object.entries(values).filter(([name, value]) => String(value) !== String(defaults[name]))));
  if (address !== location.pathname + location.search) history.pushState(null, "", address);
  dispatchEvent(new PopStateEvent("popstate"));
}

export function select(label, options, value, act, disabled = false) {
  return el("label", { class: "choice" }, `${label} `, el("select", { "data-key": `select ${label}`, disabled, onchange: (event) => act(event.target.value) }, options.map(([id, words]) => el("option", { value: id, selected: id === value }, words))));
}

export const kinds = () => ["format", "audience", "topic"].map((kind) => [kind, t(kind)]);
export const levels = (...some) => (some.length ? some : ["province", "prefecture", "county"]).map((level) => [level, t(level)]);

export function stated(value, act) {
  return el("label", { class: "choice" }, el("input", { type: "checkbox", "data-key": "stated", checked: value === "true", onchange: (event) => act(event.target.checked ? "true" : "") }), " ", t("stated"));
}

let facets;
/** The values that practices have, by kind, with their counts. */
export async function values() {
  facets ??= (await ask("search", { limit: 0, values: 300 })).facets;
  return facets;
}

export function valueOptions(found, kind, none) {
  // Provinces first, then what lies in them.
  const ordered = kind === "region" ? [...found[kind]].sort((a, b) => a.path.length - b.path.length || b.practices - a.practices) : found[kind];
  const some = ordered.map((each) => [each.id, `${kind === "region" ? each.path.join(" › ") : named(each)} (${number(each.practices)})`]);
  return none ? [["", none], ...some] : some;
}
