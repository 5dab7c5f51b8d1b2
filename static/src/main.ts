// The rider's page. The list comes first: this script draws it from answers
// that the document asked for while the script was on its way; the map and the
// other views follow in scripts of their own.

import "./style/page.css";
import { api, reason } from "./api";
import type { App } from "./app";
import { h, icon } from "./dom";
import { say, speak, t, wanted } from "./i18n";
import { beginWith } from "./kinds";
import { listen, stale } from "./live";
import type { MapView } from "./map/map";
import { type Screen, Sheet } from "./sheet";
import { Navigator, memory, opened } from "./state";
import { follow, theme } from "./theme";
import type { Point } from "./types";
import type { View } from "./url";
import { lookOf, titleOf } from "./views/chips";
import { Home } from "./views/home";
import { kindName } from "./views/rows";

speak(wanted(location.search, navigator.languages));

const store = opened(location.hash);
const nav = new Navigator(store);
const $ = <T extends HTMLElement>(selector: string) => document.querySelector<T>(selector)!;

let map: MapView | null = null;
let covered = { bottom: 0, left: 0 };
const sheet = new Sheet($("#sheet"), (bottom, left) => {
  covered = { bottom, left };
  const root = document.documentElement.style;
  root.setProperty("--covered", `${bottom}px`);
  root.setProperty("--left", `${left}px`);
  map?.cover(bottom, left);
});

const app: App = { store, nav, sheet, map: null, tell, changed: () => void closures(true) };
follow((now) => map?.dress(now));

const home = new Home(app);
const views = () => import("./views/more");
const planning = () => import("./views/planning");

// --- what is on the sheet

let shown: View = { name: "list" };
let listTop = 0;

async function turn(): Promise<void> {
  const view = store.state.view;
  const before = shown;
  shown = view;
  if (view.name === "list" || view.name === "search") {
    const returning = before.name !== "list" && before.name !== "search";
    sheet.show(home);
    if (returning) {
      sheet.raise("half");
      sheet.scrollTop = listTop;
      home.focusRow(before.name === "place" ? before.id : "");
      app.map?.show(null);
    }
    document.title = say(store.state.about?.name) || t("title");
    return;
  }
  if (before.name === "list" || before.name === "search") listTop = sheet.scrollTop;
  if (view.name === before.name && JSON.stringify(view) === JSON.stringify(before) && current) return;
  const made = await make(view).catch((err: unknown) => {
    tell(reason(err), { label: t("retry"), run: () => void turn() });
    return null;
  });
  if (!made || store.state.view !== view) return;
  if (view.name !== "place") app.map?.show(null);
  current = made;
  sheet.show(made);
  // A point has two buttons and no more to read, unless it is closed there.
  sheet.rest(view.name === "point" && !made.body.querySelector(".closed-note") ? "peek" : "half");
  (made as { focus?(): void }).focus?.();
}

let current: Screen | null = null;

/** The screen that may ask for a point of the map. */
const asking = () => (shown.name === "list" || shown.name === "search" ? null : current);

async function make(view: View): Promise<Screen> {
  const v = await views();
  switch (view.name) {
    case "place":
      return new v.Detail(app, view.id);
    case "point":
      return new v.Spot(app, view.at);
    case "route":
      return new v.RouteView(app, view.to, view.depart);
    case "plan":
      return new v.Plan(app, view.radius);
    case "reach":
      return new (await planning()).Reach(app, view);
    case "closures":
      return new (await planning()).ClosureList(app);
    case "closure":
      return new (await planning()).ClosureView(app, view.id);
    case "close":
      return new (await planning()).CloseForm(app);
    default:
      return home;
  }
}

store.on(["view"], () => {
  const { view } = store.state;
  // The same view with another time or radius stays as it is.
  if (shown.name === view.name && (view.name === "plan" || view.name === "reach" || (view.name === "route" && (shown as typeof view).to === view.to))) {
    shown = view;
    return;
  }
  void turn();
});

// --- the map

async function startMap(): Promise<void> {
  const el = $("#map");
  try {
    const [{ MapView }, base, places] = await Promise.all([
      import("./map/map"),
      store.state.about!.base && api.tiles("base").catch(() => null),
      api.tiles("places").catch(() => null),
    ]);
    const about = store.state.about!;
    const origin = store.state.center ?? store.origin() ?? about.center;
    el.replaceChildren();
    map = new MapView(
      el,
      {
        center: origin,
        zoom: store.state.zoom ?? 16,
        theme: theme(),
        lang: wanted(location.search, navigator.languages),
        base: about.base && base?.tiles[0] ? { url: base.tiles[0], maxZoom: base.maxzoom } : null,
        places: places?.tiles[0] ? { url: places.tiles[0], minZoom: places.minzoom, maxZoom: places.maxzoom } : null,
      },
      {
        moved: (center, zoom, byHand) => {
          store.set({ center, zoom });
          if (byHand) strayed(center);
        },
        tapped: (p) => {
          if (asking()?.tapped) return asking()!.tapped!(p);
          const { name } = store.state.view;
          if (name === "list" || name === "search") nav.go({ name: "point", at: p });
          else if (name === "point") nav.swap({ name: "point", at: p });
        },
        held: startAt,
        draggedMe: (p) => store.set({ me: { point: p, by: "hand" } }),
        opened: (id) => {
          const view = { name: "place" as const, id };
          if (asking()?.opened) asking()!.opened!(id);
          else if (store.state.view.name === "place") nav.swap(view);
          else nav.go(view);
        },
        closure: (id) => {
          const { name } = store.state.view;
          if (name === "close" || name === "reach") return;
          if (name === "closure") nav.swap({ name, id });
          else nav.go({ name: "closure", id });
        },
        look: (p) => lookOf(p, store.state.mode),
        title: (p) => titleOf(p as never, p.name) + (p.name ? "" : ` ${kindName(p.kind, store.state)}`),
      },
    );
    app.map = map;
    map.cover(covered.bottom, covered.left);
    map.fly(origin, store.state.zoom ?? 16);
    const kinds = () => map!.kinds([store.state.kind, ...store.state.layers]);
    let begun = false;
    const list = () => {
      map!.list(store.state.found);
      if (begun || store.state.found.length === 0) return;
      begun = true;
      begin();
    };
    const rider = () => map!.rider(store.origin(), store.state.me !== null);
    store.on(["kind", "layers"], kinds);
    store.on(["found"], list);
    store.on(["me"], rider);
    const shut = () => void map!.closures([...store.state.closures, ...store.state.planned]);
    store.on(["closures", "planned"], shut);
    kinds();
    list();
    rider();
    shut();
    // A view that opened before there was a map draws itself on it now.
    const remote = current as { load?(): Promise<void> } | null;
    if (shown.name !== "list" && shown.name !== "search") void remote?.load?.();
    $("#map-tools").hidden = false;
    document.documentElement.dataset.map = "ready";
  } catch (err) {
    console.error(err);
    el.replaceChildren(h("p", { class: "map-note" }, t("mapFailed"), " ", h("button", { type: "button", class: "button", on: { click: () => void startMap() } }, t("retry"))));
  }
}

// Where little near the start would be seen, the first look goes further out.
function begin(): void {
  const { found, view, me } = store.state;
  const far = (i: number) => found[Math.min(i, found.length - 1)]?.properties.distance_m ?? 0;
  if (store.home || me || (far(0) < 500 && far(2) < 1500) || view.name !== "list") return;
  const points = found.slice(0, 3).flatMap((f) => (f.geometry?.type === "Point" ? [f.geometry.coordinates] : []));
  map!.frame([store.origin()!, ...points]);
}

function startAt(p: Point): void {
  const before = store.state.me;
  store.set({ me: { point: p, by: "hand" } });
  tell(t("hereSet"), { label: t("undo"), run: () => store.set({ me: before }) });
}

// Offers to start from the middle of the map once that is far from the start.
function strayed(center: Point): void {
  const from = store.origin();
  if (!from) return;
  const dx = (center[0] - from[0]) * 111_320 * Math.cos((center[1] * Math.PI) / 180);
  const dy = (center[1] - from[1]) * 110_540;
  $("#from-here").hidden = Math.hypot(dx, dy) < 400 || (store.state.view.name !== "list" && store.state.view.name !== "route");
}

// --- what is closed

let closuresAsked = "";

// Asks what is closed now. Where that has changed, or is said to have, what
// depends on it is asked for anew.
async function closures(told = false): Promise<void> {
  const answer = await api.closures("now").catch(() => null);
  if (!answer) return;
  const now = JSON.stringify(answer.features);
  const first = closuresAsked === "";
  const changed = now !== closuresAsked;
  closuresAsked = now;
  if (changed && (answer.features.length > 0 || store.state.closures.length > 0)) store.set({ closures: answer.features });
  if (first || !(changed || told)) return;
  if (changed && !told) void home.load(true);
  const remote = current as { load?(): Promise<void> } | null;
  if (shown.name !== "route" && shown.name !== "place") return;
  await remote?.load?.();
  if (shown.name === "route" && changed) tell(t("wayChanged"));
}

// Closures begin and end on the minute. A page that nobody looks at asks when
// it is looked at again.
function watchClosures(): void {
  const tick = () => {
    if (!document.hidden) void closures();
    setTimeout(tick, 60_300 - (Date.now() % 60_000));
  };
  tick();
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void closures();
  });
}

// --- buttons on the map

function tool(symbol: string, label: string, press: () => void, id?: string): HTMLElement {
  return h("button", { type: "button", class: "tool", id, "aria-label": label, title: label, on: { click: press } }, icon(symbol));
}

function buttons(): void {
  const fromHere = h(
    "button",
    { type: "button", class: "pill", id: "from-here", hidden: true, on: { click: () => {
      if (store.state.center) startAt(store.state.center);
      fromHere.hidden = true;
    } } },
    icon("me", 20),
    t("useCenter"),
  );
  $("#map-top").append(fromHere);
  $("#map-tools").append(
    tool("more", t("more"), () => void views().then((v) => v.moreDialog(app)), "open-more"),
    tool("layers", t("layers"), () => void views().then((v) => v.layersDialog(app)), "open-layers"),
    tool("plus", t("zoomIn"), () => map?.zoom(1)),
    tool("minus", t("zoomOut"), () => map?.zoom(-1)),
    tool("locate", t("locate"), locate, "locate"),
  );
}

function locate(): void {
  const button = $("#locate");
  // Browsers give no position to plain http, the usual thing on an intranet.
  if (!navigator.geolocation || !window.isSecureContext) {
    tell(t("locateDenied"));
    return;
  }
  button.setAttribute("aria-busy", "true");
  navigator.geolocation.getCurrentPosition(
    (pos) => {
      button.removeAttribute("aria-busy");
      const point: Point = [pos.coords.longitude, pos.coords.latitude];
      store.set({ me: { point, by: "device" } });
      map?.fly(point, Math.max(16, store.state.zoom ?? 16));
    },
    () => {
      button.removeAttribute("aria-busy");
      tell(t("locateDenied"));
    },
    { enableHighAccuracy: true, timeout: 10_000, maximumAge: 15_000 },
  );
}

// --- the voice

let hush = 0;

function tell(text: string, action?: { label: string; run: () => void }): void {
  const box = $("#toast");
  clearTimeout(hush);
  box.replaceChildren(
    h("span", null, text),
    ...(action ? [h("button", { type: "button", class: "toast-action", on: { click: () => (action.run(), (box.hidden = true)) } }, action.label)] : []),
  );
  box.hidden = false;
  $("#say").textContent = text;
  hush = window.setTimeout(() => (box.hidden = true), action ? 8000 : 5000);
}

// --- start

$(".skip").addEventListener("click", (e) => {
  e.preventDefault();
  $("#sheet h1").focus();
});
document.addEventListener("keydown", (e) => {
  if (e.key !== "Escape" || document.querySelector("dialog[open]")) return;
  if (store.state.view.name !== "list") nav.back();
});
store.on(["mode"], () => memory.set("mode", store.state.mode));
store.on(["me", "view"], () => ($("#from-here").hidden = true));

async function start(): Promise<void> {
  try {
    const about = await api.about();
    store.set({ about, kind: beginWith(about, /[?&]kind=/.test(location.hash) ? store.state.kind : "") });
    document.title = say(about.name) || t("title");
    $("#attribution").textContent = about.attribution;
    const demo = $("#demo");
    demo.hidden = !about.demo;
    demo.textContent = t("demo");
    await startMap();
    listen(about.version, (layers) => {
      void home.load(true);
      map?.refresh(stale(layers));
      if (layers.includes("base")) tell(t("updated"), { label: t("reload"), run: () => location.reload() });
      const remote = current as { load?(): Promise<void> } | null;
      // Which closures are to come, and which are over, is the list's matter.
      if (shown.name === "closures" || (shown.name === "place" && !layers.includes("closure"))) void remote?.load?.();
      if (layers.length === 0 || layers.includes("closure")) void closures(true);
    });
    watchClosures();
    void views();
  } catch (err) {
    home.failed(reason(err));
  }
}

buttons();
sheet.show(home);
void turn();
void start();

