// The choices above the list: what to find, and what must hold.

import { h, icon } from "../dom";
import { say, t } from "../i18n";
import { offered } from "../kinds";
import type { Store } from "../state";

/** The kinds to look for, one of which is listed. */
export function kindTabs(store: Store): HTMLElement {
  const el = h("div", { class: "scroll-x kinds", role: "radiogroup", "aria-label": t("kinds") });
  const draw = () => {
    const { about, kind } = store.state;
    el.replaceChildren(
      ...offered(about, kind).map((k) =>
        h(
          "label",
          { class: "tab" },
          h("input", {
            type: "radio",
            name: "kind",
            value: k.id,
            checked: k.id === kind,
            on: { change: () => store.set({ kind: k.id, ...(k.id === "station" ? {} : { facilities: [] }) }) },
          }),
          h("span", { class: `tab-face kind-${k.id}` }, icon(k.id, 20), say(k.name)),
        ),
      ),
    );
    el.querySelector("input:checked")?.parentElement?.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  store.on(["about", "kind"], draw);
  draw();
  return el;
}

// The order riders need them in; the rest follow as the server lists them.
const first = ["hot_water", "microwave", "toilet", "phone_charging", "battery_swap", "drinking_water", "rest", "rain_gear"];

/** The conditions: open now, and each facility, all of which must hold. */
export function conditions(store: Store): HTMLElement {
  const el = h("div", { class: "scroll-x conditions", role: "group", "aria-label": t("filters") });
  const toggle = (name: string, face: Node[], on: boolean, change: (on: boolean) => void) =>
    h(
      "label",
      { class: "toggle" },
      h("input", { type: "checkbox", name, checked: on, on: { change: (e: Event) => change((e.target as HTMLInputElement).checked) } }),
      h("span", { class: "toggle-face" }, face),
    );

  const draw = () => {
    const s = store.state;
    // The list is redrawn from the state; a chip that has the focus keeps it.
    const focused = (document.activeElement as HTMLInputElement | null)?.closest(".conditions") === el ? (document.activeElement as HTMLInputElement).name : "";
    const scrolled = el.scrollLeft;
    const all = [...(s.about?.facilities ?? [])].sort((a, b) => rank(a.id) - rank(b.id));
    el.replaceChildren(
      toggle("open", [icon("clock", 20), document.createTextNode(t("openNow"))], s.openNow, (on) => store.set({ openNow: on })),
      ...(s.kind === "station"
        ? all.map((f) =>
            toggle(f.id, [icon(f.id, 20), document.createTextNode(say(f.name))], s.facilities.includes(f.id), (on) =>
              store.set({ facilities: on ? [...store.state.facilities, f.id] : store.state.facilities.filter((x) => x !== f.id) }),
            ),
          )
        : []),
    );
    el.scrollLeft = scrolled;
    if (focused) el.querySelector<HTMLInputElement>(`input[name="${focused}"]`)?.focus();
  };
  store.on(["about", "kind", "facilities", "openNow"], draw);
  draw();
  return el;
}

function rank(id: string): number {
  const i = first.indexOf(id);
  return i < 0 ? first.length : i;
}
