// The map behind the sheet. It knows nothing of views: it shows what it is
// told and says where it was pressed.

import L from "leaflet";
import "../style/panes.css";
import "../style/map.css";
import { t } from "../i18n";
import type { Theme } from "../theme";
import type { ClosureFeature, Feature, Lang, Place, Point, Routes, Verdict } from "../types";
import { middle } from "../types";
import { BaseLayer } from "./base";
import { verdictWord } from "../views/chips";
import { gateMark, latLng, mark, meMark } from "./markers";
import { Circles, itemOf, wayOf } from "./overlay";
import { type Look, Places } from "./places";
import { PlaceTiles } from "./placetiles";

export interface MapHooks {
  /** The view moved: its visible centre and zoom. byHand: a person moved it. */
  moved(center: Point, zoom: number, byHand: boolean): void;
  tapped(p: Point): void;
  held(p: Point): void;
  opened(id: string): void;
  /** The mark of a closure was pressed. */
  closure(id: string): void;
  /** The mark of the rider was dragged. */
  draggedMe(p: Point): void;
  title(p: { kind: string; name: string }): string;
  look(p: Place): Look;
}

export interface MapOptions {
  center: Point;
  zoom: number;
  theme: Theme;
  lang: Lang;
  base: { url: string; maxZoom: number } | null;
  places: { url: string; minZoom: number; maxZoom: number } | null;
}

export class MapView {
  private map: L.Map;
  private places: Places;
  private tiles: PlaceTiles | null = null;
  private base: BaseLayer | null = null;
  private me: L.Marker | null = null;
  private item: L.LayerGroup | null = null;
  private way: L.LayerGroup | null = null;
  private rings: L.LayerGroup | null = null;
  private circler: Circles | null = null;
  private gateMarks: L.LayerGroup | null = null;
  private pressed: L.Marker | null = null;
  private inset = { bottom: 0, left: 0 };
  private calm = matchMedia("(prefers-reduced-motion: reduce)");
  private moving = 0;
  private drawn = new Map<string, L.Layer>();
  private picking = false;

  constructor(
    el: HTMLElement,
    o: MapOptions,
    private hooks: MapHooks,
  ) {
    this.map = L.map(el, {
      zoomControl: false,
      attributionControl: false,
      minZoom: 3,
      maxZoom: 20,
      zoomSnap: 1,
      tapHold: true,
      worldCopyJump: true,
      fadeAnimation: !this.calm.matches,
      zoomAnimation: !this.calm.matches,
      markerZoomAnimation: !this.calm.matches,
    });
    this.map.setView(latLng(o.center), o.zoom, { animate: false });
    for (const pane of ["reach", "closed", "sketch"]) this.map.createPane(pane);
    el.setAttribute("role", "region");
    el.setAttribute("aria-label", t("map"));
    if (o.places) this.tiles = new PlaceTiles(o.places.url, o.places.minZoom, o.places.maxZoom);
    if (o.base) {
      this.base = new BaseLayer(o.base.url, o.base.maxZoom, this.tiles, o.lang, o.theme);
      this.base.addTo(this.map);
    }
    this.places = new Places(this.map, this.tiles, {
      open: (id) => hooks.opened(id),
      title: (p) => hooks.title(p),
      look: (p) => hooks.look(p),
      labels: (kinds, points) => this.base?.labels(kinds, points),
    });
    this.listen();
  }

  private listen(): void {
    let held = 0;
    this.map.on("contextmenu", (e) => {
      held = Date.now();
      this.hooks.held([e.latlng.lng, e.latlng.lat]);
    });
    let timer = 0;
    this.map.on("click", (e) => {
      if (Date.now() - held < 700) return;
      const place = this.picking ? null : this.places.at(e.containerPoint);
      if (place) return place.press();
      // A second tap means zoom, not a place.
      clearTimeout(timer);
      const tapped = () => this.hooks.tapped([e.latlng.lng, e.latlng.lat]);
      if (this.picking) tapped();
      else timer = window.setTimeout(tapped, 260);
    });
    this.map.on("dblclick", () => clearTimeout(timer));
    this.map.on("moveend", () => {
      this.hooks.moved(this.center(), this.map.getZoom(), this.moving === 0);
      this.moving = 0;
    });
  }

  /** What covers the map: the rest is where things are centred. */
  cover(bottom: number, left: number): void {
    this.inset = { bottom: Math.min(bottom, window.innerHeight * 0.62), left };
  }

  private shift(): L.Point {
    return L.point(-this.inset.left / 2, this.inset.bottom / 2);
  }

  /** The middle of the part that is not covered. */
  center(): Point {
    const c = this.map.containerPointToLatLng(this.map.getSize().divideBy(2).subtract(this.shift()));
    return [+c.lng.toFixed(6), +c.lat.toFixed(6)];
  }

  /** Brings a point into the middle of what is seen. */
  fly(p: Point, zoom = this.map.getZoom()): void {
    this.moving++;
    const at = this.map.unproject(this.map.project(latLng(p), zoom).add(this.shift()), zoom);
    if (this.calm.matches) this.map.setView(at, zoom, { animate: false });
    else this.map.setView(at, zoom, { animate: true, duration: 0.4 });
  }

  private fit(b: L.LatLngBounds, most: number): void {
    this.moving++;
    this.map.fitBounds(b, {
      paddingTopLeft: [this.inset.left + 40, 90],
      paddingBottomRight: [70, this.inset.bottom + 66],
      maxZoom: most,
      animate: !this.calm.matches,
    });
  }

  /** Moves so that all points are seen, no nearer than zoom 16. */
  frame(points: Point[]): void {
    this.fit(L.latLngBounds(points.map(latLng)), 16);
  }

  zoom(by: number): void {
    this.fly(this.center(), Math.max(3, Math.min(20, this.map.getZoom() + by)));
  }

  dress(theme: Theme): void {
    this.base?.dress(theme);
    this.places.dress();
  }

  kinds(kinds: string[]): void {
    this.places.show(kinds);
  }

  list(found: Feature[]): void {
    this.places.list(found);
  }

  /** Reads again what is out of date. */
  refresh(what: { base: boolean; places: boolean }): void {
    if (what.places) this.tiles?.refresh();
    this.base?.refresh(what);
    if (what.places) this.places.refresh();
  }

  /** Where distances start: the rider, or, not sure, a start to be moved. */
  rider(p: Point | null, sure: boolean): void {
    this.me?.remove();
    this.me = null;
    if (!p) return;
    // Under the pins: the nearest place is often where the rider stands.
    this.me = mark(p, meMark(sure), t(sure ? "iAmHere" : "start"), 44, () => {}, { draggable: true, zIndexOffset: 500 });
    this.me.on("dragend", () => {
      const at = this.me!.getLatLng();
      this.hooks.draggedMe([at.lng, at.lat]);
    });
    this.me.addTo(this.map);
  }

  /** Shows one item as the chosen one and brings it into view. */
  show(f: Feature | null): void {
    this.item?.remove();
    this.item = null;
    this.gates([]);
    this.places.hide(f?.properties.id ?? "");
    if (!f?.geometry) return;
    this.item = itemOf(f, this.hooks.title(f.properties)).addTo(this.map);
    if (f.geometry.type === "Point") {
      this.look(middle(f.geometry));
    } else this.fit(L.geoJSON(f.geometry as GeoJSON.Geometry).getBounds(), 18);
  }

  /** Moves where a point is not in sight. */
  look(p: Point): void {
    if (!this.seen(p) || this.map.getZoom() < 15) this.fly(p, Math.max(16, this.map.getZoom()));
  }

  private seen(p: Point): boolean {
    const at = this.map.latLngToContainerPoint(latLng(p));
    const size = this.map.getSize();
    return at.x > this.inset.left + 30 && at.x < size.x - 60 && at.y > 70 && at.y < size.y - this.inset.bottom - 20;
  }

  /** Shows a point that was pressed. */
  spot(p: Point | null): void {
    this.pressed?.remove();
    this.pressed = null;
    if (!p) return;
    const el = document.createElement("span");
    el.className = "spot-mark";
    this.pressed = mark(p, el, t("point"), 30, null, { zIndexOffset: 2500 }).addTo(this.map);
    if (!this.seen(p)) this.fly(p);
  }

  /** Draws the ways to a door, one of them in full. */
  route(routes: Routes | null, index = 0, choose: (i: number) => void = () => {}, look = false): void {
    this.way?.remove();
    this.way = null;
    document.documentElement.toggleAttribute("data-way", routes !== null);
    if (!routes) return;
    const { layer, bounds } = wayOf(routes, index, choose);
    this.way = layer.addTo(this.map);
    if (look) this.fit(bounds, 18);
  }

  /** Marks the gates of the chosen compound with what they let pass. */
  gates(gates: { id: string; point: Point; verdict: Verdict; name: string }[]): void {
    this.gateMarks?.remove();
    this.gateMarks = L.layerGroup(
      gates.map((g) => mark(g.point, gateMark(g.verdict, false, g.name), `${g.name}, ${verdictWord(g.verdict)}`, 44, () => this.hooks.opened(g.id), { zIndexOffset: 2600 })),
    ).addTo(this.map);
  }

  /** Draws circles around points, and those outside of them. */
  circles(points: Point[] | null, radius = 0, outside: Point[] = []): void {
    this.rings?.remove();
    this.rings = null;
    // Numbers and icons would hide the circles.
    document.documentElement.toggleAttribute("data-circles", points !== null);
    this.places.mute(points !== null);
    if (!points) return;
    this.circler ??= new Circles(this.map);
    this.rings = this.circler.layer(points, radius, outside).addTo(this.map);
    if (points.length) this.fill(L.latLngBounds(points.map(latLng)));
  }

  // Fills what is seen: by quarters of a zoom, since a whole one may leave half
  // of the width empty.
  private fill(b: L.LatLngBounds): void {
    this.map.options.zoomSnap = 0.25;
    this.moving++;
    this.map.fitBounds(b, {
      paddingTopLeft: [this.inset.left + 24, 44],
      paddingBottomRight: [24, this.inset.bottom + 24],
      maxZoom: 16,
      animate: !this.calm.matches,
    });
    this.map.options.zoomSnap = 1;
  }

  /** Puts a layer on the map under a name, in the place of the one before;
   *  look brings it into view. */
  put(name: string, layer: L.Layer | null, look?: L.LatLngBounds): void {
    this.drawn.get(name)?.remove();
    this.drawn.delete(name);
    if (layer) this.drawn.set(name, layer.addTo(this.map));
    if (look?.isValid()) this.fill(look);
  }

  private closuresRun = 0;

  /** Marks what is closed or opened for a time. Until there is something, not
   *  even the script for it is fetched. */
  async closures(list: ClosureFeature[]): Promise<void> {
    const run = ++this.closuresRun;
    if (list.length === 0) return this.put("closed", null);
    const { closedLayer } = await import("./closed");
    if (run === this.closuresRun) this.put("closed", closedLayer(list, (id) => this.hooks.closure(id)));
  }

  /** Shows places of these kinds alone, without numbers, from a zoom on; null:
   *  as before. */
  only(kinds: string[] | null, from = 0): void {
    this.places.only(kinds, from);
  }

  /** Every tap is a point at once: two of them are two, not a zoom. A cross
   *  shows the middle, for those who move the map under it instead. */
  pick(on: boolean): void {
    this.picking = on;
    this.map.doubleClickZoom[on ? "disable" : "enable"]();
    document.documentElement.toggleAttribute("data-pick", on);
  }
}
