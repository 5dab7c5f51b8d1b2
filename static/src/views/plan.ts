// The planner's first step: circles around the stations, and who lies outside.

import { api } from "../api";
import type { App } from "../app";
import { fill, h } from "../dom";
import { nameOf, t } from "../i18n";
import type { Coverage, Outside, Place, Point } from "../types";
import { distance } from "../words/format";
import { RADII } from "../url";
import { segmented } from "./chips";
import { Remote } from "./remote";
import { planTabs } from "./tabs";
import { facilityName, placeRow } from "./rows";

export class Plan extends Remote {
  private stations: Point[] = [];

  constructor(
    app: App,
    private radius: number,
  ) {
    super(app, t("plan"));
    this.title(t("plan"));
    this.foot = undefined;
    this.body.prepend(
      planTabs(app, "plan"),
      h("p", { class: "plan-lead" }, t("planLead")),
      segmented("radius", t("radius"), RADII.map((r) => ({ value: String(r), text: `${r} m` })), String(radius), (r) => {
        this.radius = Number(r);
        app.nav.swap({ name: "plan", radius: this.radius });
        void this.load();
      }),
    );
    this.stops.push(app.store.on(["facilities"], () => void this.load()));
    void this.load();
  }

  protected async ask(signal: AbortSignal): Promise<void> {
    const { facilities } = this.app.store.state;
    const [coverage, stations] = await Promise.all([api.coverage(this.radius, facilities, signal), api.layer("station", signal)]);
    this.stations = stations.features
      .filter((f) => f.geometry?.type === "Point" && running(f.properties) && facilities.every((x) => f.properties.facilities?.includes(x)))
      .map((f) => f.geometry!.coordinates as Point);
    this.draw(coverage);
    this.app.map?.circles(this.stations, this.radius, coverage.outside.map((o) => o.point));
  }

  private draw(c: Coverage): void {
    const { store } = this.app;
    const all = c.compounds.inside + c.compounds.outside + c.buildings.inside + c.buildings.outside;
    fill(
      this.content,
      store.state.facilities.length > 0 &&
        h("p", { class: "hint" }, t("planFilter", { list: store.state.facilities.map((f) => facilityName(f, store.state)).join("、") })),
      h("p", { class: "why" }, `${t("stationsN", { n: c.stations })} · ${t("circleNote")}`, c.compounds.inside + c.compounds.outside > 0 && ` ${t("middleNote")}`),
      all === 0
        ? h("p", { class: "hint" }, t("planNoData"))
        : [h("div", { class: "shares" }, share(t("compoundsWord"), c.compounds), share(t("buildingsWord"), c.buildings)), this.outside(c)],
    );
  }

  // Compounds first: each stands for many doors.
  private outside(c: Coverage): Node[] {
    const title = h("h2", null, t("outsideList"));
    const n = c.compounds.outside + c.buildings.outside;
    if (n === 0) return [title, h("p", { class: "hint" }, t("outsideNone"))];
    const of = (kind: string) => c.outside.filter((o) => o.kind === kind);
    return [
      title,
      h(
        "div",
        { class: "outside" },
        // Where there are no stations the server lists nobody: all are outside.
        c.outside.length < n && c.outside.length > 0 && h("p", { class: "why" }, t("outsideFirst", { n: c.outside.length })),
        ([["compound", "outsideCompounds"], ["building", "outsideBuildings"]] as const).map(([kind, word]) => {
          const some = of(kind);
          return some.length > 0 && [h("h3", null, `${t(word)} ${some.length}`), h("ol", { class: "rows" }, some.map((o) => this.row(o)))];
        }),
      ),
    ];
  }

  private row(o: Outside): HTMLElement {
    return placeRow(
      {
        type: "Feature",
        geometry: { type: "Point", coordinates: o.point },
        properties: { id: o.id, kind: o.kind, name: outsideName(o), context: t("nearestStation", { d: distance(o.distance_m) }) },
      },
      null,
      this.app.nav.href({ name: "place", id: o.id }),
      this.app.store.state,
      () => this.app.map?.fly(o.point, 17),
    );
  }

  override close(): void {
    super.close();
    this.app.map?.circles(null);
  }
}

// A dated service counts on its dates only, as the server counts it.
function running(p: Place): boolean {
  const now = Date.now();
  return !(p.valid?.from && Date.parse(p.valid.from) > now) && !(p.valid?.until && Date.parse(p.valid.until) <= now);
}

/** What one outside goes by. A bare number says nothing without its compound
 *  or its street. */
export function outsideName(o: Outside): string {
  const name = nameOf(o);
  if (o.kind !== "building") return name;
  const where = o.context ?? "";
  if (name && where && !where.includes(name)) return `${where} ${name}`;
  if (!name) return where ? t("numbered", { n: where }) : "";
  return /^\d+[A-Za-z]?(号|號|栋|幢|#)?$/.test(name) ? t("numbered", { n: where || name }) : name;
}

function share(word: string, n: { inside: number; outside: number }): HTMLElement {
  const all = n.inside + n.outside;
  const percent = all ? Math.round((100 * n.inside) / all) : 0;
  // Through the DOM: the page's security policy allows no style attributes.
  const filled = h("i");
  filled.style.width = `${percent}%`;
  return h(
    "div",
    { class: "share" },
    h("p", null, h("b", null, word), h("span", { class: "percent" }, `${percent}%`)),
    h("div", { class: "bar", "aria-hidden": "true" }, filled),
    h("p", { class: "why" }, `${t("inside")} ${n.inside} · ${t("outside")} ${n.outside}`),
  );
}
