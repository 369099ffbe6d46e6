// Requests to the server that served this page, and to nothing else.

import { t } from "./words.js";

export class Refused extends Error {
  constructor(status, problem) {
    super(problem.what);
    this.status = status;
    this.problem = problem;
  }
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

export async function ask(path, parameters = {}, options = {}) {
  let answer;
  try {
    answer = await fetch(`/api/${path}${query(parameters)}`, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(0, { what: t("unreachable"), where: null, remedy: null });
  }
  if (!answer.ok) throw new Refused(answer.status, await answer.json().catch(() => ({ what: answer.statusText })));
  return answer.json();
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
