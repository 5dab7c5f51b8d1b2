// How far one really gets in some minutes, beside the circle that a straight
// line would draw.

import { Problem, api } from "../api";
import type { App } from "../app";
import { MODES } from "../closures";
import { fill, h, icon } from "../dom";
import { nameOf, t } from "../i18n";
import { reachLayer } from "../map/drawing";
import { MINUTES, type Level, edge, km2, levels, offStreet, sticksOut } from "../reach";
import type { Mode, Point } from "../types";
import type { View } from "../url";
import { distance } from "../words/format";
import { tp } from "../words/planner";
import { segmented, titleOf } from "./chips";
import { Remote } from "./remote";
import { planTabs } from "./tabs";
import { TimeField, clockNote } from "./when";

/** From how many metres off the streets on that is said. */
const OFF = 80;
/** How many stations the list to choose from has. */
const LISTED = 40;

export class Reach extends Remote {
  private at: Point | undefined;
  private by: Mode;
  private depart: TimeField;
  private list: Level[] = [];
  private shown = new Set(MINUTES);
  private stations = h("select", { class: "field-input", "aria-label": tp("reachFrom") });
  private chosen = "";
  private framed = "";

  constructor(app: App, view: Extract<View, { name: "reach" }>) {
    super(app, tp("reach"));
    this.title(tp("reach"));
    this.at = view.at;
    this.by = view.by;
    this.foot = undefined;
    this.depart = new TimeField(app, tp("leave"), tp("leaveNow"), view.depart, () => this.again());
    this.stations.addEventListener("change", () => this.stations.value && this.opened(this.stations.value));
    this.body.prepend(
      planTabs(app, "reach"),
      h(
        "div",
        { class: "reach-controls" },
        h("p", { class: "why" }, tp("reachPick")),
        h(
          "div",
          { class: "reach-from" },
          this.stations,
          h("button", { type: "button", class: "button square", "aria-label": tp("useMiddle"), title: tp("useMiddle"), on: { click: () => app.map && this.tapped(app.map.center()) } }, icon("locate")),
        ),
        segmented<Mode>("reach-mode", t("mode"), MODES.map((m) => ({ value: m, text: t(m), icon: m })), this.by, (m) => ((this.by = m), this.again())),
        this.depart.el,
        clockNote(app),
      ),
    );
    this.stops.push(app.store.on(["closures"], () => void this.load()));
    void this.offer();
    void this.load();
  }

  override async load(): Promise<void> {
    // Further out the areas are read, not the stations.
    this.app.map?.only(["station"], 15);
    this.app.map?.pick(true);
    await super.load();
  }

  // The stations near the middle of the map, for who cannot press one.
  private async offer(): Promise<void> {
    const near = this.at ?? this.app.store.state.center ?? this.app.store.origin();
    fill(this.stations, h("option", { value: "" }, tp("chooseStation")));
    if (!near) return;
    const found = await api.nearest({ at: near, kind: "station", limit: LISTED, by: "line", facilities: [], openNow: false }).catch(() => null);
    for (const f of found?.features ?? []) this.stations.append(h("option", { value: f.properties.id }, titleOf(f.properties, nameOf(f.properties))));
    this.stations.value = this.chosen;
  }

  /** A point pressed on the map. */
  tapped(p: Point): void {
    this.start(p, "");
  }

  /** A station pressed on the map, or chosen of the list. */
  opened(id: string): void {
    void api.place(id).then(
      (f) => f.geometry?.type === "Point" && this.start(f.geometry.coordinates, id),
      () => {},
    );
  }

  private start(p: Point, station: string): void {
    this.at = [+p[0].toFixed(5), +p[1].toFixed(5)];
    this.chosen = station;
    this.stations.value = station;
    if (this.stations.selectedIndex < 0) this.stations.value = "";
    this.again();
  }

  private again(): void {
    const depart = this.depart.value;
    this.app.nav.swap({ name: "reach", by: this.by, ...(this.at ? { at: this.at } : {}), ...(depart ? { depart } : {}) });
    void this.load();
  }

  protected async ask(signal: AbortSignal): Promise<void> {
    const at = this.at;
    if (!at) {
      fill(this.content, h("p", { class: "hint" }, icon("pin", 20), tp("reachPick")));
      return;
    }
    this.app.map?.spot(at);
    try {
      const depart = this.depart.value || "now";
      // Five minutes on foot tell how far the streets are, whoever travels.
      const [answer, near] = await Promise.all([
        api.isochrone(at, this.by, MINUTES, depart, false, signal),
        api.isochrone(at, "foot", [5], depart, true, signal).catch(() => null),
      ]);
      this.list = levels(answer.features);
      this.draw(at, near ? offStreet(near.features, at) : 0);
    } catch (err) {
      // What was drawn belongs to another point.
      if (err instanceof Problem) {
        this.list = [];
        this.content.replaceChildren();
        this.app.map?.put("reach", null);
      }
      throw err;
    }
  }

  private draw(at: Point, off: number): void {
    const most = this.list[0];
    const same = edge(this.list);
    fill(
      this.content,
      most && !Number.isFinite(off) && h("p", { class: "hint" }, icon("alert", 20), tp("veryFar", { n: 5 })),
      Number.isFinite(off) && off > OFF && h("p", { class: "hint" }, icon("info", 20), tp("farOff", { d: distance(off) })),
      h("h2", null, tp("legend")),
      h("ul", { class: "reach-legend" }, this.list.map((l) => this.row(l, at))),
      same
        ? h("p", { class: "hint" }, icon("info", 20), tp("edge", { a: same[0], b: same[1] }))
        : most && h("p", { class: "reach-sum" }, tp("overstates", { n: most.minutes, d: distance(most.radius), c: km2(most.circle), a: km2(most.area), p: most.percent })),
      !same && most && this.app.store.state.about && sticksOut(at, most.radius, this.app.store.state.about.bounds) && h("p", { class: "hint" }, icon("info", 20), tp("beyond")),
    );
    this.paint(at);
  }

  private row(l: Level, at: Point): HTMLElement {
    const box = h("input", { type: "checkbox", checked: this.shown.has(l.minutes), on: { change: () => ((box.checked ? this.shown.add(l.minutes) : this.shown.delete(l.minutes)), this.paint(at)) } });
    const filled = h("i");
    filled.style.width = `${Math.min(100, l.percent)}%`;
    return h(
      "li",
      null,
      h(
        "label",
        { class: "reach-row" },
        box,
        h("span", { class: `swatch reach-${rank(l)}`, "aria-hidden": "true" }),
        h("b", null, tp("nMinutes", { n: l.minutes })),
        h("span", { class: "reach-area" }, km2(l.area)),
        h("span", { class: "bar", "aria-hidden": "true" }, filled),
        h("span", { class: "why" }, tp("ofCircle", { p: l.percent })),
      ),
    );
  }

  private paint(at: Point): void {
    const list = this.list.filter((l) => this.shown.has(l.minutes));
    const { layer, bounds } = reachLayer(at, list, rank);
    // The view moves for another point or mode, not for a box that is ticked.
    const frame = `${at.join()} ${this.by}`;
    this.app.map?.put("reach", layer, frame === this.framed ? undefined : bounds);
    if (this.app.map) this.framed = frame;
  }

  override close(): void {
    super.close();
    const { map } = this.app;
    map?.put("reach", null);
    map?.spot(null);
    map?.only(null);
    map?.pick(false);
  }
}

function rank(l: Level): number {
  return MINUTES.indexOf(l.minutes);
}
