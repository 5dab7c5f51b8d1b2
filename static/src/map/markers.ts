// The marks on the map, as elements with words for those who cannot see them.

import L from "leaflet";
import { h, icon } from "../dom";
import { t } from "../i18n";
import type { Point, Verdict } from "../types";
import { short } from "./crowd";
import type { Row } from "./gather";

/** Leaflet's order of coordinates. */
export function latLng(p: Point): L.LatLng {
  return L.latLng(p[1], p[0]);
}

/** A marker whose element is ours; press is a click, a tap, Enter. */
export function mark(at: Point, el: HTMLElement, label: string, size: number, press: (() => void) | null, more: L.MarkerOptions = {}): L.Marker {
  const marker = L.marker(latLng(at), {
    icon: L.divIcon({ html: el, className: "mark", iconSize: [size, size], iconAnchor: [size / 2, size / 2] }),
    keyboard: press !== null,
    alt: label,
    interactive: press !== null,
    ...more,
  });
  marker.on("add", () => {
    const box = marker.getElement();
    box?.setAttribute("aria-label", label);
    if (!press) box?.setAttribute("role", "img");
  });
  if (press) {
    marker.on("click", press);
    marker.on("keydown", (e) => {
      const key = (e as L.LeafletKeyboardEvent).originalEvent.key;
      if (key === "Enter" || key === " ") press();
    });
  }
  return marker;
}

/** A place of the list: a pin with its number. */
export function pin(kind: string, rank: number, tone: string): HTMLElement {
  return h("span", { class: `pin kind-${kind} is-${tone}` }, h("span", null, rank));
}

/** A place beside the list: a small round icon. */
export function dot(kind: string, small = false, inferred = false): HTMLElement {
  return h("span", { class: `place-dot kind-${kind} ${small ? "small" : ""} ${inferred ? "inferred" : ""}` }, icon(kind, 16));
}

/** Several places close together: a stack with a sign and a count for each kind,
 *  so that the number is not taken for a rank. */
export function cluster(rows: readonly Row[]): HTMLElement {
  return h(
    "span",
    { class: `cluster kind-${rows[0]!.kind}` },
    rows.map((r) => h("span", { class: `kind-${r.kind}` }, icon(r.kind, 15), short(r.count))),
  );
}

/** The chosen place. */
export function chosen(kind: string): HTMLElement {
  return h("span", { class: `pin chosen kind-${kind}` }, h("span", null, icon(kind, 24)));
}

/** A gate that a way may go through. */
export function gateMark(verdict: Verdict, main: boolean, name: string): HTMLElement {
  const tone = { open: "open", permit: "soon", unknown: "unknown", closed: "closed" }[verdict];
  return h("span", { class: `gate-mark tone-${tone} ${main ? "main" : ""}` }, icon(verdict === "closed" ? "close" : "gate", main ? 26 : 18), main && h("span", { class: "gate-name" }, name));
}

/** Where the rider is; hollow where that is only a place to start from. */
export function meMark(sure: boolean): HTMLElement {
  return h("span", { class: sure ? "me-mark" : "me-mark unsure", title: t(sure ? "iAmHere" : "start") });
}

export function endMark(): HTMLElement {
  return h("span", { class: "end-mark" }, icon("arrive", 22));
}
