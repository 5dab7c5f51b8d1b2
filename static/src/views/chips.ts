// The small labelled pieces that several views share.

import { h, icon } from "../dom";
import { say, t } from "../i18n";
import type { Access, Mode, Place, Verdict } from "../types";
import { when } from "../words/format";
import { status, statusLine } from "../words/hours";

/** The open, closed or unknown chip of a place, as words with a mark. */
export function openChip(place: Place, now = Date.now()): HTMLElement {
  const s = status(place, now);
  return h(
    "span",
    { class: `chip tone-${s.tone}` },
    h("span", { class: "mark", "aria-hidden": "true" }),
    h("b", null, s.word),
    s.more.trim() && h("span", { class: "more" }, ` · ${s.more.trim()}`),
  );
}

const verdictWords = { open: "vOpen", permit: "vPermit", unknown: "vUnknown", closed: "vClosed" } as const;
/** How a place is marked where there is no room for a chip: by what a rider
 *  may expect of it now. */
export function lookOf(place: Place, mode: Mode): { tone: "open" | "soon" | "closed" | "unknown"; words: string } {
  const access = place.gate?.access?.[mode];
  if (access) return { tone: verdictTones[access.verdict] ?? "unknown", words: verdictWord(access.verdict) };
  if (carOnly(place)) return { tone: "closed", words: t("carOnly") };
  if (place.kind !== "station" && (!place.open || place.open.state === "unknown")) return { tone: "open", words: "" };
  const s = status(place, Date.now());
  return { tone: s.tone, words: statusLine(s) };
}

/** Whether a charging point is known to be of no use to a rider. */
export function carOnly(p: Place): boolean {
  const vehicles = p.charger?.vehicles ?? [];
  return vehicles.includes("car") && vehicles.every((v) => v === "car");
}

const verdictTones = { open: "open", permit: "soon", unknown: "unknown", closed: "closed" } as const;

/** The word for a verdict. */
export function verdictWord(v: Verdict): string {
  return t(verdictWords[v] ?? "vUnknown");
}

/** The chip of a verdict, with when a closed gate opens. */
export function verdictChip(v: Verdict, opens?: string, now = Date.now()): HTMLElement {
  return h(
    "span",
    { class: `chip tone-${verdictTones[v] ?? "unknown"}` },
    h("span", { class: "mark", "aria-hidden": "true" }),
    h("b", null, verdictWord(v)),
    opens && v === "closed" && h("span", { class: "more" }, ` · ${t("opensAgain", { t: `${when(opens, now)} ` })}`),
  );
}

/** Who may pass, one line a mode. */
export function accessLines(access: Record<Mode, Access>): HTMLElement {
  return h(
    "ul",
    { class: "access" },
    (["foot", "bicycle", "ebike"] as Mode[]).map((m) => {
      const a = access[m];
      return (
        a &&
        h(
          "li",
          null,
          icon(m),
          h("span", { class: "access-mode" }, t(m)),
          h("span", { class: "access-what" }, verdictChip(a.verdict, a.opens), h("span", { class: "why" }, say(a.reason))),
        )
      );
    }),
  );
}

/** A message that something failed, with a button that tries again. */
export function failure(text: string, retry: () => void, extra?: string): HTMLElement {
  return h(
    "div",
    { class: "failure", role: "alert" },
    icon("alert"),
    h("p", null, text, extra && h("span", { class: "why" }, ` ${extra}`)),
    h("button", { type: "button", class: "button", on: { click: retry } }, icon("retry"), t("retry")),
  );
}

/** A row of options of which one holds, as radio buttons that look like one control. */
export function segmented<T extends string>(
  name: string,
  label: string,
  options: { value: T; text: string; icon?: string; bare?: boolean }[],
  chosen: T,
  pick: (v: T) => void,
): HTMLElement {
  return h(
    "div",
    { class: "segmented", role: "radiogroup", "aria-label": label },
    options.map((o) =>
      h(
        "label",
        { title: o.text },
        h("input", { type: "radio", name, value: o.value, checked: o.value === chosen, on: { change: () => pick(o.value) } }),
        h("span", { class: o.bare ? "seg bare" : "seg" }, o.icon && icon(o.icon), h("span", { class: o.bare ? "sr" : "" }, o.text)),
      ),
    ),
  );
}

/** The word a gate, or any place without a name, goes by. */
export function titleOf(p: Place, name: string): string {
  if (name) return name;
  if (p.kind === "gate") return t(p.gate?.inferred ? "inferred" : "unnamedGate");
  if (p.kind === "building") return t("building");
  if (p.kind === "compound") return t("compound");
  return t("unnamed");
}
