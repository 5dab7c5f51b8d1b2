// What is drawn over the map for one view: the way, the chosen item, circles.

import L from "leaflet";
import { nameOf, t } from "../i18n";
import type { Feature, Point, Routes } from "../types";
import { middle } from "../types";
import { chosen, endMark, gateMark, latLng, mark } from "./markers";

/** The chosen way in full, the gates of the others as marks to choose. */
export function wayOf(routes: Routes, index: number, choose: (i: number) => void): { layer: L.LayerGroup; bounds: L.LatLngBounds } {
  const layer = L.layerGroup();
  const bounds = L.latLngBounds([latLng(routes.from.point), latLng(routes.to.point)]);
  const option = routes.options[index];
  const legs = option?.legs ?? [];
  for (const pass of ["rim", "line"] as const) {
    for (const leg of legs) {
      const points = leg.geometry.coordinates.map(latLng);
      for (const p of points) bounds.extend(p);
      const walk = leg.mode === "foot";
      L.polyline(points, { className: `way ${pass} ${walk ? "walk" : "ride"}`, interactive: false, smoothFactor: 0.5 }).addTo(layer);
    }
  }
  routes.options.forEach((o, i) => {
    if (!o.gate || i === index) return;
    const name = nameOf(o.gate) || t(o.gate.inferred ? "inferred" : "unnamedGate");
    mark(o.gate.point, gateMark(o.verdict, false, name), name, 44, () => choose(i)).addTo(layer);
  });
  // The way ends at a door, which is where a building is reached.
  const door = legs[legs.length - 1]?.geometry.coordinates.at(-1) ?? routes.to.point;
  mark(door, endMark(), routes.to.name || t("destination"), 40, null, { zIndexOffset: 800 }).addTo(layer);
  if (option?.gate) {
    const name = nameOf(option.gate) || t(option.gate.inferred ? "inferred" : "unnamedGate");
    bounds.extend(latLng(option.gate.point));
    mark(option.gate.point, gateMark(option.verdict, true, name), name, 44, null, { zIndexOffset: 2000 }).addTo(layer);
  }
  return { layer, bounds };
}

/** The chosen item: a large pin, and the outline of an area. */
export function itemOf(f: Feature, label: string): L.LayerGroup {
  const layer = L.layerGroup();
  const g = f.geometry!;
  if (g.type !== "Point") {
    L.geoJSON({ type: "Feature", geometry: g, properties: {} } as GeoJSON.Feature, { interactive: false, style: { className: "outline" } }).addTo(layer);
  }
  mark(middle(g), chosen(f.properties.kind), label, 52, null, { zIndexOffset: 3000 }).addTo(layer);
  return layer;
}

/** Draws circles in metres around points, and dots for those outside. */
export class Circles {
  private pane: HTMLElement;
  private fill: L.Renderer;
  private lines = L.canvas({ padding: 0.3 });

  constructor(map: L.Map) {
    // A pane of its own, see-through as a whole: where circles overlap it is no
    // darker.
    this.pane = map.createPane("circles");
    this.fill = L.canvas({ pane: "circles", padding: 0.3 });
  }

  layer(points: Point[], radius: number, outside: Point[]): L.LayerGroup {
    const style = getComputedStyle(this.pane);
    const inside = style.getPropertyValue("--ring-fill").trim();
    const alone = style.getPropertyValue("--outside").trim();
    const dot = (p: Point, r: number, fillColor: string) =>
      L.circleMarker(latLng(p), { radius: r, renderer: this.lines, color: "#fff", weight: 1.5, fillColor, fillOpacity: 1, interactive: false });
    return L.layerGroup([
      ...points.map((p) => L.circle(latLng(p), { radius, renderer: this.fill, stroke: false, fillColor: inside, fillOpacity: 1, interactive: false })),
      ...points.map((p) => L.circle(latLng(p), { radius, renderer: this.lines, fill: false, weight: 1.2, color: inside, opacity: 0.75, interactive: false })),
      ...points.map((p) => dot(p, 4, inside)),
      ...outside.map((p) => dot(p, 5, alone)),
    ]);
  }
}
