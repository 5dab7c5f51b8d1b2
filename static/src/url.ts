// The address of what is on the screen: everything after "#" that a shared
// link needs to bring the same item, map and conditions back.
//
//   #/place/osm:n12?c=116.35200,39.96000&z=17&kind=station&f=hot_water&open=now&by=foot&at=…
//
// Where the position came from the device it is private and never written.

import type { About, Mode, Point } from "./types";

export type View =
  | { name: "list" }
  | { name: "search"; q: string }
  | { name: "place"; id: string }
  | { name: "point"; at: Point }
  | { name: "route"; to: string; depart?: string }
  | { name: "plan"; radius: number }
  | { name: "reach"; at?: Point; by: Mode; depart?: string }
  | { name: "closures" }
  | { name: "closure"; id: string }
  | { name: "close" };

export interface Address {
  view: View;
  center?: Point;
  zoom?: number;
  /** The starting point where it was chosen on the map. */
  at?: Point;
  kind: string;
  facilities: string[];
  openNow: boolean;
  mode?: Mode;
  /** Kinds shown on the map beside the one listed. */
  layers: string[];
}

export const RADII = [300, 500, 1000];

/** The kinds shown beside the one listed where an address does not say: gates,
 *  because they decide the last hundred metres. */
const LAYERS: readonly string[] = ["gate"];

/** Reads the part of an address after "#". What is malformed is left out. */
export function parse(hash: string): Address {
  const [path = "", query = ""] = hash.replace(/^#/, "").split("?") as [string, string?];
  const q = new URLSearchParams(query);
  const words = (key: string) => (q.get(key) ?? "").split(",").filter((w) => /^[a-z_]+$/.test(w));
  const zoom = Number(q.get("z"));
  const kind = q.get("kind") ?? "";
  return {
    view: view(path),
    center: point(q.get("c")),
    zoom: zoom >= 1 && zoom <= 20 ? zoom : undefined,
    at: point(q.get("at")),
    kind: /^[a-z_]+$/.test(kind) ? kind : "station",
    facilities: words("f"),
    openNow: q.get("open") === "now",
    mode: modeOf(q.get("by")),
    layers: q.has("layers") ? words("layers") : [...LAYERS],
  };
}

function view(path: string): View {
  const [, name, raw = "", depart, later] = path.split("/");
  const arg = decode(raw);
  switch (name) {
    case "search":
      return { name, q: arg };
    case "place":
      return arg ? { name, id: arg } : { name: "list" };
    case "point": {
      const at = point(arg);
      return at ? { name, at } : { name: "list" };
    }
    case "route":
      return arg ? { name, to: arg, ...(depart ? { depart: decode(depart) } : {}) } : { name: "list" };
    case "plan":
      return { name, radius: RADII.includes(Number(arg)) ? Number(arg) : 500 };
    case "reach": {
      const at = point(arg);
      return { name, ...(at ? { at } : {}), by: modeOf(depart) ?? "foot", ...(later ? { depart: decode(later) } : {}) };
    }
    case "closure":
      return arg ? { name, id: arg } : { name: "closures" };
    case "closures":
    case "close":
      return { name };
    default:
      return { name: "list" };
  }
}

function modeOf(s: string | null | undefined): Mode | undefined {
  return s === "foot" || s === "bicycle" || s === "ebike" ? s : undefined;
}

function decode(s: string): string {
  try {
    return decodeURIComponent(s);
  } catch {
    return "";
  }
}

/** Reads "lon,lat". */
export function point(s: string | null | undefined): Point | undefined {
  const m = /^(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)$/.exec(s ?? "");
  if (!m) return undefined;
  const p: Point = [Number(m[1]), Number(m[2])];
  return Math.abs(p[0]) <= 180 && Math.abs(p[1]) <= 85 ? p : undefined;
}

/** Writes "lon,lat" with 1 m of resolution. */
export function lonlat(p: Point): string {
  return `${+p[0].toFixed(5)},${+p[1].toFixed(5)}`;
}

/** The path of a view: "/place/osm%3An12". */
function pathOf(v: View): string {
  switch (v.name) {
    case "list":
      return "/";
    case "search":
      return `/search/${encodeURIComponent(v.q)}`;
    case "place":
      return `/place/${encodeURIComponent(v.id)}`;
    case "point":
      return `/point/${lonlat(v.at)}`;
    case "route":
      return `/route/${encodeURIComponent(v.to)}${v.depart ? `/${encodeURIComponent(v.depart)}` : ""}`;
    case "plan":
      return `/plan/${v.radius}`;
    case "reach":
      return `/reach/${v.at ? encodeURIComponent(lonlat(v.at)) : "-"}/${v.by}${v.depart ? `/${encodeURIComponent(v.depart)}` : ""}`;
    case "closure":
      return `/closure/${encodeURIComponent(v.id)}`;
    case "closures":
    case "close":
      return `/${v.name}`;
  }
}

/** Writes an address, "#" included. */
export function format(a: Address): string {
  const q: string[] = [];
  if (a.center) q.push(`c=${lonlat(a.center)}`);
  if (a.zoom !== undefined) q.push(`z=${+a.zoom.toFixed(2)}`);
  if (a.at) q.push(`at=${lonlat(a.at)}`);
  if (a.kind !== "station") q.push(`kind=${a.kind}`);
  if (a.facilities.length) q.push(`f=${a.facilities.join(",")}`);
  if (a.openNow) q.push("open=now");
  if (a.mode) q.push(`by=${a.mode}`);
  if (a.layers.join() !== LAYERS.join()) q.push(`layers=${a.layers.join(",")}`);
  return `#${pathOf(a.view)}${q.length ? `?${q.join("&")}` : ""}`;
}

/** What an embedded map's address asks for, and which parts are malformed. */
export interface Wish {
  center?: Point | undefined;
  zoom?: number | undefined;
  /** Those that the server has. */
  kinds: string[];
  /** The malformed parts as they were written: "zoom=99". */
  bad: string[];
}

/** Reads ?center=LON,LAT&zoom=&kinds=&lang= of an embedded map. */
export function wish(search: string, about: Pick<About, "kinds">): Wish {
  const q = new URLSearchParams(search);
  const bad: string[] = [];
  const doubt = (key: string, text: string) => bad.push(`${key}=${text.slice(0, 24)}`);
  const center = point(q.get("center"));
  if (q.get("center") && !center) doubt("center", q.get("center")!);
  const zoom = Number(q.get("zoom"));
  const fits = zoom >= 3 && zoom <= 20;
  if (q.get("zoom") && !fits) doubt("zoom", q.get("zoom")!);
  const asked = (q.get("kinds") ?? "").split(",").filter(Boolean);
  const kinds = asked.filter((k) => about.kinds.some((x) => x.id === k));
  if (kinds.length < asked.length) doubt("kinds", asked.filter((k) => !kinds.includes(k)).join());
  const lang = q.get("lang");
  if (lang && lang !== "zh" && lang !== "en") doubt("lang", lang);
  return { center, zoom: fits ? zoom : undefined, kinds, bad };
}
