// A week's hours in words, read from an opening_hours string. Only the plain
// shapes that make up nearly all real strings are read (weekday ranges, times,
// holidays, off, 24/7, sunrise and sunset); for the rest week() says null and
// the page shows the string as it is. Whether a place is open now is the
// server's to say, with the whole grammar.

import { t } from "../i18n";
import { weekday } from "./format";

export interface Week {
  /** Times of each day, Monday first; "" where the string says nothing. */
  days: string[];
  /** Lines on holidays: ["法定节假日", "休息"]. */
  others: [string, string][];
}

const DAYS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
const day = `(?:${DAYS.join("|")}|PH|SH)`;
const selector = new RegExp(`^(${day}(?:\\s*-\\s*${day})?(?:\\s*,\\s*${day}(?:\\s*-\\s*${day})?)*)(?:\\s*:)?(?:\\s+|$)`);
const time = "(?:\\d{1,2}:\\d{2}|sunrise|sunset|dawn|dusk)";
const span = new RegExp(`^(${time})\\s*(?:-\\s*(${time})|(\\+))(\\+)?$`);

/** Reads a week, or null where the string is of a richer shape. */
export function week(hours: string): Week | null {
  const text = hours.trim();
  if (/^(24\/7|00:00-24:00)$/.test(text)) return { days: Array(7).fill(t("allDay")), others: [] };

  const days: string[] = Array(7).fill("");
  const others = new Map<string, string>();
  for (const raw of text.split(";")) {
    let rule = raw.trim();
    if (!rule) continue;
    const chosen = selector.exec(rule);
    let on = DAYS;
    if (chosen) {
      const list = expand(chosen[1]!);
      if (!list) return null;
      on = list;
      rule = rule.slice(chosen[0].length).trim();
    }
    const words = times(rule);
    if (words === null) return null;
    for (const d of on) {
      if (d === "PH" || d === "SH") others.set(t(d === "PH" ? "holidays" : "schoolHolidays"), words);
      else days[DAYS.indexOf(d)] = words;
    }
  }
  if (days.every((d) => d === "") && others.size === 0) return null;
  return { days: days.map((d) => d || t("off")), others: [...others] };
}

function expand(list: string): string[] | null {
  const out: string[] = [];
  for (const part of list.split(",")) {
    const [a, b] = part.trim().split(/\s*-\s*/) as [string, string?];
    if (!b) {
      out.push(a);
      continue;
    }
    const [i, j] = [DAYS.indexOf(a), DAYS.indexOf(b)];
    if (i < 0 || j < 0) return null;
    for (let k = i; ; k = (k + 1) % 7) {
      out.push(DAYS[k]!);
      if (k === j) break;
    }
  }
  return out;
}

function times(rule: string): string | null {
  if (/^(off|closed)$/.test(rule)) return t("off");
  if (rule === "" || rule === "open" || rule === "00:00-24:00" || rule === "24/7") return t("allDay");
  const out: string[] = [];
  for (const part of rule.split(",")) {
    const m = span.exec(part.trim());
    if (!m) return null;
    const from = clock(m[1]!);
    out.push(m[2] ? `${from}–${clock(m[2])}${m[4] ? "+" : ""}` : `${from}+`);
  }
  return out.join("、");
}

function clock(s: string): string {
  if (s === "sunrise" || s === "sunset" || s === "dawn" || s === "dusk") return t(s);
  const [h, m] = s.split(":") as [string, string];
  const hours = Number(h);
  // Past midnight, "26:00" is two in the morning.
  return `${String(hours > 24 ? hours - 24 : hours).padStart(2, "0")}:${m}`;
}

/** The week as few lines: days in a row with the same hours share one. */
export function weekLines(w: Week): { label: string; times: string; days: number[] }[] {
  const lines: { label: string; times: string; days: number[] }[] = [];
  for (let i = 0; i < 7; ) {
    let j = i;
    while (j < 6 && w.days[j + 1] === w.days[i]) j++;
    const label = i === j ? weekday(i) : j === i + 1 ? `${weekday(i)}、${weekday(j)}` : `${weekday(i)}–${weekday(j)}`;
    lines.push({ label, times: w.days[i]!, days: range(i, j) });
    i = j + 1;
  }
  for (const [label, words] of w.others) lines.push({ label, times: words, days: [] });
  return lines;
}

function range(i: number, j: number): number[] {
  return Array.from({ length: j - i + 1 }, (_, k) => i + k);
}
