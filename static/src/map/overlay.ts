// What is drawn over the map for one view: the way, the chosen item, circles.

import L from "leaflet";
import { t } from "../i18n";
import type { Feature, Point, Routes } from "../types";
import { middle } from "../types";
import { chosen, endMark, gateMark, latLng, mark } from "./markers";

/** The chosen way in full, the gates of the others as marks to choose. */
export function wayOf(routes: Routes, index: number, choose: (i: number) => void, endIsPlace: boolean): { layer: L.LayerGroup; bounds: L.LatLngBounds } {
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
    const name = o.gate.name || t(o.gate.inferred ? "inferred" : "unnamedGate");
    mark(o.gate.point, gateMark(o.verdict, false, name), name, 44, () => choose(i)).addTo(layer);
  });
  mark(routes.to.point, endMark(), routes.to.name || t("destination"), 40, null, { zIndexOffset: endIsPlace ? 500 : 800 }).addTo(layer);
  if (option?.gate) {
    const name = option.gate.name || t(option.gate.inferred ? "inferred" : "unnamedGate");
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

/** Circles in metres around points, and dots for those outside. */
export function circlesOf(map: L.Map, points: Point[], radius: number, outside: Point[]): L.LayerGroup {
  const layer = L.layerGroup();
  // One pane, see-through as a whole: where circles overlap it is no darker.
  const pane = map.getPane("circles") ?? map.createPane("circles");
  const renderer = L.canvas({ pane: "circles", padding: 0.3 });
  const style = getComputedStyle(pane);
  const fill = style.getPropertyValue("--ring-fill").trim() || "#1a8f5a";
  const dotted = style.getPropertyValue("--outside").trim() || "#b3261e";
  for (const p of points) L.circle(latLng(p), { radius, renderer, stroke: false, fillColor: fill, fillOpacity: 1, interactive: false }).addTo(layer);
  const over = L.canvas({ padding: 0.3 });
  for (const p of points) L.circle(latLng(p), { radius, renderer: over, fill: false, weight: 1.2, color: fill, opacity: 0.75, interactive: false }).addTo(layer);
  for (const p of outside) L.circleMarker(latLng(p), { radius: 5, renderer: over, stroke: true, color: "#fff", weight: 1.5, fillColor: dotted, fillOpacity: 1, interactive: false }).addTo(layer);
  return layer;
}
