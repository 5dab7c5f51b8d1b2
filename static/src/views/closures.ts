// Closures: the planner's list of them, and one of them as a rider reads it.

import { api, replaced } from "../api";
import type { App } from "../app";
import { effect, grouped, span, stateWord, targetOf, whom } from "../closures";
import { fill, h, icon } from "../dom";
import { nameOf } from "../i18n";
import { inner, polygons } from "../shapes";
import type { Closure, ClosureFeature, Phase, Point } from "../types";
import { tp } from "../words/planner";
import { titleOf } from "./chips";
import { dialogOf } from "./copy";
import { Remote } from "./remote";
import { planTabs } from "./tabs";
import { keepToken, refusal, tokenField, wantsToken } from "./token";

const tones: Record<Phase, string> = { active: "closed", planned: "soon", expired: "unknown" };

/** "封闭中 · 到 12月1日 00:00" */
export function closureChip(c: Closure, now = Date.now()): HTMLElement {
  const tone = c.phase === "active" && c.state === "open" ? "open" : tones[c.phase];
  return h("span", { class: `chip tone-${tone}` }, h("span", { class: "mark", "aria-hidden": "true" }), h("b", null, stateWord(c)), h("span", { class: "more" }, ` · ${span(c, now)}`));
}

/** Where to look for it on the map; null where its gate is gone. */
function placeOf(f: ClosureFeature): Point | null {
  const area = polygons(f.geometry)[0];
  return f.geometry?.type === "Point" ? f.geometry.coordinates : area ? inner(area) : null;
}

// A closure knows its gate by id; people know gates by name and compound.
const asked = new Map<string, Promise<string>>();
function gateName(id: string): Promise<string> {
  const known = asked.get(id);
  if (known) return known;
  const job = api.place(id).then(
    ({ properties: p }) => [p.compound?.name ?? p.gate?.compounds?.[0]?.name, titleOf(p, nameOf(p))].filter(Boolean).join(" "),
    () => (asked.delete(id), ""),
  );
  asked.set(id, job);
  return job;
}

/** A heading that names what is closed, once that is known. */
function named(el: HTMLElement, f: ClosureFeature, known: (name: string) => void = () => {}): HTMLElement {
  el.textContent = targetOf(f);
  known(targetOf(f));
  if (f.properties.gate && f.geometry) {
    void gateName(f.properties.gate).then((name) => {
      if (!name) return;
      el.textContent = name;
      known(name);
    });
  }
  return el;
}

/** One closure: what, why, until when, for whom. */
export class ClosureView extends Remote {
  constructor(
    app: App,
    private id: string,
  ) {
    super(app, tp("closures"));
    this.stops.push(app.store.on(["closures"], () => void this.load()));
    void this.load();
  }

  protected async ask(signal: AbortSignal): Promise<void> {
    const f = this.app.store.state.closures.find((x) => x.id === this.id) ?? (await api.closure(this.id, signal));
    const c = f.properties;
    const { nav, map } = this.app;
    this.title(tp(c.state === "closed" ? "closed" : "opened"));
    const at = placeOf(f);
    if (at) map?.look(at);
    fill(
      this.content,
      h("div", { class: "lead" }, named(h("p", { class: "closure-name" }), f), closureChip(c)),
      h("p", { class: c.reason ? "closure-why" : "why" }, c.reason ?? tp("noWhy")),
      h(
        "dl",
        { class: "facts" },
        h("dt", null, tp("forWhom")),
        h("dd", null, whom(c) || tp("everybody")),
        c.from && h("dt", null, tp("when")),
        c.from && h("dd", null, span({ ...c, phase: "planned" }, Date.now())),
      ),
      h("p", { class: "why" }, effect(c)),
    );
    const foot = this.foot!;
    foot.hidden = false;
    fill(
      foot,
      c.gate && f.geometry && h("button", { type: "button", class: "button primary", on: { click: () => nav.go({ name: "place", id: c.gate! }) } }, icon("gate"), tp("theGate")),
      h("button", { type: "button", class: "button", on: { click: () => nav.go({ name: "closures" }) } }, icon("more"), tp("allClosures")),
    );
  }
}

/** All of them, with what each holds for, and the ways to add and to remove. */
export class ClosureList extends Remote {
  constructor(app: App) {
    super(app, tp("closures"));
    this.title(tp("closures"));
    this.body.prepend(planTabs(app, "closures"));
    this.foot!.hidden = false;
    fill(this.foot!, h("button", { type: "button", class: "button primary", on: { click: () => app.nav.go({ name: "close" }) } }, icon("plus"), tp("add")));
    this.stops.push(app.store.on(["closures"], () => void this.load()));
    void this.load();
  }

  protected async ask(signal: AbortSignal): Promise<void> {
    const { features } = await api.closures("", signal);
    const groups = grouped(features);
    this.app.store.set({ planned: groups.planned });
    fill(
      this.content,
      features.length === 0 && h("p", { class: "hint" }, icon("check", 20), tp("noClosures")),
      features.some((f) => !f.properties.lasting) && h("p", { class: "why" }, tp("notLasting")),
      (["active", "planned", "expired"] as const).map(
        (phase) =>
          groups[phase].length > 0 && h("section", null, h("h2", null, `${tp(phase)} ${groups[phase].length}`), h("ul", { class: "closures" }, groups[phase].map((f) => this.row(f)))),
      ),
    );
  }

  private row(f: ClosureFeature): HTMLElement {
    const c = f.properties;
    const at = placeOf(f);
    const see = h("button", { type: "button", class: "closure-see", disabled: !at, on: { click: () => at && this.app.map?.look(at) } });
    const take = h("button", { type: "button", class: "button square", on: { click: () => this.remove(f, name) } }, icon("trash"));
    let name = "";
    const title = named(h("b", { class: "closure-name" }), f, (n) => {
      name = n;
      see.setAttribute("aria-label", tp("seeOnMap", { name }));
      take.setAttribute("aria-label", tp("removeWhat", { name }));
      take.title = tp("remove");
    });
    see.append(icon(c.gate ? "gate" : f.geometry?.type === "Point" ? "street" : "layers", 22), title);
    return h(
      "li",
      { class: "closure-row" },
      see,
      take,
      h("div", { class: "closure-more" }, closureChip(c), c.reason && h("p", { class: "closure-why" }, c.reason), h("p", { class: "why" }, [whom(c), effect(c)].filter(Boolean).join(" · "))),
    );
  }

  private remove(f: ClosureFeature, name: string): void {
    const token = tokenField();
    const message = h("div", { role: "alert" });
    const keep = h("button", { type: "button", class: "button", on: { click: () => dialog.close() } }, tp("keep"));
    const go = h("button", { type: "submit", class: "button danger" }, icon("trash"), tp("remove"));
    const form = h(
      "form",
      {
        class: "remove-form",
        on: {
          submit: async (e: Event) => {
            e.preventDefault();
            keepToken(token.input.value.trim());
            go.disabled = true;
            try {
              await api.removeClosure(f.id, token.input.value.trim());
              dialog.close();
              this.app.tell(tp("removed"));
              this.app.changed();
              await this.load();
              this.focus();
            } catch (err) {
              if (replaced(err)) return;
              go.disabled = false;
              fill(message, h("div", { class: "failure" }, icon("alert"), h("div", null, refusal(err).map((s) => h("p", null, s)))));
              if (wantsToken(err)) token.input.focus();
            }
          },
        },
      },
      h("p", null, tp("removeLead")),
      f.properties.reason && h("p", { class: "closure-why" }, f.properties.reason),
      token.el,
      message,
      h("div", { class: "dialog-buttons" }, keep, go),
    );
    const dialog = dialogOf(tp("removeWhat", { name }), form);
    dialog.showModal();
    (token.input.value ? keep : token.input).focus();
  }

  override close(): void {
    super.close();
    this.app.store.set({ planned: [] });
  }
}
