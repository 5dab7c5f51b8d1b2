// What the planner's screens draw: areas reached, and a border being drawn.

import L from "leaflet";
import { h } from "../dom";
import type { Level } from "../reach";
import { polygons } from "../shapes";
import type { Point } from "../types";
import { distance } from "../words/format";
import { tp } from "../words/planner";
import { latLng, mark } from "./markers";

/** The areas reached, the largest below, each with its minutes at an end
 *  of it, and the circle of the largest to compare with. */
export function reachLayer(at: Point, list: Level[], rank: (l: Level) => number): { layer: L.LayerGroup; bounds: L.LatLngBounds } {
  const layer = L.layerGroup();
  const bounds = L.latLngBounds([latLng(at)]);
  const circle = list[0];
  for (const l of list) {
    const rings = polygons(l.feature.geometry);
    const shape = L.polygon(rings.map((p) => p.map((r) => r.map(latLng))), { pane: "reach", interactive: false, className: `reach reach-${rank(l)}` }).addTo(layer);
    if (rings.length === 0) continue;
    bounds.extend(shape.getBounds());
    // Each in a direction of its own, so that they keep apart on a phone.
    const [x, y] = [[0, -1], [-1, 0], [0, 1]][rank(l)] ?? [0, 1];
    const end = rings.flatMap((p) => p[0]!).reduce((a, b) => ((b[0] - a[0]) * x! + (b[1] - a[1]) * y! > 0 ? b : a));
    label(end, tp("minShort", { n: l.minutes }), `reach-${rank(l)}`).addTo(layer);
  }
  if (circle) {
    const ring = L.circle(latLng(at), { radius: circle.radius, pane: "reach", interactive: false, fill: false, className: "reach-circle" });
    ring.addTo(layer);
    const south: Point = [at[0], at[1] - circle.radius / 110_574];
    label(south, tp("circleIs", { d: distance(circle.radius) }), "of-circle").addTo(layer);
    bounds.extend(latLng(at).toBounds(2 * circle.radius));
  }
  return { layer, bounds };
}

function label(at: Point, text: string, kind: string): L.Marker {
  return mark(at, h("span", { class: `reach-label ${kind}` }, text), text, 0, null, { zIndexOffset: 900 });
}

/** A border being drawn, its corners to be dragged; or one point. */
export function sketchLayer(corners: Point[], name: (i: number) => string, moved: (i: number, p: Point) => void): L.LayerGroup {
  const layer = L.layerGroup();
  const line = L.polygon(corners.map(latLng), { pane: "sketch", interactive: false, className: corners.length > 2 ? "sketch" : "sketch is-open" });
  if (corners.length > 1) line.addTo(layer);
  corners.forEach((p, i) => {
    const m = mark(p, h("span", { class: "corner" }, i + 1), name(i), 44, () => {}, { draggable: true, zIndexOffset: 2600 });
    m.on("drag", () => line.setLatLngs(corners.map((c, j) => (j === i ? m.getLatLng() : latLng(c)))));
    m.on("dragend", () => moved(i, [m.getLatLng().lng, m.getLatLng().lat]));
    m.addTo(layer);
  });
  return layer;
}

/** The mark of what is chosen to be closed. */
export function chosenLayer(at: Point, text: string): L.LayerGroup {
  return L.layerGroup([mark(at, h("span", { class: "target-mark" }), text, 44, null, { zIndexOffset: 2600 })]);
}
