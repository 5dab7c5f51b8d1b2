// A field for a time on the map's clocks, which need not be the browser's.

import type { App } from "../app";
import { h } from "../dom";
import { t } from "../i18n";
import { inZone, localAt, offsetIn, offsetOf } from "../words/format";

/** The offset from UTC in minutes where the map is. */
function zoneOffset(app: App, at: number): number {
  const zone = app.store.state.about?.zone;
  return (zone ? offsetIn(zone, at) : undefined) ?? -new Date(at).getTimezoneOffset();
}

/** Whose clock is meant, to those who wear another. */
export function clockNote(app: App): HTMLElement | null {
  const now = Date.now();
  if (zoneOffset(app, now) === -new Date(now).getTimezoneOffset()) return null;
  return h("p", { class: "why clock" }, t("onTheClock", { zone: app.store.state.about?.zone ?? "" }));
}

/** A labelled field that may stay empty; its value is RFC 3339, or "". */
export class TimeField {
  readonly el: HTMLElement;
  readonly input: HTMLInputElement;

  constructor(
    private app: App,
    label: string,
    empty: string,
    value = "",
    changed: () => void = () => {},
  ) {
    this.input = h("input", { type: "datetime-local", class: "field-input", on: { change: changed } });
    if (value) this.input.value = localAt(Date.parse(value), offsetOf(value));
    this.el = h(
      "label",
      { class: "field" },
      h("span", { class: "field-name" }, label),
      this.input,
      h("span", { class: "why" }, empty),
    );
  }

  get value(): string {
    return this.input.value ? inZone(this.input.value, (at) => zoneOffset(this.app, at)) : "";
  }
}
