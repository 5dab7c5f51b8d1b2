// The token that changes take: kept in this tab alone, never in an address.

import { Problem, reason } from "../api";
import { h } from "../dom";
import { tp } from "../words/planner";

const KEY = "yizhan.token";

/** The token of this tab, "" where none was entered. */
export function keptToken(): string {
  try {
    return sessionStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

/** Keeps what was entered until the tab is closed. */
export function keepToken(token: string): void {
  try {
    if (token) sessionStorage.setItem(KEY, token);
    else sessionStorage.removeItem(KEY);
  } catch {
    // Asked for again, and nothing else is lost.
  }
}

/** The field for it. */
export function tokenField(): { el: HTMLElement; input: HTMLInputElement } {
  const input = h("input", { type: "password", class: "field-input", name: "token", autocomplete: "off", autocapitalize: "off", spellcheck: "false", value: keptToken() });
  input.addEventListener("change", () => keepToken(input.value.trim()));
  return { el: h("label", { class: "field" }, h("span", { class: "field-name" }, tp("token")), input, h("span", { class: "why" }, tp("tokenHint"))), input };
}

/** What to say of a change that failed: the server's sentence, and how to get
 *  a token where that was the matter. */
export function refusal(err: unknown): string[] {
  const how = err instanceof Problem && (err.status === 401 ? tp("tokenHow") : err.status === 403 ? tp("tokenNone") : "");
  return [reason(err), ...(how ? [how] : [])];
}

/** Whether a change failed for want of the right token. */
export function wantsToken(err: unknown): boolean {
  return err instanceof Problem && err.status === 401;
}
