// One item: a station, a gate or any other place, a compound, a building.

import { api } from "../api";
import type { App } from "../app";
import { fill, h, icon } from "../dom";
import { nameOf, say, t } from "../i18n";
import type { Access, Feature, Mode, Place, Point } from "../types";
import { boxOf, middle } from "../types";
import { span } from "../closures";
import { contains, polygons } from "../shapes";
import { tp } from "../words/planner";
import { dateOf, distance, duration, offsetIn, wall, wallAt } from "../words/format";
import { week, weekLines } from "../words/week";
import { accessLines, carOnly, openChip, titleOf, verdictChip, verdictWord } from "./chips";
import { copy } from "./copy";
import { Remote } from "./remote";
import { facilityName, kindName } from "./rows";

export class Detail extends Remote {
  private feature?: Feature;

  constructor(
    app: App,
    private id: string,
  ) {
    super(app, t("loading"));
    const known = app.store.state.found.find((f) => f.properties.id === id);
    if (known) {
      this.feature = known;
      this.draw();
    }
    // How far it is depends on who asks, by what, from where.
    this.stops.push(app.store.on(["mode", "me", "about"], () => this.feature && this.draw()));
    void this.load();
  }

  protected async ask(signal: AbortSignal): Promise<void> {
    const f = await api.place(this.id, signal);
    this.feature = f;
    this.draw();
    if (!f.geometry) return;
    this.app.map?.show(f);
    if (f.properties.gates?.length) await this.markGates(f, signal);
  }

  // A compound names its gates; where they stand is in the layer of gates.
  private async markGates(f: Feature, signal: AbortSignal): Promise<void> {
    const known = new Map(f.properties.gates!.map((g) => [g.id, g]));
    const layer = await api.layer("gate", signal, boxOf(f.geometry!, 0.0005)).catch(() => null);
    signal.throwIfAborted();
    this.app.map?.gates(
      (layer?.features ?? []).flatMap((x) => {
        const gate = known.get(x.properties.id);
        if (!gate || x.geometry?.type !== "Point") return [];
        const verdict = gate.gate?.access?.[this.app.store.state.mode]?.verdict ?? "unknown";
        return [{ id: gate.id, point: x.geometry.coordinates, verdict, name: titleOf(gate, nameOf(gate)) }];
      }),
    );
  }

  private draw(): void {
    const f = this.feature!;
    const p = f.properties;
    const s = this.app.store.state;
    const name = titleOf(p, nameOf(p));
    const inside = p.kind === "building" ? p.compound?.name : "";
    this.title(inside && !name.includes(inside) ? `${inside} ${name}` : name);
    fill(
      this.content,
      this.lead(p),
      f.geometry && closedAreas(this.app, middle(f.geometry)),
      carOnly(p) && h("p", { class: "hint" }, icon("alert", 20), t("carOnlyWhy")),
      p.gate?.inferred && h("p", { class: "hint" }, icon("info", 20), t("inferredWhy")),
      p.gate?.access && section(t("whoMayPass"), accessLines(p.gate.access)),
      p.kind === "station" && section(t("facilities"), this.facilities(p)),
      (p.kind === "compound" || p.gates) && section(t("gates"), this.gates(p)),
      !!p.entrances?.length && section(t("doors"), this.doors(p)),
      (p.hours || p.hours_text || p.kind === "station") && section(t("hours"), hours(p, s.about?.zone)),
      facts(p, s.about ? (id) => kindName(id, s) : (id) => id, this.app),
    );
    this.actions(f);
  }

  private lead(p: Place): HTMLElement {
    const s = this.app.store.state;
    const known = s.found.find((f) => f.properties.id === p.id)?.properties;
    const type = p.station?.type && say(s.about?.station_types.find((x) => x.id === p.station!.type)?.name);
    const far = known?.distance_m;
    const showOpen = p.kind === "station" || p.hours || (p.open && p.open.state !== "unknown");
    return h(
      "div",
      { class: "lead" },
      h("p", { class: "kind-line" }, h("span", { class: `dot kind-${p.kind}`, "aria-hidden": "true" }, icon(p.kind, 18)), [type || kindName(p.kind, s), p.station?.network].filter(Boolean).join(" · ")),
      showOpen && p.kind !== "compound" && p.kind !== "building" && openChip(p),
      far !== undefined &&
        h(
          "p",
          { class: "far" },
          known!.duration_s !== undefined && h("b", null, icon(s.mode, 22), t(s.mode), " ", duration(known!.duration_s)),
          h("span", null, known!.duration_s !== undefined ? distance(known!.route_distance_m ?? far) : t("straight", { d: distance(far) })),
        ),
    );
  }

  private facilities(p: Place): HTMLElement {
    const s = this.app.store.state;
    if (!p.facilities?.length) return h("p", { class: "why" }, t("noFacilities"));
    const order = s.about?.facilities.map((f) => f.id) ?? [];
    const sorted = [...p.facilities].sort((a, b) => order.indexOf(a) - order.indexOf(b));
    return h("ul", { class: "facility-grid" }, sorted.map((id) => h("li", null, icon(id), facilityName(id, s))));
  }

  private gates(p: Place): HTMLElement {
    const { store, nav } = this.app;
    if (!p.gates?.length) return h("p", { class: "why" }, t("noGates"));
    const rank = { open: 0, permit: 1, unknown: 2, closed: 3 };
    const worth = (g: Place) => rank[g.gate?.access?.[store.state.mode]?.verdict ?? "unknown"];
    return h(
      "ul",
      { class: "gate-list" },
      [...p.gates].sort((a, b) => worth(a) - worth(b)).map((g) => {
        const view = { name: "place" as const, id: g.id };
        const access = g.gate?.access?.[store.state.mode];
        return h(
          "li",
          null,
          h(
            "a",
            { class: "gate-row", href: nav.href(view), on: { click: (e: Event) => (e.preventDefault(), nav.go(view)) } },
            h("span", { class: "row-name" }, titleOf(g, nameOf(g))),
            access && verdictChip(access.verdict, access.opens),
            access && h("span", { class: "why" }, say(access.reason)),
            g.gate?.access && h("span", { class: "others" }, others(g.gate.access, store.state.mode)),
          ),
        );
      }),
    );
  }

  private doors(p: Place): HTMLElement {
    const { nav } = this.app;
    return h(
      "ul",
      { class: "doors" },
      p.entrances!.map((e) => {
        const view = { name: "route" as const, to: e.point.join() };
        const name = e.unit ? t("unit", { n: e.unit }) : e.name || t(e.type === "main" ? "mainDoor" : "door");
        return h(
          "li",
          null,
          h("a", { class: "button", href: nav.href(view), on: { click: (ev: Event) => (ev.preventDefault(), nav.go(view)) } }, icon("enter", 20), name),
        );
      }),
    );
  }

  private actions(f: Feature): void {
    const { nav } = this.app;
    const p = f.properties;
    const foot = this.foot!;
    foot.hidden = false;
    fill(
      foot,
      f.geometry &&
        h("button", { type: "button", class: "button primary", on: { click: () => nav.go({ name: "route", to: p.id }) } }, icon("straight"), t("takeMe")),
      p.phone && h("a", { class: "button", href: `tel:${p.phone.replace(/[^\d+]/g, "")}` }, icon("phone"), t("call")),
      h("button", { type: "button", class: "button square", "aria-label": t("copyLink"), on: { click: () => void copy(location.href, this.app) } }, icon("share")),
    );
  }
}

/** A point of the map that is no item: start here, or go there. */
export class Spot extends Remote {
  constructor(
    app: App,
    private at: Point,
  ) {
    super(app, t("point"));
    this.title(t("point"));
    const { store, nav } = app;
    fill(
      this.content,
      closedAreas(app, at),
      h("p", { class: "why coordinates" }, `${at[0].toFixed(5)}, ${at[1].toFixed(5)}`),
    );
    this.foot!.hidden = false;
    fill(
      this.foot!,
      h("button", { type: "button", class: "button primary", on: { click: () => (store.set({ me: { point: at, by: "hand" } }), nav.go({ name: "list" })) } }, icon("me"), t("iAmHere")),
      h("button", { type: "button", class: "button", on: { click: () => nav.go({ name: "route", to: `${at[0]},${at[1]}` }) } }, icon("straight"), t("takeMe")),
    );
    app.map?.spot(at);
  }

  protected async ask(): Promise<void> {
    this.app.map?.spot(this.at);
  }

  override close(): void {
    super.close();
    this.app.map?.spot(null);
  }
}

/** The areas closed or opened now that a point lies in, each with its reason. */
function closedAreas(app: App, at: Point): Node[] {
  return app.store.state.closures
    .filter((f) => polygons(f.geometry).some((rings) => contains(rings, at)))
    .map(({ id, properties: c }) => {
      const view = { name: "closure" as const, id };
      return h(
        "a",
        { class: `closed-note is-${c.state}`, href: app.nav.href(view), on: { click: (e: Event) => (e.preventDefault(), app.nav.go(view)) } },
        icon(c.state === "closed" ? "alert" : "check", 22),
        h("span", null, h("b", null, tp(c.state === "closed" ? "hereClosed" : "hereOpened")), h("span", { class: "why" }, [span(c, Date.now()), c.reason].filter(Boolean).join(" · "))),
      );
    });
}

/** What the gate is to the other ways of travelling, in a line. */
function others(access: Record<Mode, Access>, mode: Mode): Node[] {
  return (["foot", "bicycle", "ebike"] as Mode[])
    .filter((m) => m !== mode && access[m])
    .map((m) => h("span", { class: "other" }, icon(m, 18), h("span", { class: "sr" }, t(m)), verdictWord(access[m].verdict)));
}

function section(title: string, ...content: Node[]): HTMLElement {
  return h("section", null, h("h2", null, title), content);
}

function hours(p: Place, zone = ""): HTMLElement {
  const w = p.hours ? week(p.hours) : null;
  // Today where the place is, which need not be today where the browser is.
  const now = Date.now();
  const today = wallAt(now, (zone ? offsetIn(zone, now) : undefined) ?? -new Date(now).getTimezoneOffset()).weekday;
  return h(
    "div",
    null,
    w &&
      h(
        "dl",
        { class: "week" },
        weekLines(w).map((line) => [
          h("dt", { class: line.days.includes(today) ? "today" : "" }, line.label),
          h("dd", { class: line.days.includes(today) ? "today" : "" }, line.times),
        ]),
      ),
    !w && p.hours && h("p", null, p.hours),
    p.open?.comment && h("p", { class: "why" }, p.open.comment),
    p.hours_text && h("p", { class: "why" }, t("hoursAsWritten", { text: p.hours_text })),
    !p.hours && !p.hours_text && h("p", { class: "why" }, t("hoursNone")),
  );
}

function facts(p: Place, kind: (id: string) => string, app: App): HTMLElement | null {
  const rows: [string, Node | string][] = [];
  const put = (word: Parameters<typeof t>[0], value: Node | string | undefined | null) => value && rows.push([t(word), value]);

  put("valid", p.valid && period(p.valid));
  put("booking", p.station?.booking);
  put("note", p.note);
  put("address", p.address);
  put("phone", p.phone && h("a", { href: `tel:${p.phone.replace(/[^\d+]/g, "")}` }, p.phone));
  put("operator", p.operator);
  put("lines", p.bus_stop?.lines?.join(" · "));
  const bits = [
    p.charger?.sockets && t("sockets", { n: p.charger.sockets }),
    p.parking?.capacity && t("capacity", { n: p.parking.capacity }),
    p.parking?.covered && t("covered"),
    p.shared_bike?.capacity && t("bikes", { n: p.shared_bike.capacity }),
    p.shared_bike?.network,
    p.bus_stop?.shelter && t("shelter"),
    p.bus_stop?.bench && t("bench"),
  ].filter(Boolean);
  if (bits.length) rows.push([kind(p.kind), bits.join(" · ")]);
  put("forVehicles", p.charger?.vehicles?.map(vehicle).join("、"));
  put("fee", p.charger?.fee);
  const inside = p.compound ?? p.gate?.compounds?.[0];
  if (inside?.name) {
    const view = { name: "place" as const, id: inside.id };
    put("inCompound", h("a", { href: app.nav.href(view), on: { click: (e: Event) => (e.preventDefault(), app.nav.go(view)) } }, inside.name));
  }
  if (p.website && /^https?:\/\//.test(p.website)) {
    put("website", h("a", { href: p.website, target: "_blank", rel: "noopener noreferrer" }, p.website.replace(/^https?:\/\//, "")));
  }
  put("source", p.source && [p.source.feed, p.source.ref].filter(Boolean).join(" · "));
  if (!rows.length) return null;
  return h("dl", { class: "facts" }, rows.map(([k, v]) => [h("dt", null, k), h("dd", null, v)]));
}

const vehicleWords = { ebike: "vEbike", bicycle: "vBicycle", car: "vCar", phone: "vPhone" } as const;

function vehicle(id: string): string {
  return id in vehicleWords ? t(vehicleWords[id as keyof typeof vehicleWords]) : id;
}

function period(v: { from?: string; until?: string }): string {
  const [a, b] = [v.from && wall(v.from), v.until && wall(v.until)];
  if (a && b && a.day === b.day) return `${dateOf(a)} ${a.clock}–${b.clock}`;
  return [a && `${dateOf(a)} ${a.clock}`, b && `${dateOf(b)} ${b.clock}`].filter(Boolean).join(" – ");
}
