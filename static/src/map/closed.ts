// What is closed or opened for a time, on the map: areas hatched, gates and
// streets with a sign. Colour is never alone: closed is a bar, open a tick,
// and the hatching leans the other way.

import L from "leaflet";
import "../style/closed.css";
import { span, stateWord, targetOf } from "../closures";
import { h, icon } from "../dom";
import { inner, polygons } from "../shapes";
import type { Closure, ClosureFeature, Point } from "../types";
import { mark } from "./markers";

/** The layer of some closures; open is called with the one pressed. */
export function closedLayer(list: ClosureFeature[], open: (id: string) => void): L.LayerGroup {
  hatches();
  const layer = L.layerGroup();
  const now = Date.now();
  for (const f of list) {
    const c = f.properties;
    const label = [stateWord(c), targetOf(f), c.reason, span(c, now)].filter(Boolean).join(", ");
    const at = (p: Point) => mark(p, sign(c), label, 44, () => open(c.id), { zIndexOffset: 1800 }).addTo(layer);
    if (f.geometry?.type === "Point") {
      if (c.effect.line) {
        const line = c.effect.line.map(([x, y]) => L.latLng(y, x));
        const style = { pane: "closed", interactive: false, fill: false };
        L.polyline(line, { ...style, className: `stretch is-${c.state} is-${c.phase}` }).addTo(layer);
      }
      at(f.geometry.coordinates);
    }
    for (const rings of polygons(f.geometry)) {
      L.polygon(rings.map((r) => r.map(([x, y]) => L.latLng(y, x))), {
        pane: "closed",
        interactive: false,
        className: `closure is-${c.state} is-${c.phase}`,
        fillColor: `url(#hatch-${c.state})`,
        fillOpacity: 1,
      }).addTo(layer);
      at(inner(rings));
    }
  }
  return layer;
}

function sign(c: Closure): HTMLElement {
  const kind = c.gate ? "gate" : "street";
  return h("span", { class: `sign is-${c.state} is-${c.phase} of-${kind}` }, icon(c.state === "open" ? "check" : c.gate ? "close" : "minus", 20));
}

const SVG = "http://www.w3.org/2000/svg";

// The patterns that areas are filled with, once for the page.
function hatches(): void {
  if (document.querySelector("#hatches")) return;
  const svg = document.createElementNS(SVG, "svg");
  svg.id = "hatches";
  svg.setAttribute("aria-hidden", "true");
  for (const [state, d] of [
    ["closed", "M-2 2l4-4M0 14L14 0M12 16l4-4"],
    ["open", "M-2 12l4 4M0 0l14 14M12-2l4 4"],
  ] as const) {
    const pattern = document.createElementNS(SVG, "pattern");
    for (const [k, v] of Object.entries({ id: `hatch-${state}`, width: "14", height: "14", patternUnits: "userSpaceOnUse", class: `hatch is-${state}` })) pattern.setAttribute(k, v);
    const ground = document.createElementNS(SVG, "rect");
    ground.setAttribute("width", "14");
    ground.setAttribute("height", "14");
    const lines = document.createElementNS(SVG, "path");
    lines.setAttribute("d", d);
    pattern.append(ground, lines);
    svg.append(pattern);
  }
  document.body.append(svg);
}
