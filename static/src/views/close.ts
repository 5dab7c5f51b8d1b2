// The form that closes a gate, a street or an area, or opens it: what is meant
// is pressed on the map, or chosen by keyboard with the middle of the map.

import { api, reason } from "../api";
import type { App } from "../app";
import { type Draft, MODES, effect, lacks, requestOf } from "../closures";
import { fill, h, icon } from "../dom";
import { nameOf, t } from "../i18n";
import { chosenLayer, sketchLayer } from "../map/drawing";
import { type Screen, titleBar } from "../sheet";
import type { Feature, Mode, Place, Point } from "../types";
import { tp } from "../words/planner";
import { segmented, titleOf, verdictChip } from "./chips";
import { keepToken, refusal, tokenField, wantsToken } from "./token";
import { TimeField, clockNote } from "./when";

type Target = Draft["target"];

/** How many gates the list to choose from has. */
const LISTED = 30;

export class CloseForm implements Screen {
  readonly label = tp("addTitle");
  readonly head: HTMLElement;
  readonly body: HTMLElement;
  readonly foot: HTMLElement;
  private state: Draft["state"] = "closed";
  private target: Target = "gate";
  private gate: { id: string; name: string; at: Point; place: Place } | null = null;
  private street: Point | null = null;
  private corners: Point[] = [];
  private modes = new Set<Mode>(MODES);
  private from: TimeField;
  private to: TimeField;
  private reason = h("input", { type: "text", class: "field-input", name: "reason", maxlength: 500, autocomplete: "off", placeholder: tp("reasonHint") });
  private token = tokenField();
  private picker = h("div", { class: "picker-how" });
  private picked = h("div", { class: "picked", role: "status" });
  private message = h("div", { role: "alert" });
  private submit = h("button", { type: "submit", class: "button primary", form: "close-form" });
  private sending = false;

  constructor(private app: App) {
    this.from = new TimeField(app, tp("from"), tp("fromEmpty"));
    this.to = new TimeField(app, tp("to"), tp("toEmpty"));
    this.head = titleBar(tp("addTitle"), () => app.nav.back());
    this.body = h(
      "form",
      { class: "screen close-form", id: "close-form", novalidate: true, on: { submit: (e: Event) => (e.preventDefault(), void this.send()) } },
      segmented<Draft["state"]>("close-state", tp("doWhat"), [
        { value: "closed", text: tp("doClose") },
        { value: "open", text: tp("doOpen") },
      ], this.state, (s) => ((this.state = s), this.drawSubmit())),
      segmented<Target>("close-target", tp("target"), [
        { value: "gate", text: tp("tGate"), icon: "gate" },
        { value: "street", text: tp("tStreet"), icon: "street" },
        { value: "area", text: tp("tArea"), icon: "layers" },
      ], this.target, (v) => this.turn(v)),
      h("div", { class: "picker" }, this.picker, this.picked),
      h("fieldset", { class: "modes-field" }, h("legend", { class: "field-name" }, tp("forWhom")), MODES.map((m) => this.mode(m))),
      h("div", { class: "two" }, this.from.el, this.to.el),
      clockNote(app),
      h("label", { class: "field" }, h("span", { class: "field-name" }, tp("why")), this.reason),
      this.token.el,
      this.message,
    );
    this.foot = h("div", { class: "actions" }, this.submit);
    document.title = `${this.label} · ${t("title")}`;
    this.drawSubmit();
    this.turn(this.target);
  }

  /** Draws itself on a map that has only now arrived. */
  async load(): Promise<void> {
    this.turn(this.target);
  }

  focus(): void {
    this.head.querySelector("h1")!.focus({ preventScroll: true });
  }

  private mode(m: Mode): HTMLElement {
    const box = h("input", { type: "checkbox", name: m, checked: true, on: { change: () => (box.checked ? this.modes.add(m) : this.modes.delete(m)) } });
    return h("label", { class: "toggle" }, box, h("span", { class: "toggle-face" }, icon(m, 20), t(m)));
  }

  private drawSubmit(): void {
    this.submit.disabled = this.sending;
    fill(this.submit, this.sending ? tp("sending") : tp(this.state === "closed" ? "submitClose" : "submitOpen"));
  }

  // Gates are shown to be pressed; for the others nothing may be in the way.
  private turn(target: Target): void {
    this.target = target;
    const { map } = this.app;
    map?.pick(true);
    map?.only(target === "gate" ? ["gate"] : []);
    if (target === "gate" && map && (this.app.store.state.zoom ?? 16) < 16) map.fly(map.center(), 16);
    const button = (text: string, symbol: string, run: () => void) => h("button", { type: "button", class: "button", on: { click: run } }, icon(symbol, 20), text);
    if (target === "gate") {
      const select = h("select", { class: "field-input", "aria-label": tp("gatesNear"), on: { change: () => select.value && this.opened(select.value) } });
      fill(this.picker, h("p", null, tp("pickGate")), h("label", { class: "field" }, h("span", { class: "field-name" }, tp("gatesNear")), select));
      void this.list(select);
      select.addEventListener("focus", () => void this.list(select));
    } else if (target === "street") {
      fill(this.picker, h("p", null, tp("pickStreet")), button(tp("useMiddle"), "locate", () => map && this.tapped(map.center())));
    } else {
      fill(
        this.picker,
        h("p", null, tp("pickArea")),
        h(
          "div",
          { class: "picker-buttons" },
          button(tp("addMiddle"), "plus", () => map && this.tapped(map.center())),
          button(tp("undoPoint"), "undo", () => ((this.corners = this.corners.slice(0, -1)), this.draw())),
          button(tp("clearPoints"), "close", () => ((this.corners = []), this.draw())),
        ),
      );
    }
    this.draw();
  }

  private around = "";

  // The gates around the middle of the map, for who cannot press one.
  private async list(select: HTMLSelectElement): Promise<void> {
    const at = this.app.map?.center() ?? this.app.store.origin();
    if (!at || (select.options.length > 1 && this.around === at.join())) return;
    this.around = at.join();
    const near = await api.nearest({ at, kind: "gate", limit: LISTED, by: "line", facilities: [], openNow: false }).catch(() => null);
    const kept = this.gate?.id ?? "";
    fill(
      select,
      h("option", { value: "" }, tp("chooseGate")),
      near?.features.map((f) => h("option", { value: f.properties.id }, gateTitle(f))),
    );
    select.value = kept;
    if (select.selectedIndex < 0) select.value = "";
  }

  /** A place pressed on the map, or chosen of the list. */
  opened(id: string): void {
    if (this.target === "gate") void this.choose(id);
  }

  private async choose(id: string): Promise<void> {
    try {
      const f = await api.place(id);
      if (f.properties.kind !== "gate" || f.geometry?.type !== "Point") return;
      this.gate = { id, name: gateTitle(f), at: f.geometry.coordinates, place: f.properties };
      this.message.replaceChildren();
    } catch (err) {
      this.complain([reason(err)]);
    }
    const select = this.picker.querySelector("select");
    if (select) {
      if (![...select.options].some((o) => o.value === id) && this.gate) select.append(h("option", { value: id }, this.gate.name));
      select.value = this.gate?.id ?? "";
    }
    this.draw();
    if (this.gate) this.app.map?.look(this.gate.at);
  }

  /** A point pressed on the map. */
  tapped(p: Point): void {
    if (this.target === "street") this.street = p;
    else if (this.target === "area") this.corners = [...this.corners, p];
    else return;
    this.message.replaceChildren();
    this.draw();
  }

  // What is chosen, in words and on the map.
  private draw(): void {
    const { map, store } = this.app;
    const gate = this.target === "gate" ? this.gate : null;
    const access = gate?.place.gate?.access?.[store.state.mode];
    const missing = 3 - this.corners.length;
    fill(
      this.picked,
      gate && h("p", null, h("b", null, tp("chosen", { name: gate.name })), " ", access && verdictChip(access.verdict, access.opens)),
      this.target === "street" && this.street && h("p", null, h("b", null, tp("streetAt", { p: this.street.map((x) => x.toFixed(5)).join(", ") }))),
      this.target === "area" && this.corners.length > 0 &&
        h("p", null, h("b", null, tp("nPoints", { n: this.corners.length })), " · ", missing > 0 ? tp("morePoints", { n: missing }) : lacks(this.draft()) === "needSimple" ? tp("needSimple") : tp("ready")),
    );
    const layer =
      this.target === "area"
        ? sketchLayer(this.corners, (i) => tp("corner", { n: i + 1 }), (i, p) => {
            this.corners = this.corners.map((c, j) => (j === i ? p : c));
            this.draw();
          })
        : this.target === "street"
          ? this.street && chosenLayer(this.street, tp("tStreet"))
          : gate && chosenLayer(gate.at, gate.name);
    map?.put("sketch", layer || null);
  }

  private draft(): Draft {
    return {
      state: this.state,
      target: this.target,
      gate: this.gate?.id,
      street: this.street ?? undefined,
      corners: this.corners,
      modes: [...this.modes],
      from: this.from.value,
      to: this.to.value,
      reason: this.reason.value,
    };
  }

  private complain(lines: string[]): void {
    fill(this.message, h("div", { class: "failure" }, icon("alert"), h("div", null, lines.map((s) => h("p", null, s)))));
    this.message.scrollIntoView({ block: "nearest" });
  }

  private async send(): Promise<void> {
    if (this.sending) return;
    const draft = this.draft();
    const need = lacks(draft);
    if (need) return this.complain([tp(need)]);
    const token = this.token.input.value.trim();
    keepToken(token);
    this.sending = true;
    this.drawSubmit();
    try {
      const made = await api.addClosure(requestOf(draft), token);
      const what = effect(made.properties);
      this.app.changed();
      this.app.nav.swap({ name: "closures" });
      this.app.tell(tp(this.state === "closed" ? "doneClosed" : "doneOpened", { what }));
    } catch (err) {
      this.complain(refusal(err));
      if (wantsToken(err)) this.token.input.focus();
    } finally {
      this.sending = false;
      this.drawSubmit();
    }
  }

  close(): void {
    const { map } = this.app;
    map?.pick(false);
    map?.only(null);
    map?.put("sketch", null);
  }
}

// "望溪花园 南门": a gate is known by its compound.
function gateTitle(f: Feature): string {
  const p = f.properties;
  return [p.gate?.compounds?.[0]?.name ?? p.compound?.name, titleOf(p, nameOf(p))].filter(Boolean).join(" ");
}
