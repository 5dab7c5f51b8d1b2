// The way to a door: which gate, why, and how.

import { api, reason, replaced } from "../api";
import type { App } from "../app";
import { fill, h, icon } from "../dom";
import { type Destination, handovers } from "../handover";
import { nameOf, say, t } from "../i18n";
import type { Approach, Mode, Routes } from "../types";
import { distance, duration, inZone, localAt, minutes, offsetIn, offsetOf, wall } from "../words/format";
import { failure, segmented, verdictChip } from "./chips";
import { Remote } from "./remote";

export class RouteView extends Remote {
  private routes?: Routes;
  private chosen = 0;
  private controls = h("div", { class: "route-controls" });
  private name = "";
  private clock = h("p", { class: "why clock", hidden: true });
  private time = h("input", { type: "datetime-local", class: "time-input", "aria-label": t("atTime") });

  constructor(
    app: App,
    private to: string,
    private depart = "now",
  ) {
    super(app, t("takeMe"));
    this.foot = undefined;
    this.body.prepend(this.controls);
    this.drawControls();
    this.stops.push(app.store.on(["mode", "me"], () => void this.load()));
    void this.load();
  }

  protected async ask(signal: AbortSignal): Promise<void> {
    const { store } = this.app;
    const from = store.origin();
    if (!from) return;
    const routes = await api.route(from, this.to, store.state.mode, this.depart, signal);
    this.routes = routes;
    this.chosen = Math.max(0, routes.options.findIndex((o) => o.verdict !== "closed" && o.legs.length > 0));
    this.name = targetName(routes) || (await this.nameOfTarget(signal)) || t("destination");
    // The time that was asked for, on the server's clock.
    if (this.depart !== "now") this.time.value = routes.depart.slice(0, 16);
    this.foreign();
    this.title(t("routeTo", { name: this.name }));
    this.draw();
    this.app.map?.route(routes, this.chosen, (i) => this.choose(i), true);
  }

  private async nameOfTarget(signal: AbortSignal): Promise<string> {
    if (!this.routes?.to.id) return "";
    try {
      return nameOf((await api.place(this.routes.to.id, signal)).properties);
    } catch (err) {
      if (replaced(err)) throw err;
      return "";
    }
  }

  private drawControls(): void {
    const { store, nav } = this.app;
    const time = this.time;
    time.hidden = this.depart === "now";
    time.addEventListener("change", () => {
      if (!time.value) return;
      this.depart = inZone(time.value, (at) => this.offset(at));
      nav.swap({ name: "route", to: this.to, depart: this.depart });
      void this.load();
    });
    fill(
      this.controls,
      segmented<Mode>("route-mode", t("mode"), (["foot", "bicycle", "ebike"] as Mode[]).map((m) => ({ value: m, text: t(m), icon: m, bare: true })), store.state.mode, (mode) => store.set({ mode })),
      h(
        "div",
        { class: "depart" },
        segmented("depart", t("depart"), [
          { value: "now", text: t("now") },
          { value: "at", text: t("atTime"), icon: "clock" },
        ], this.depart === "now" ? "now" : "at", (v) => {
          time.hidden = v === "now";
          this.foreign();
          if (v === "now" && this.depart !== "now") {
            this.depart = "now";
            nav.swap({ name: "route", to: this.to });
            void this.load();
          } else if (v === "at") {
            if (!time.value) time.value = localAt(Date.now(), this.offset(Date.now()));
            time.focus();
          }
        }),
        time,
      ),
      this.clock,
    );
    this.foreign();
  }

  // The offset from UTC in minutes at an instant where the map is, which is not
  // where the browser thinks it is: all times of the page are the map's.
  private offset(at: number): number {
    const zone = this.app.store.state.about?.zone;
    return (zone ? offsetIn(zone, at) : undefined) ?? (this.routes ? offsetOf(this.routes.depart) : -new Date(at).getTimezoneOffset());
  }

  // Says whose clock is meant, to those who wear another.
  private foreign(): void {
    const now = Date.now();
    this.clock.hidden = this.time.hidden || this.offset(now) === -new Date(now).getTimezoneOffset();
    this.clock.textContent = t("onTheClock", { zone: this.app.store.state.about?.zone ?? "" });
  }

  private choose(i: number): void {
    if (i === this.chosen || !this.routes?.options[i]) return;
    this.chosen = i;
    this.draw();
    this.app.map?.route(this.routes, i, (j) => this.choose(j), true);
    this.content.querySelector<HTMLInputElement>(`input[value="${i}"]`)?.focus();
  }

  private draw(): void {
    const { options } = this.routes!;
    if (options.length === 0) {
      fill(this.content, h("p", { class: "hint" }, t("noRoute")));
      return;
    }
    const passable = options.map((o, i) => [o, i] as const).filter(([o]) => o.verdict !== "closed");
    const closed = options.map((o, i) => [o, i] as const).filter(([o]) => o.verdict === "closed");
    const now = Date.parse(this.routes!.depart);
    const gated = options.some((o) => o.gate);
    fill(
      this.content,
      h(
        "fieldset",
        { class: "options" },
        h("legend", { class: gated ? "" : "sr" }, t(gated ? "via" : "noGate")),
        passable.map(([o, i]) => this.option(o, i, now)),
        passable.length === 0 && h("p", { class: "hint" }, icon("alert", 20), t("noRoute")),
        closed.length > 0 && h("p", { class: "closed-title" }, t("closedNow")),
        closed.map(([o, i]) => this.option(o, i, now)),
      ),
      this.way(options[this.chosen]),
      this.handover(options[this.chosen]),
    );
  }

  private option(o: Approach, i: number, now: number): HTMLElement {
    const name = o.gate ? nameOf(o.gate) || t(o.gate.inferred ? "inferred" : "unnamedGate") : t("noGate");
    return h(
      "label",
      { class: `option ${o.verdict === "closed" ? "is-closed" : ""}` },
      h("input", { type: "radio", name: "option", value: i, checked: i === this.chosen, on: { change: () => this.choose(i) } }),
      h(
        "span",
        { class: "option-face" },
        h("span", { class: "option-name" }, o.gate && icon("gate", 22), name),
        o.legs.length > 0 && h("span", { class: "option-time" }, h("b", null, duration(o.duration_s)), o.arrive && h("span", null, t("arrive", { t: wall(o.arrive).clock }))),
        h(
          "span",
          { class: "option-why" },
          (o.gate || o.verdict !== "open") && verdictChip(o.verdict, o.opens, now),
          say(o.reason) && h("span", { class: "why" }, say(o.reason)),
          o.legs.length > 0 && h("span", { class: "why" }, distance(o.distance_m)),
          !!o.wait_s && h("span", { class: "why" }, t("wait", { n: minutes(o.wait_s) })),
        ),
      ),
    );
  }

  private way(o: Approach | undefined): HTMLElement | null {
    if (!o?.legs.length) return null;
    return h(
      "section",
      { class: "way" },
      h("h2", null, t("steps")),
      o.legs.map((leg) => [
        h("p", { class: "leg-head" }, icon(leg.mode, 22), h("b", null, t(leg.mode === "foot" ? "walk" : leg.mode)), ` ${distance(leg.distance_m)} · ${duration(leg.duration_s)}`),
        h(
          "ol",
          { class: `steps leg-${leg.mode === "foot" ? "walk" : "ride"}` },
          leg.steps.map((s) =>
            h(
              "li",
              null,
              h(
                "button",
                { type: "button", class: "step", on: { click: () => this.app.map?.fly(s.point, 18) } },
                icon(s.turn),
                h("span", null, say(s.text)),
                s.distance_m >= 5 && h("span", { class: "step-far" }, distance(s.distance_m)),
              ),
            ),
          ),
        ),
      ]),
    );
  }

  private handover(o: Approach | undefined): HTMLElement | null {
    if (!o) return null;
    const gate = o.gate;
    const target: Destination = gate
      ? { point: gate.point, id: gate.id, name: [this.name, nameOf(gate)].filter(Boolean).join(" ") }
      : { point: this.routes!.to.point, id: this.routes!.to.id, name: this.name };
    const box = h("div", { class: "handover-links" });
    const make = async () => {
      try {
        const links = await handovers(this.routes!.from.point, target, this.routes!.by);
        fill(box, links.map((l) => h("a", { class: "button", href: l.href, target: "_blank", rel: "noopener noreferrer" }, t(l.word))));
      } catch (err) {
        fill(box, failure(reason(err), () => void make()));
      }
    };
    void make();
    return h("section", { class: "handover" }, h("h2", null, t("handover")), h("p", { class: "why" }, gate ? t("handoverNote") : ""), box);
  }

  override close(): void {
    super.close();
    this.app.map?.route(null);
  }
}

// A building is known by the compound it stands in: "清江公馆 9号楼".
function targetName(r: Routes): string {
  const name = nameOf({ name: r.to.name ?? "", names: r.to.names });
  const inside = r.to.compound?.name;
  return name && inside && r.to.kind === "building" && !name.includes(inside) ? `${inside} ${name}` : name;
}
