// Requests to the server that served this page, and to nothing else.

import { el } from "./dom.js";
import { add, t } from "./words.js";

// By what was asked and the status of the answer, or by the status alone.
const REFUSALS = {
  0: ["服务器没有回答：kg serve 还在运行吗？", "The server does not answer: is kg serve still running?"],
  400: ["请求里有图中没有的东西，或超出范围的值", "Something that was asked for is not in the graph, or out of range"],
  422: ["地址里有参数缺失或不合规定", "A parameter of the address is missing or malformed"],
  500: ["程序出错：请看运行 kg serve 的终端", "An error of the program: see the terminal of kg serve"],
  503: ["超过了时间限制，或图刚刚重新构建", "The time limit was reached, or the store was just built again"],
  "practice 400": ["这项实践没有页面", "This practice has no page"],
  "article 400": ["没有这篇文章的全文：请搜索它的标题", "There is no text of such an article: search for its title"],
  "original 400": ["原文件不在原处，或在读取之后改动过", "The original file is gone, or was changed after it was read"],
  "sparql 400": ["这个查询不能运行", "This query cannot be run"],
};
add(Object.fromEntries(Object.entries(REFUSALS).map(([key, words]) => [`refused ${key}`, words])));
add({ refused: ["服务器拒绝了请求", "The server refused the request"] });

/** An answer that is none: the message in the page's words, the problem as the server told it. */
class Refused extends Error {
  constructor(path, status, problem = {}) {
    const known = [`${path} ${status}`, String(status)].find((key) => key in REFUSALS);
    super(t(known ? `refused ${known}` : "refused"));
    this.problem = problem;
  }
}

/** What went wrong, with the server's own sentence below. */
export function trouble(error) {
  const { what, where, remedy } = error.problem ?? {};
  return el("div", { class: "problem", role: "alert" }, el("p", {}, error.message),
    what && el("p", { class: "quiet", lang: "en" }, [where, what].filter(Boolean).join(": "), remedy && `; ${remedy}`));
}

/** Parameters as a query string; lists repeat their name, empty values are left out. */
export function query(parameters) {
  const found = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined && each !== null && each !== "" && each !== false) found.append(name, each);
    }
  }
  const text = found.toString();
  return text && `?${text}`;
}

/** The answer of the server at this address; raises Refused where there is none. */
export async function reach(path, address, options) {
  let answer;
  try {
    answer = await fetch(address, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(path, 0);
  }
  if (!answer.ok) throw new Refused(path, answer.status, await answer.json().catch(() => ({ what: answer.statusText })));
  return answer;
}

export async function ask(path, parameters = {}, options = {}) {
  return (await reach(path, `/api/${path}${query(parameters)}`, options)).json();
}

/** A runner that forgets the answer of a question when a later one was asked. */
export function latest() {
  let running;
  return async (path, parameters) => {
    running?.abort();
    running = new AbortController();
    return ask(path, parameters, { signal: running.signal });
  };
}
