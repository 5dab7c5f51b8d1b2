// The places beside the list, as many as there are, on one canvas. Few of them
// are elements instead (places.ts), which a keyboard reaches.

import L from "leaflet";
import { paths } from "../icons";
import type { Row } from "./gather";

/** A mark of one place or of several: icon, small point, count. */
export interface Crowded {
  form: "icon" | "small" | "count";
  kind: string;
  /** Of a count: how many of each kind. */
  rows: readonly Row[];
  /** A gate that nobody has mapped, only worked out. */
  inferred: boolean;
  at: L.LatLng;
  title: string;
  press: () => void;
}

/** Half the width that answers a finger, in pixels. */
const TOUCH = 20;
/** How much more than what is seen is drawn, on each side. */
const PAD = 0.2;

export class Crowd extends L.Layer {
  private canvas = L.DomUtil.create("canvas", "crowd leaflet-zoom-animated");
  private corner = L.latLng(0, 0);
  private zoom = 0;
  private list: Crowded[] = [];
  private sprites = new Map<string, HTMLCanvasElement>();
  private density = Math.min(2, Math.max(1, window.devicePixelRatio));

  override onAdd(map: L.Map): this {
    map.getPane("crowd")!.append(this.canvas);
    this.draw(this.list);
    return this;
  }

  override onRemove(): this {
    this.canvas.remove();
    return this;
  }

  override getEvents(): Record<string, L.LeafletEventHandlerFn> {
    return { zoomanim: ((e: L.ZoomAnimEvent) => this.follow(e.center, e.zoom)) as L.LeafletEventHandlerFn };
  }

  /** Draws in another theme. */
  dress(): void {
    this.sprites.clear();
    this.draw(this.list);
  }

  /** Draws marks in the place of those before, later ones on top. */
  draw(list: Crowded[]): void {
    this.list = list;
    const map = this._map;
    if (!map) return;
    const seen = map.getSize();
    const size = seen.multiplyBy(1 + 2 * PAD).round();
    const corner = map.containerPointToLayerPoint(seen.multiplyBy(-PAD)).round();
    this.corner = map.layerPointToLatLng(corner);
    this.zoom = map.getZoom();
    L.DomUtil.setTransform(this.canvas, corner, 1);
    const c = this.canvas;
    c.style.width = `${size.x}px`;
    c.style.height = `${size.y}px`;
    // An empty canvas takes no memory and no time.
    [c.width, c.height] = list.length ? [size.x * this.density, size.y * this.density] : [0, 0];
    if (!list.length) return;
    const ctx = c.getContext("2d")!;
    ctx.setTransform(this.density, 0, 0, this.density, 0, 0);
    const style = getComputedStyle(map.getContainer());
    for (const m of list) {
      const p = map.latLngToLayerPoint(m.at).subtract(corner);
      if (p.x < -40 || p.y < -40 || p.x > size.x + 40 || p.y > size.y + 40) continue;
      const s = this.sprite(m, style);
      const [w, h] = [s.width / this.density, s.height / this.density];
      // On whole pixels, which keeps the icons sharp.
      ctx.drawImage(s, Math.round(p.x - w / 2), Math.round(p.y - h / 2), w, h);
    }
  }

  /** The mark under a point of the map's container: the one nearest to it. */
  find(at: L.Point): Crowded | null {
    let best: Crowded | null = null;
    let least = TOUCH;
    for (const m of this.list) {
      const far = this._map.latLngToContainerPoint(m.at).distanceTo(at);
      if (far < least) [best, least] = [m, far];
    }
    return best;
  }

  // Keeps with the map while it zooms, as the tiles do.
  private follow(center: L.LatLng, zoom: number): void {
    const scale = this._map.getZoomScale(zoom, this.zoom);
    const at = (this._map as unknown as Inner)._latLngToNewLayerPoint(this.corner, zoom, center);
    L.DomUtil.setTransform(this.canvas, at, scale);
  }

  private sprite(m: Crowded, style: CSSStyleDeclaration): HTMLCanvasElement {
    const rows = m.form === "count" ? m.rows.map((r) => ({ kind: r.kind, text: short(r.count) })) : [];
    const key = `${m.form}:${rows.length ? rows.map((r) => `${r.kind} ${r.text}`).join() : `${m.kind}:${m.inferred}`}`;
    const kept = this.sprites.get(key);
    if (kept) return kept;
    const c = document.createElement("canvas");
    const ctx = c.getContext("2d")!;
    const colorOf = (kind: string) => style.getPropertyValue(`--${kind}`).trim() || style.color;
    const color = colorOf(rows[0]?.kind ?? m.kind);
    const surface = style.getPropertyValue("--surface").trim();
    const font = `700 13px ${style.fontFamily}`;
    ctx.font = font;
    const wide = m.form === "count" ? Math.ceil(Math.max(...rows.map((r) => ctx.measureText(r.text).width))) + 34 : m.form === "icon" ? 28 : 13;
    const high = m.form === "count" ? 10 + 20 * rows.length : wide;
    [c.width, c.height] = [wide * this.density, high * this.density];
    ctx.setTransform(this.density, 0, 0, this.density, 0, 0);
    const box = (inset: number, r: number) => {
      ctx.beginPath();
      ctx.roundRect(inset, inset, wide - 2 * inset, high - 2 * inset, r);
    };
    const square = m.kind === "gate";
    if (m.form === "small") {
      ctx.fillStyle = surface;
      box(0.5, square ? 3 : 6);
      ctx.fill();
      ctx.fillStyle = color;
      box(2, square ? 2 : 4.5);
      ctx.fill();
    } else {
      ctx.fillStyle = surface;
      ctx.strokeStyle = color;
      ctx.lineWidth = 2;
      if (m.inferred) ctx.setLineDash([3, 2]);
      ctx.shadowColor = "rgba(0,0,0,.3)";
      ctx.shadowBlur = 3 * this.density;
      box(3, m.form === "count" || square ? 8 : 11);
      ctx.fill();
      ctx.shadowColor = "transparent";
      ctx.stroke();
      ctx.setLineDash([]);
      const sign = (kind: string, x: number, y: number, size: number) => {
        ctx.save();
        ctx.translate(x, y - size / 2);
        ctx.scale(size / 24, size / 24);
        ctx.lineCap = ctx.lineJoin = "round";
        ctx.strokeStyle = colorOf(kind);
        ctx.stroke(new Path2D(paths[kind] ?? paths.dot!));
        ctx.restore();
      };
      const size = square ? 13 : 15;
      if (!rows.length) sign(m.kind, (wide - size) / 2, high / 2, size);
      ctx.font = font;
      ctx.textBaseline = "middle";
      rows.forEach((r, i) => {
        sign(r.kind, 7, 15 + 20 * i, 15);
        ctx.fillStyle = colorOf(r.kind);
        ctx.fillText(r.text, 25, 15.5 + 20 * i);
      });
    }
    this.sprites.set(key, c);
    return c;
  }
}

/** A count in few characters. */
export function short(n: number): string {
  return n > 999_999 ? `${Math.round(n / 1e6)}M` : n > 999 ? `${Math.round(n / 1000)}k` : String(n);
}

// What Leaflet's own layers use and its types leave out.
interface Inner {
  _latLngToNewLayerPoint(p: L.LatLng, zoom: number, center: L.LatLng): L.Point;
}
