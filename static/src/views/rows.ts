// One row of a list: what a rider decides by, in the order of deciding.

import { h, icon } from "../dom";
import { language, nameOf, say, t } from "../i18n";
import type { State } from "../state";
import type { Feature, Mode, Place } from "../types";
import { distance, duration } from "../words/format";
import { carOnly, openChip, titleOf, verdictChip } from "./chips";

// What riders ask for most comes first where there is no room for all.
const first = ["hot_water", "microwave", "toilet", "phone_charging", "battery_swap", "rest", "drinking_water", "fridge", "rain_gear"];

/** How many facilities a row names. */
const SHOWN = 3;

/** The row of a place. rank is its number in the list and on the map. */
export function placeRow(f: Feature, rank: number | null, href: string, s: State, open: () => void): HTMLElement {
  const p = f.properties;
  return h(
    "li",
    null,
    h(
      "a",
      {
        class: carOnly(p) ? "row dim" : "row",
        href,
        "data-id": p.id,
        on: {
          click: (e: MouseEvent) => {
            if (e.metaKey || e.ctrlKey || e.shiftKey) return;
            e.preventDefault();
            open();
          },
        },
      },
      h("span", { class: `badge kind-${p.kind}`, "aria-hidden": "true" }, rank === null ? icon(p.kind, 20) : rank),
      h(
        "span",
        { class: "row-main" },
        h("span", { class: "row-name" }, titleOf(p, nameOf(p))),
        time(p, s.mode),
        h("span", { class: "row-state" }, state(p, s.mode)),
        far(p),
        extras(p, s),
      ),
    ),
  );
}

function state(p: Place, mode: Mode): Node | null {
  const access = p.gate?.access?.[mode];
  if (access) return verdictChip(access.verdict, access.opens);
  // Search answers without hours: say nothing of them then.
  if (!p.open) return null;
  return p.kind === "station" || p.hours || p.open.state !== "unknown" ? openChip(p) : null;
}

function extras(p: Place, s: State): Node | null {
  const words: string[] = [];
  if (p.kind === "station" && p.facilities) return facilities(p.facilities, s);
  if (carOnly(p)) words.push(t("carOnly"));
  if (p.charger?.sockets) words.push(t("sockets", { n: p.charger.sockets }));
  if (p.charger?.fee) words.push(p.charger.fee);
  if (p.bus_stop?.lines?.length) words.push(p.bus_stop.lines.join(" · "));
  if (p.parking?.capacity) words.push(t("capacity", { n: p.parking.capacity }));
  if (p.parking?.covered) words.push(t("covered"));
  if (p.shared_bike?.capacity) words.push(t("bikes", { n: p.shared_bike.capacity }));
  if (p.gate?.compounds?.length) words.push(p.gate.compounds.map((c) => c.name).join("、"));
  if (p.gate?.inferred) words.push(t("inferred"));
  if (p.context) words.push(say(p.context));
  else if (!words.length && p.address) words.push(p.address);
  return words.length ? h("span", { class: "row-more" }, words.join(" · ")) : null;
}

function facilities(ids: string[], s: State): Node | null {
  if (!ids.length) return null;
  const weight = (id: string) => {
    if (s.facilities.includes(id)) return -1;
    const i = first.indexOf(id);
    return i < 0 ? first.length : i;
  };
  const sorted = [...ids].sort((a, b) => weight(a) - weight(b));
  const rest = sorted.length - SHOWN;
  return h(
    "span",
    { class: "row-facilities" },
    sorted.slice(0, SHOWN).map((id) =>
      h("span", { class: s.facilities.includes(id) ? "fac wanted" : "fac" }, icon(id, 18), facilityName(id, s)),
    ),
    rest > 0 && h("span", { class: "fac plus" }, `+${rest}`),
  );
}

/** The name of a facility in the language in use. */
export function facilityName(id: string, s: State): string {
  return say(s.about?.facilities.find((f) => f.id === id)?.name) || id;
}

/** The name of a kind in the language in use. */
export function kindName(id: string, s: State): string {
  if (id === "compound" || id === "building" || id === "street") return t(id);
  return say(s.about?.kinds.find((k) => k.id === id)?.name) || id;
}

/** "最近的驿站", "Nearest rest stations". */
export function nearestOf(kind: string): string {
  return t("nearest", { kind: language() === "en" ? kind.toLowerCase() : kind });
}

function time(p: Place, mode: Mode): Node | null {
  if (p.duration_s === undefined) return null;
  return h("b", { class: "row-time" }, icon(mode, 18), h("span", { class: "sr" }, `${t(mode)} `), duration(p.duration_s));
}

function far(p: Place): Node | null {
  if (p.distance_m === undefined) return null;
  return h("span", { class: "row-far" }, distance(p.duration_s === undefined ? p.distance_m : (p.route_distance_m ?? p.distance_m)));
}
