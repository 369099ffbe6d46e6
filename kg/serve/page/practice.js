// One practice: what is said of it, each value with the sentence that says it.

import { ask, trouble } from "./api.js";
import { el, say, sentence, show } from "./dom.js";
import { named, number, t } from "./words.js";

const SLOTS = ["programme", "formats", "audiences", "topics", "organisers", "partners", "venues", "channels", "outcomes", "dates", "region"];

export async function draw(main) {
  const id = new URLSearchParams(location.search).get("id") ?? "";
  const found = await ask("practice", { id });
  document.title = `${found.label} · ${t("name")}`;
  const near = el("section", { "aria-labelledby": "near" }, el("h2", { id: "near" }, t("nearest")), el("p", { class: "quiet" }, t("loading")));
  const all = el("button", { type: "button", class: "link", "aria-expanded": "false", onclick: () => {
    const opening = all.getAttribute("aria-expanded") === "false";
    for (const each of main.querySelectorAll(".values button[aria-expanded]")) if ((each.getAttribute("aria-expanded") === "false") === opening) each.click();
    all.setAttribute("aria-expanded", String(opening));
    show(all, t(opening ? "closeAll" : "openAll"));
  } }, t("openAll"));

  show(main,
    el("article", { class: "practice" },
      crumbs(found),
      el("div", { class: "title" }, el("h1", {}, found.label),
        found.planned && el("span", { class: "tag" }, t("planned")), !found.named && el("span", { class: "tag" }, t("unnamed"))),
      el("p", { class: "quiet" }, found.first_day && `${t("first")} ${found.first_day} · `, t("nArticles", found.articles.filter((each) => !each.repost_of).length), ` · ${t("confidence").replace(/至少| at least/, "")} ${number(found.confidence)}`),
      el("p", { class: "actions" },
        el("a", { class: "button", href: `/graph?id=${encodeURIComponent(found.id)}` }, t("inGraph")),
        el("a", { class: "button", href: `/compare?view=pair&one=${encodeURIComponent(found.id)}` }, t("compareWith")),
        el("a", { class: "button", href: `/api/practice.csv?id=${encodeURIComponent(found.id)}`, download: "practice.csv" }, `${t("download")} CSV`), all),
      found.part_of && el("p", {}, `${t("partOf")} `, link(found.part_of)),
      found.parts.length > 0 && el("p", {}, `${t("parts")} `, found.parts.map((part, place) => [place ? "、" : "", link(part)])),
      found.disagreements.map((each) => disagreement(found, each)),
      el("dl", { class: "values" }, SLOTS.map((slot) => row(found, slot))),
      el("section", { "aria-labelledby": "told" }, el("h2", { id: "told" }, t("sources")), el("ul", { class: "sources" }, found.articles.map(source))),
      near,
      el("section", { class: "citing", "aria-labelledby": "citing" }, el("h2", { id: "citing" }, t("cite")), cited(found.cite))));

  ask("similar", { id }).then((likes) => show(near, el("h2", { id: "near" }, t("nearest")), likes.length ? el("ol", { class: "near" }, likes.map((like) => liked(found, like))) : el("p", {}, t("noNear"))))
    .catch((error) => show(near, trouble(error)));
}

export function crumbs(found) {
  return el("nav", { class: "crumbs", "aria-label": t("region") }, el("ol", {}, found.path.map((step) =>
    el("li", {}, el("a", { href: `/search?region=${encodeURIComponent(step.id)}`, title: t(step.level) }, step.name), !step.stated && el("small", {}, ` ${t("inferred")}`)))),
    found.path.length === 0 && el("span", { class: "quiet" }, t("placeUnknown")));
}

const link = (thing) => el("a", { href: `/practice?id=${encodeURIComponent(thing.id)}` }, thing.label);

function disagreement(found, each) {
  return el("aside", { class: "disagreement" }, el("strong", {}, t("disagree")), ` ${t(each.slot)} ${each.about.replace(/\((\w+)\)$/, (_, word) => `（${t(word)}）`)} — `, t(each.between_articles ? "disagreeBetween" : "disagreeWithin"), ": ",
    each.values.map((place, turn) => [turn ? " / " : "", el("b", {}, figure(found.values[place])), ` (${[...new Set(found.values[place].evidence.map((proof) => proof.file))].join(", ")})`]));
}

function row(found, slot) {
  const values = found.values.filter((value) => value.slot === slot);
  if (!values.length) return null;
  const proofs = el("div", { class: "proofs" });
  const buttons = values.map((value) => {
    const own = el("ul", { class: "proof", hidden: true }, value.evidence.map((each) => proof(each, slot)));
    proofs.append(own);
    const button = el("button", { type: "button", class: `chip slot-${slot}`, "aria-expanded": "false", onclick: () => {
      own.hidden = !own.hidden;
      button.setAttribute("aria-expanded", String(!own.hidden));
      if (!own.hidden) say(value.evidence[0]?.sentence ?? "");
    } }, spoken(value), value.inferred && el("small", {}, ` ${t("inferred")}`), value.candidate && el("small", {}, ` ${t("candidate")}`));
    return button;
  });
  return [el("dt", {}, t(slot)), el("dd", {}, el("div", { class: "chips" }, buttons), proofs)];
}

function figure(value) {
  if (value.slot !== "outcomes") return value.detail.iso ?? value.text;
  const sign = { ">": ">", "<": "<", "~": "≈" }[value.detail.comparator] ?? "";
  return `${sign}${number(value.detail.value)} ${value.detail.unit ?? ""}`;
}

function spoken(value) {
  if (value.slot === "outcomes") {
    const way = value.detail.modality && value.detail.modality !== "achieved" ? ` (${t(value.detail.modality)})` : "";
    return `${figure(value)}${value.detail.what ? ` ${value.detail.what}` : ""}${way}`;
  }
  if (value.slot === "dates") return `${value.text}${value.detail.iso && value.detail.iso !== value.text ? ` → ${value.detail.iso}` : ""}${value.detail.role ? ` · ${t(value.detail.role)}` : ""}`;
  const label = named(value);
  return label !== value.text ? `${value.text} → ${label}` : value.text;
}

export function proof(each, slot) {
  return el("li", {},
    el("blockquote", {}, sentence(each.sentence, each.sentence_start, each.sentence_end, slot)),
    el("p", { class: "quiet" },
      el("a", { href: `/article?file=${encodeURIComponent(each.file)}&at=${each.start}-${each.end}` }, t("readIt")), ` · ${each.file} · `,
      t("rule", each.rule, number(each.confidence)), each.inferred && ` · ${t("inferred")}`,
      each.also.length > 0 && ` · ${t("alsoIn", each.also.join(", "))}`));
}

function source(article) {
  return el("li", {},
    el("a", { href: `/article?file=${encodeURIComponent(article.file)}` }, article.title),
    el("span", { class: "quiet" }, ` ${[article.publisher, article.published, article.repost_of && t("repost", article.repost_of)].filter(Boolean).join(" · ")}`),
    article.url && [" ", el("a", { href: article.url, rel: "noreferrer noopener", target: "_blank" }, t("visit"))]);
}

function liked(found, like) {
  return el("li", {},
    el("a", { href: `/practice?id=${encodeURIComponent(like.id)}` }, like.label), el("span", { class: "quiet" }, ` ${like.place} · ${number(like.similarity)} `),
    el("a", { class: "quiet", href: `/compare?view=pair&one=${encodeURIComponent(found.id)}&other=${encodeURIComponent(like.id)}` }, t("compareWith")),
    el("p", { class: "chips" }, `${t("because")} `, like.shared.map((each) => {
      const known = ["format", "audience", "topic"].includes(each.kind);
      return el(known ? "a" : "span", { class: `chip slot-${each.kind}s`, href: known && `/search?${each.kind}=${encodeURIComponent(each.id)}`, title: t("rare", each.practices) }, named(each), el("small", {}, ` ${t("rare", number(each.practices))}`));
    })));
}

export function cited(line) {
  const button = el("button", { type: "button", class: "link", onclick: async () => {
    await navigator.clipboard.writeText(line);
    show(button, t("copied"));
  } }, t("copy"));
  return el("p", {}, el("span", { class: "cite" }, line), " ", button);
}
