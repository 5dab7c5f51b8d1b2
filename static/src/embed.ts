// The map for other sites: /embed?center=LON,LAT&zoom=&kinds=&lang=. A map
// without chrome, a short list of the nearest, a card for the chosen one.

import "./style/page.css";
import "./style/embed.css";
import { api, reason } from "./api";
import { fill, h, icon } from "./dom";
import { language, nameOf, say, speak, t, wanted } from "./i18n";
import { MapView } from "./map/map";
import { beginWith } from "./kinds";
import { type State, opened } from "./state";
import { follow, theme } from "./theme";
import type { Feature, Place, Point } from "./types";
import { format, wish } from "./url";
import { failure, lookOf, openChip, titleOf } from "./views/chips";
import { facilityName, kindName, nearestOf, placeRow } from "./views/rows";

/** How many places the list of an embedded map shows. */
const LISTED = 8;

speak(wanted(location.search, navigator.languages));

const card = document.querySelector<HTMLElement>("#card")!;
const store = opened("");
let map: MapView | undefined;
let found: Feature[] = [];
let listOpen = false;

follow((now) => map?.dress(now));

async function start(): Promise<void> {
  try {
    const about = await api.about();
    store.set({ about });
    const q = wish(location.search, about);
    const center = q.center ?? about.center;
    store.set({ kind: beginWith(about, q.kinds[0]), layers: q.kinds.slice(1), center, zoom: q.zoom ?? 15 });
    const hint = document.querySelector<HTMLElement>("#hint")!;
    hint.hidden = q.bad.length === 0;
    hint.textContent = t("embedBad", { list: q.bad.join(", ") });
    document.title = say(about.name);
    document.querySelector("#attribution")!.textContent = [about.demo ? t("demo") : "", about.attribution].filter(Boolean).join(" · ");
    await Promise.all([show(center), nearest(center)]);
  } catch (err) {
    fill(card, failure(reason(err), () => void start()));
  }
}

async function show(center: Point): Promise<void> {
  const s = store.state;
  const [base, places] = await Promise.all([s.about!.base && api.tiles("base").catch(() => null), api.tiles("places").catch(() => null)]);
  if (map) return;
  map = new MapView(
    document.querySelector("#map")!,
    {
      center,
      zoom: s.zoom!,
      theme: theme(),
      lang: language(),
      base: s.about!.base && base?.tiles[0] ? { url: base.tiles[0], maxZoom: base.maxzoom } : null,
      places: places?.tiles[0] ? { url: places.tiles[0], minZoom: places.minzoom, maxZoom: places.maxzoom } : null,
    },
    {
      moved: (c, z) => store.set({ center: c, zoom: z }),
      tapped: () => list(),
      held: () => {},
      draggedMe: () => {},
      opened: (id) => void detail(id),
      closure: () => {},
      look: (p) => lookOf(p, "ebike"),
      title: (p) => titleOf(p as Place, p.name),
    },
  );
  // The card must not hide what the map was centred on.
  if (innerWidth >= 640) map.cover(0, 370);
  else map.cover(120, 0);
  map.fly(center, s.zoom!);
  map.kinds([s.kind, ...s.layers]);
  map.list(found);
  const tools = document.querySelector<HTMLElement>("#map-tools")!;
  for (const [symbol, word, by] of [["plus", "zoomIn", 1], ["minus", "zoomOut", -1]] as const) {
    tools.append(h("button", { type: "button", class: "tool", "aria-label": t(word), on: { click: () => map!.zoom(by) } }, icon(symbol)));
  }
  tools.hidden = false;
  document.documentElement.dataset.map = "ready";
}

async function nearest(at: Point): Promise<void> {
  const s = store.state;
  const answer = await api.nearest({ at, kind: s.kind, limit: LISTED, by: "line", facilities: [], openNow: false });
  found = answer.features;
  map?.list(found);
  list();
}

function full(view: Parameters<typeof format>[0]["view"]): HTMLElement {
  const s: State = store.state;
  const href = `/?lang=${language()}${format({ view, center: s.center, zoom: s.zoom, kind: s.kind, facilities: [], openNow: false, layers: s.layers })}`;
  return h("a", { class: "full-link", href, target: "_blank", rel: "noopener" }, t("openFull"), icon("next", 18));
}

function list(): void {
  map?.show(null);
  fill(
    card,
    h(
      "details",
      { open: listOpen, on: { toggle: (e: Event) => (listOpen = (e.target as HTMLDetailsElement).open) } },
      h("summary", null, icon(store.state.kind, 22), h("h1", null, nearestOf(kindName(store.state.kind, store.state)))),
      h("ol", { class: "rows" }, found.map((f, i) => placeRow(f, i + 1, "#", store.state, () => void detail(f.properties.id)))),
    ),
    full({ name: "list" }),
  );
}

async function detail(id: string): Promise<void> {
  try {
    const f = found.find((x) => x.properties.id === id) ?? (await api.place(id));
    const p = f.properties;
    map?.show(f);
    const heading = h("h1", { tabindex: -1 }, titleOf(p, nameOf(p)));
    fill(
      card,
      h("div", { class: "card-head" }, heading, h("button", { type: "button", class: "icon-button", "aria-label": t("close"), on: { click: list } }, icon("close"))),
      h("p", { class: "row-state" }, p.kind === "station" || p.hours ? openChip(p) : kindName(p.kind, store.state)),
      !!p.facilities?.length && h("p", { class: "row-facilities" }, p.facilities.map((x) => h("span", { class: "fac" }, icon(x, 18), facilityName(x, store.state)))),
      p.address && h("p", { class: "why" }, p.address),
      full({ name: "place", id }),
    );
    heading.focus({ preventScroll: true });
  } catch (err) {
    fill(card, failure(reason(err), () => void detail(id)), full({ name: "list" }));
  }
}

document.addEventListener("keydown", (e) => {
  if (e.key === "Escape") list();
});
void start();
