// What the chip of a place says of its being open: always words, never colour
// alone, and unknown stays unknown.

import { t } from "../i18n";
import type { Open, Place } from "../types";
import { when } from "./format";

/** Minutes before a change from which it is told as "in n minutes". */
const SOON = 60;

export interface Status {
  /** open, soon (closes within the hour), closed or unknown: picks the colour. */
  tone: "open" | "soon" | "closed" | "unknown";
  /** "营业中" */
  word: string;
  /** "20 分钟后关门", "" where nothing more is known. */
  more: string;
}

/** Words for the state of a place at the instant now (ms since 1970). */
export function status(place: Pick<Place, "kind" | "hours" | "open">, now: number): Status {
  const open: Open = place.open ?? { state: "unknown" };
  const station = place.kind === "station";
  const minutes = open.until ? Math.round((Date.parse(open.until) - now) / 60_000) : undefined;
  const soon = minutes !== undefined && minutes >= 0 && minutes < SOON;
  const n = Math.max(1, minutes ?? 0);

  switch (open.state) {
    case "open": {
      const word = t(station ? "stOpen" : "opOpen");
      if (!open.until) return { tone: "open", word, more: place.hours === "24/7" ? t("allDay") : (open.comment ?? "") };
      if (open.next === "unknown") return { tone: "open", word, more: t("maybeFrom", { t: when(open.until, now) }) };
      if (soon) return { tone: "soon", word, more: t("closesIn", { n }) };
      return { tone: "open", word, more: t("closesAt", { t: gap(when(open.until, now)) }) };
    }
    case "closed": {
      const word = t(station ? "stClosed" : "opClosed");
      if (!open.until || open.next === "unknown") return { tone: "closed", word, more: open.comment ?? "" };
      if (soon) return { tone: "closed", word, more: t("opensIn", { n }) };
      return { tone: "closed", word, more: t("opensAt", { t: gap(when(open.until, now)) }) };
    }
    default:
      return { tone: "unknown", word: t("stUnknown"), more: open.comment ?? "" };
  }
}

// A thin gap between a clock time and the Chinese word after it.
function gap(time: string): string {
  return `${time} `;
}

/** The whole status as one line: "营业中 · 20 分钟后关门". */
export function statusLine(s: Status): string {
  return s.more ? `${s.word} · ${s.more.trim()}` : s.word;
}
