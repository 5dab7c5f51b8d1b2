// The shapes of the server's answers, as its OpenAPI document describes them.

/** lon,lat in degrees, WGS-84 unless another datum was asked for. */
export type Point = [number, number];

export type Lang = "zh" | "en";
export type Text = { zh: string; en: string };
export type Mode = "foot" | "bicycle" | "ebike";
export type Verdict = "open" | "permit" | "unknown" | "closed";
export type OpenState = "open" | "closed" | "unknown";

export interface Named {
  id: string;
  name: Text;
}

export interface About {
  name: Text;
  demo: boolean;
  version: string;
  attribution: string;
  zone: string;
  bounds: [number, number, number, number];
  center: Point;
  kinds: (Named & { count: number })[];
  facilities: Named[];
  station_types: Named[];
  base: { min_zoom: number; max_zoom: number } | null;
}

export interface Open {
  state: OpenState;
  until?: string;
  next?: OpenState;
  comment?: string;
}

export interface Access {
  verdict: Verdict;
  reason: Text;
  opens?: string;
}

export interface Ref {
  id: string;
  name: string;
}

export interface Place {
  id: string;
  kind: string;
  name: string;
  names?: Record<string, string>;
  address?: string;
  phone?: string;
  operator?: string;
  website?: string;
  note?: string;
  hours?: string;
  hours_text?: string;
  open?: Open;
  facilities?: string[];
  valid?: { from?: string; until?: string };
  compound?: Ref;
  source?: { feed: string; ref: string };
  distance_m?: number;
  duration_s?: number;
  route_distance_m?: number;
  /** Where a search result lies: its compound, street or district. */
  context?: string | Text;
  station?: { type?: string; network?: string; hub?: string; booking?: string };
  gate?: {
    barrier?: string;
    inferred?: boolean;
    tags?: Record<string, string>;
    compounds?: Ref[];
    access?: Record<Mode, Access>;
  };
  charger?: { vehicles?: string[]; sockets?: number; fee?: string };
  bus_stop?: { lines?: string[]; shelter?: boolean; bench?: boolean };
  parking?: { vehicles?: string[]; capacity?: number; covered?: boolean };
  shared_bike?: { capacity?: number; network?: string };
  /** Of a compound: its gates. */
  gates?: Place[];
  /** Of a building: its doors. */
  entrances?: { id: string; point: Point; type?: string; unit?: string; name?: string }[];
}

export type Geometry =
  | { type: "Point"; coordinates: Point }
  | { type: "LineString"; coordinates: Point[] }
  | { type: "Polygon"; coordinates: Point[][] }
  | { type: "MultiPolygon"; coordinates: Point[][][] }
  | { type: "MultiLineString"; coordinates: Point[][] };

export interface Feature {
  type: "Feature";
  geometry: Geometry | null;
  properties: Place;
}

export interface FeatureCollection {
  type: "FeatureCollection";
  features: Feature[];
}

export interface Step {
  text: Text;
  distance_m: number;
  duration_s: number;
  point: Point;
  turn: string;
  street?: string;
}

export interface Leg {
  mode: Mode;
  distance_m: number;
  duration_s: number;
  geometry: { type: "LineString"; coordinates: Point[] };
  steps: Step[];
}

export interface Approach {
  gate: { id: string; name: string; names?: Record<string, string>; point: Point; inferred?: boolean; barrier?: string } | null;
  verdict: Verdict;
  reason?: Text;
  opens?: string;
  wait_s?: number;
  distance_m: number;
  duration_s: number;
  /** Absent where nobody can say when one gets there: a gate that stays shut. */
  arrive?: string;
  legs: Leg[];
}

export interface Routes {
  from: { point: Point };
  to: { point: Point; id?: string; kind?: string; name?: string; names?: Record<string, string>; compound?: Ref };
  by: Mode;
  depart: string;
  options: Approach[];
}

/** One that lies outside all circles. */
export interface Outside {
  id: string;
  kind: string;
  name: string;
  names?: Record<string, string>;
  /** Of a building: its compound's name, or its address. */
  context?: string;
  point: Point;
  distance_m: number;
}

export interface Coverage {
  radius_m: number;
  stations: number;
  compounds: { inside: number; outside: number };
  buildings: { inside: number; outside: number };
  outside: Outside[];
}

/** What closes a gate, a stretch of street or an area for a time, or opens it. */
export interface Closure {
  id: string;
  state: "closed" | "open";
  gate?: string;
  /** All where absent. */
  modes?: Mode[];
  /** Since ever, until taken back, where absent. */
  from?: string;
  to?: string;
  reason?: string;
  phase: Phase;
  /** For how much it holds, and the name of a closed street. */
  effect: { streets: number; gates: number; name?: string; line?: Point[] };
  /** Whether a restart of the server leaves it. */
  lasting: boolean;
}

export type Phase = "planned" | "active" | "expired";

export interface ClosureFeature {
  type: "Feature";
  id: string;
  geometry: Geometry | null;
  properties: Closure;
}

/** What is sent to close or open something: one of gate, street and area. */
export interface ClosureRequest {
  state: "closed" | "open";
  gate?: string;
  street?: Point;
  area?: { type: "Polygon"; coordinates: Point[][] };
  modes?: Mode[];
  from?: string;
  to?: string;
  reason?: string;
}

/** What is reached within some minutes, or, without an area, the streets. */
export interface Reached {
  type: "Feature";
  geometry: Geometry;
  properties: { minutes: number; by: Mode; area_m2?: number };
}

/** The west, south, east and north of a geometry, margin degrees further out. */
export function boxOf(g: Geometry, margin = 0): [number, number, number, number] {
  let [w, s, e, n] = [Infinity, Infinity, -Infinity, -Infinity];
  const walk = (c: unknown): void => {
    const list = c as unknown[];
    if (typeof list[0] === "number") {
      const [x, y] = c as Point;
      w = Math.min(w, x);
      e = Math.max(e, x);
      s = Math.min(s, y);
      n = Math.max(n, y);
    } else list.forEach(walk);
  };
  walk(g.coordinates);
  return [w - margin, s - margin, e + margin, n + margin];
}

/** The centre of a geometry's bounding box, for flying there. */
export function middle(g: Geometry): Point {
  const [w, s, e, n] = boxOf(g);
  return [(w + e) / 2, (s + n) / 2];
}
