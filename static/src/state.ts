// What the page knows, in one place; whoever draws a part of it listens to
// that part.

import type { About, ClosureFeature, Feature, Mode, Point } from "./types";
import { type Address, type View, format, parse } from "./url";

export interface State {
  about: About | null;
  view: View;
  kind: string;
  facilities: string[];
  openNow: boolean;
  mode: Mode;
  /** Kinds shown on the map beside the one listed. */
  layers: string[];
  /** Where the rider is, as the device or the rider said. */
  me: { point: Point; by: "device" | "hand" } | null;
  /** The map's view; undefined until the map has one. */
  center?: Point;
  zoom?: number;
  /** The last answer of the list. */
  found: Feature[];
  /** What is closed, or specially opened, now. */
  closures: ClosureFeature[];
  /** What will be, while the planner's list of it is open. */
  planned: ClosureFeature[];
}

type Key = keyof State;

/** A state and its listeners. Listeners run once per set, after all of it. */
export class Store {
  private listeners: { keys: Key[]; fn: () => void }[] = [];

  constructor(readonly state: State) {}

  set(patch: Partial<State>): void {
    const changed = (Object.keys(patch) as Key[]).filter((k) => this.state[k] !== patch[k]);
    if (changed.length === 0) return;
    Object.assign(this.state, patch);
    for (const l of [...this.listeners]) if (l.keys.some((k) => changed.includes(k))) l.fn();
  }

  /** Calls fn after each change of one of keys; the answer stops it. */
  on(keys: Key[], fn: () => void): () => void {
    const l = { keys, fn };
    this.listeners.push(l);
    return () => {
      this.listeners = this.listeners.filter((x) => x !== l);
    };
  }

  /** Where distances start: the rider, else the place the link or server names. */
  origin(): Point | null {
    return this.state.me?.point ?? this.home ?? this.state.about?.center ?? null;
  }

  /** The centre of the link the page was opened with. */
  home?: Point;
}

/** The state as an address, for the address bar and for links. */
export function address(s: State, view: View = s.view): Address {
  return {
    view,
    center: s.center,
    zoom: s.zoom,
    at: s.me?.by === "hand" ? s.me.point : undefined,
    kind: s.kind,
    facilities: s.facilities,
    openNow: s.openNow,
    mode: s.mode,
    layers: s.layers,
  };
}

/** What the browser keeps between visits; private windows may refuse it. */
export const memory = {
  get(key: string): string | null {
    try {
      return localStorage.getItem(`yizhan.${key}`);
    } catch {
      return null;
    }
  },
  set(key: string, value: string): void {
    try {
      localStorage.setItem(`yizhan.${key}`, value);
    } catch {
      // Not remembered, and nothing else is lost.
    }
  },
};

/** The state that an address bar describes. */
export function opened(hash: string): Store {
  const a = parse(hash);
  const kept = memory.get("mode");
  const store = new Store({
    about: null,
    view: a.view,
    kind: a.kind,
    facilities: a.facilities,
    openNow: a.openNow,
    mode: a.mode ?? (kept === "foot" || kept === "bicycle" ? kept : "ebike"),
    layers: a.layers,
    me: a.at ? { point: a.at, by: "hand" } : null,
    center: a.center,
    zoom: a.zoom,
    found: [],
    closures: [],
    planned: [],
  });
  store.home = a.center;
  return store;
}

/** Moves between views so that the browser's back button retraces them. */
export class Navigator {
  private depth: number;

  constructor(private store: Store) {
    this.depth = (history.state as { depth?: number } | null)?.depth ?? 0;
    window.addEventListener("popstate", (e) => {
      this.depth = (e.state as { depth?: number } | null)?.depth ?? 0;
      const a = parse(location.hash);
      store.set({
        view: a.view,
        kind: a.kind,
        facilities: same(a.facilities, store.state.facilities),
        openNow: a.openNow,
        layers: same(a.layers, store.state.layers),
        ...(a.mode ? { mode: a.mode } : {}),
      });
    });
    store.on(["kind", "facilities", "openNow", "mode", "layers", "me", "center", "zoom"], () => this.write());
  }

  /** The link to a view from here. */
  href(view: View): string {
    return format(address(this.store.state, view));
  }

  /** Opens a view as a new step of the history. */
  go(view: View): void {
    this.depth++;
    history.pushState({ depth: this.depth }, "", this.href(view));
    this.store.set({ view });
  }

  /** Opens a view in the place of the present one. */
  swap(view: View): void {
    this.store.set({ view });
    this.write();
  }

  /** One step back, or to the list where the link was opened from outside. */
  back(): void {
    if (this.depth > 0) history.back();
    else this.swap({ name: "list" });
  }

  private pending = 0;

  // Browsers refuse more than some hundred history changes in half a minute,
  // and a drag of the map makes many.
  private write(): void {
    clearTimeout(this.pending);
    this.pending = window.setTimeout(() => {
      history.replaceState({ depth: this.depth }, "", format(address(this.store.state)));
    }, 150);
  }
}

function same(a: string[], b: string[]): string[] {
  return a.length === b.length && a.every((x, i) => x === b[i]) ? b : a;
}
