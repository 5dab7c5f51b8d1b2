// What a closure says, and what a form must hold to become one: no elements
// here, only what can be told without a page.

import { t } from "./i18n";
import { crosses } from "./shapes";
import type { Closure, ClosureFeature, ClosureRequest, Mode, Phase, Point } from "./types";
import { localAt, offsetOf, when } from "./words/format";
import { tp } from "./words/planner";

export const MODES: Mode[] = ["foot", "bicycle", "ebike"];

/** The list in the order of a planner's interest: what ends first of what is
 *  in force, what begins first of what is to come, what ended last. */
export function grouped(list: ClosureFeature[]): Record<Phase, ClosureFeature[]> {
  const of = (phase: Phase, key: (c: Closure) => number) =>
    list.filter((f) => f.properties.phase === phase).sort((a, b) => key(a.properties) - key(b.properties));
  return {
    active: of("active", (c) => (c.to ? Date.parse(c.to) : Infinity)),
    planned: of("planned", (c) => (c.from ? Date.parse(c.from) : 0)),
    expired: of("expired", (c) => -(c.to ? Date.parse(c.to) : 0)),
  };
}

/** A time as one says it, with the year where that is another one. */
export function moment(rfc3339: string, now: number): string {
  const far = Math.abs(Date.parse(rfc3339) - now) > 7 * 86_400_000;
  const otherYear = rfc3339.slice(0, 4) !== localAt(now, offsetOf(rfc3339)).slice(0, 4);
  return far && otherYear ? `${rfc3339.slice(0, 10)} ${rfc3339.slice(11, 16)}` : when(rfc3339, now);
}

/** When it holds, from what matters now: its end, its beginning, that it is over. */
export function span(c: Closure, now: number): string {
  const from = c.from && moment(c.from, now);
  const to = c.to && moment(c.to, now);
  if (c.phase === "expired") return to ? tp("overAt", { t: to }) : "";
  if (c.phase === "planned") return to ? tp("fromTo", { a: from ?? "", b: to }) : `${tp("fromAt", { t: from ?? "" })}${tp("and")}${tp("tillRemoved")}`;
  return to ? tp("untilAt", { t: to }) : tp(c.state === "closed" ? "noEnd" : "tillRemoved");
}

/** The word for its state: "封闭中", "特别开放中", "未开始", "已结束". */
export function stateWord(c: Closure): string {
  return tp(c.phase === "planned" ? "isPlanned" : c.phase === "expired" ? "isExpired" : c.state === "closed" ? "closedNow" : "openedNow");
}

/** For what it holds: "对 3 段路、1 个门有效". */
export function effect(c: Closure): string {
  const { streets, gates } = c.effect;
  const parts = [
    streets > 0 && tp(streets === 1 ? "oneStreet" : "nStreets", { n: streets }),
    gates > 0 && tp(gates === 1 ? "oneGate" : "nGates", { n: gates }),
  ].filter(Boolean);
  return parts.length ? tp("holdsFor", { list: parts.join(tp("and")) }) : tp("nothingHeld");
}

/** For whom it holds, "" where for all. */
export function whom(c: Closure): string {
  return c.modes && c.modes.length < MODES.length ? c.modes.map((m) => t(m)).join(tp("and")) : "";
}

/** What is closed, without asking for the name of a gate. */
export function targetOf(f: ClosureFeature): string {
  const c = f.properties;
  if (c.gate) return tp(f.geometry ? "gateNoName" : "gateGone");
  if (f.geometry?.type === "Point") return c.effect.name ?? tp("streetNoName");
  return tp("area");
}

/** What the form holds, as it stands on the page. */
export interface Draft {
  state: "closed" | "open";
  target: "gate" | "street" | "area";
  gate?: string | undefined;
  street?: Point | undefined;
  /** The corners of an area, each once. */
  corners: Point[];
  modes: Mode[];
  /** RFC 3339, or "". */
  from: string;
  to: string;
  reason: string;
}

type Need = "needGate" | "needStreet" | "needArea" | "needSimple" | "needModes" | "needOrder";

/** What a draft still needs, null where it can be sent. */
export function lacks(d: Draft): Need | null {
  if (d.target === "gate" && !d.gate) return "needGate";
  if (d.target === "street" && !d.street) return "needStreet";
  if (d.target === "area" && d.corners.length < 3) return "needArea";
  if (d.target === "area" && crosses(d.corners)) return "needSimple";
  if (d.modes.length === 0) return "needModes";
  if (d.from && d.to && Date.parse(d.to) <= Date.parse(d.from)) return "needOrder";
  return null;
}

/** A draft that lacks nothing, as it is sent. */
export function requestOf(d: Draft): ClosureRequest {
  const round = (p: Point): Point => [+p[0].toFixed(6), +p[1].toFixed(6)];
  const ring = d.corners.map(round);
  const reason = d.reason.trim().replace(/\s+/g, " ");
  return {
    state: d.state,
    ...(d.target === "gate" && d.gate ? { gate: d.gate } : {}),
    ...(d.target === "street" && d.street ? { street: round(d.street) } : {}),
    ...(d.target === "area" ? { area: { type: "Polygon" as const, coordinates: [[...ring, ring[0]!]] } } : {}),
    ...(d.modes.length < MODES.length ? { modes: MODES.filter((m) => d.modes.includes(m)) } : {}),
    ...(d.from ? { from: d.from } : {}),
    ...(d.to ? { to: d.to } : {}),
    ...(reason ? { reason } : {}),
  };
}
