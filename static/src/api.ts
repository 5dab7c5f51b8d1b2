// The server's answers: one function per endpoint, one error that carries the
// server's own sentence on what to do.

import { language, t } from "./i18n";
import type { About, ClosureFeature, ClosureRequest, Coverage, Feature, FeatureCollection, Mode, Point, Reached, Routes } from "./types";
import { lonlat } from "./url";

declare global {
  interface Window {
    /** Answers that the document asked for before any script had loaded. */
    early?: Record<string, Promise<Response> | undefined>;
    /** Settles once the document has asked all that it asks early. */
    asked?: Promise<void>;
  }
}

/** A request that failed; detail is a sentence for people. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
  ) {
    super(detail);
  }
}

/** The sentence to show for whatever was thrown. */
export function reason(err: unknown): string {
  return err instanceof Problem ? err.detail : t("broken");
}

/** Whether err is only a request that a newer one replaced. */
export function replaced(err: unknown): boolean {
  return err instanceof DOMException && err.name === "AbortError";
}

async function get<T>(url: string, signal?: AbortSignal): Promise<T> {
  const early = window.early?.[url];
  delete window.early?.[url];
  return answer<T>(early ?? fetch(url, { signal, headers: { "Accept-Language": language() } }), signal);
}

/** Changes something, which takes the server's token. */
async function change<T>(method: string, url: string, token: string, body?: unknown): Promise<T> {
  const headers = new Headers({ "Accept-Language": language() });
  // A token is plain ASCII: what no header can carry is a wrong one, and the
  // server says so.
  if (token) headers.set("Authorization", `Bearer ${token.replace(/[^\x21-\x7e]/g, "?")}`);
  if (body) headers.set("Content-Type", "application/json");
  return answer<T>(fetch(url, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) }));
}

async function answer<T>(asked: Promise<Response>, signal?: AbortSignal): Promise<T> {
  let res: Response;
  try {
    res = await asked;
  } catch (err) {
    if (replaced(err)) throw err;
    throw new Problem(0, t("offline"));
  }
  signal?.throwIfAborted();
  if (res.status === 204) return undefined as T;
  if (res.ok) return (await res.json()) as T;
  let detail = "";
  try {
    const problem = (await res.json()) as { detail?: string; title?: string };
    detail = problem.detail || problem.title || "";
  } catch {
    // A proxy's page instead of a problem: the status has to do.
  }
  throw new Problem(res.status, detail || `${t("broken")} (${res.status})`);
}

/** What the server wrote into the page of itself, which saves a round trip. It
 *  serves once: who asks again wants to know what is new. */
function inlined(): About | null {
  const el = document.querySelector("#about");
  if (!el) return null;
  el.remove();
  try {
    return JSON.parse(el.textContent) as About;
  } catch {
    return null;
  }
}

export interface NearestQuery {
  at: Point;
  kind: string;
  limit: number;
  by: Mode | "line";
  facilities: string[];
  openNow: boolean;
}

/** The address of a nearest question. index.html builds the same one early. */
function nearestURL(q: NearestQuery): string {
  const conditions = q.facilities.map((f) => `&facility=${f}`).join("") + (q.openNow ? "&open=now" : "");
  return `/api/nearest?at=${lonlat(q.at)}&kind=${q.kind}&limit=${q.limit}&by=${q.by}${conditions}`;
}

export const api = {
  about: async () => {
    const about = inlined() ?? (await get<About>("/api/about"));
    await window.asked;
    return about;
  },
  nearest: (q: NearestQuery, signal?: AbortSignal) => get<FeatureCollection>(nearestURL(q), signal),
  place: (id: string, signal?: AbortSignal, datum = "") =>
    get<Feature>(`/api/places/${encodeURIComponent(id)}${datum && `?datum=${datum}`}`, signal),
  search: (q: string, near: Point, signal?: AbortSignal) =>
    get<FeatureCollection>(`/api/search?q=${encodeURIComponent(q)}&near=${lonlat(near)}&limit=30`, signal),
  route: (from: Point, to: string, by: Mode, depart: string, signal?: AbortSignal) =>
    get<Routes>(
      `/api/route?from=${lonlat(from)}&to=${encodeURIComponent(to)}&by=${by}&depart=${encodeURIComponent(depart)}&limit=5`,
      signal,
    ),
  coverage: (radius: number, facilities: string[], signal?: AbortSignal) =>
    get<Coverage>(
      `/api/coverage?radius=${radius}&kind=station${facilities.map((f) => `&facility=${f}`).join("")}`,
      signal,
    ),
  layer: (kind: string, signal?: AbortSignal, box?: [number, number, number, number]) =>
    get<FeatureCollection>(`/layers/${kind}.geojson${box ? `?bbox=${box.map((x) => +x.toFixed(6)).join(",")}` : ""}`, signal),
  isochrone: (at: Point, by: Mode, minutes: number[], depart: string, lines: boolean, signal?: AbortSignal) =>
    get<{ features: Reached[] }>(
      `/api/isochrone?at=${lonlat(at)}&by=${by}&minutes=${minutes.join(",")}&depart=${encodeURIComponent(depart)}&lines=${lines}`,
      signal,
    ),
  closures: (active: "now" | "", signal?: AbortSignal) =>
    get<{ features: ClosureFeature[] }>(`/api/closures${active && `?active=${active}`}`, signal),
  closure: (id: string, signal?: AbortSignal) => get<ClosureFeature>(`/api/closures/${encodeURIComponent(id)}`, signal),
  addClosure: (c: ClosureRequest, token: string) => change<ClosureFeature>("POST", "/api/closures", token, c),
  removeClosure: (id: string, token: string) => change<void>("DELETE", `/api/closures/${encodeURIComponent(id)}`, token),
  tiles: (set: "base" | "places") => get<{ tiles: string[]; minzoom: number; maxzoom: number; attribution?: string }>(
    `/tiles/${set}.json`,
  ),
};

/** Runs one request at a time: a newer one aborts the one before. */
export class Latest {
  private controller?: AbortController;

  next(): AbortSignal {
    this.controller?.abort();
    this.controller = new AbortController();
    return this.controller.signal;
  }

  stop(): void {
    this.controller?.abort();
  }
}
