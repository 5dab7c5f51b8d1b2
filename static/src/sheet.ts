// The bottom sheet of a phone, a panel at the left on a wide screen. It rests
// at one of three heights; its head is dragged, and the handle does the same
// by click and by arrow keys.

import { h, icon } from "./dom";
import { t } from "./i18n";
import type { Point } from "./types";

export type Detent = "peek" | "half" | "full";
const order: Detent[] = ["peek", "half", "full"];

/** What fills the sheet. */
export interface Screen {
  head: HTMLElement;
  body: HTMLElement;
  /** Actions that stay in reach of the thumb. */
  foot?: HTMLElement | undefined;
  /** The name of the region while this is shown. */
  label: string;
  close?(): void;
  /** Takes a point, or a place, pressed on the map, where this screen asks for
   *  one. */
  tapped?(p: Point): void;
  opened?(id: string): void;
}

export class Sheet {
  detent: Detent = "half";
  private head: HTMLElement;
  private scroller: HTMLElement;
  private foot: HTMLElement;
  private handle: HTMLButtonElement;
  private screen?: Screen;
  private wide = matchMedia("(min-width: 800px)");

  /** moved is told how many pixels the sheet covers: from below, from the left. */
  constructor(
    readonly el: HTMLElement,
    private moved: (bottom: number, left: number) => void,
  ) {
    this.head = el.querySelector<HTMLElement>(".sheet-head")!;
    this.scroller = el.querySelector<HTMLElement>(".sheet-body")!;
    this.foot = el.querySelector<HTMLElement>(".sheet-foot")!;
    this.handle = el.querySelector<HTMLButtonElement>(".handle")!;
    this.handle.addEventListener("click", () => this.rest(this.detent === "full" ? "half" : this.detent === "half" ? "peek" : "full"));
    this.handle.addEventListener("keydown", (e) => {
      const step = { ArrowUp: 1, ArrowDown: -1 }[e.key];
      if (!step) return;
      e.preventDefault();
      this.rest(order[Math.max(0, Math.min(2, order.indexOf(this.detent) + step))]!);
    });
    this.drag(el.querySelector<HTMLElement>(".sheet-grip")!);
    this.wide.addEventListener("change", () => this.rest(this.detent));
    window.addEventListener("resize", () => this.rest(this.detent));
    new ResizeObserver(() => this.rest(this.detent)).observe(this.head);
  }

  /** Fills the sheet, keeping scroll position and focus to the caller. */
  show(screen: Screen): void {
    if (this.screen === screen) return;
    this.screen?.close?.();
    this.screen = screen;
    this.head.replaceChildren(screen.head);
    this.scroller.replaceChildren(screen.body);
    this.foot.replaceChildren(...(screen.foot ? [screen.foot] : []));
    this.el.setAttribute("aria-label", screen.label);
    this.scroller.scrollTop = 0;
    this.rest(this.detent);
  }

  get scrollTop(): number {
    return this.scroller.scrollTop;
  }

  set scrollTop(y: number) {
    this.scroller.scrollTop = y;
  }

  /** Comes to rest at a height. */
  rest(d: Detent): void {
    this.detent = d;
    this.el.dataset.detent = d;
    this.handle.setAttribute("aria-label", `${t("sheetSize")}: ${t(d === "peek" ? "sheetFull" : "sheetPeek")}`);
    this.handle.setAttribute("aria-expanded", String(d !== "peek"));
    if (this.wide.matches) {
      this.el.style.height = "";
      this.moved(0, this.el.getBoundingClientRect().right);
      return;
    }
    const height = this.height(d);
    this.el.style.height = `${height}px`;
    this.moved(height, 0);
  }

  /** At least as high as d. */
  raise(d: Detent): void {
    if (order.indexOf(this.detent) < order.indexOf(d)) this.rest(d);
  }

  private height(d: Detent): number {
    const all = window.innerHeight;
    if (d === "full") return all - 56;
    if (d === "half") return Math.round(Math.max(all * 0.54, 320));
    const grip = this.el.querySelector<HTMLElement>(".sheet-grip")!;
    return grip.offsetHeight + Math.max(106, this.foot.offsetHeight + 12);
  }

  // A mouse may leave the grip between two moves, so those are heard anywhere.
  private drag(grip: HTMLElement): void {
    grip.addEventListener("pointerdown", (down) => {
      if (this.wide.matches || down.button !== 0 || !down.isPrimary) return;
      const height = this.el.offsetHeight;
      let dragging = false;
      const move = (e: PointerEvent) => {
        const up = down.clientY - e.clientY;
        if (!dragging && Math.abs(up) < 10) return;
        dragging = true;
        this.el.classList.add("dragging");
        this.el.style.height = `${Math.min(window.innerHeight - 40, Math.max(110, height + up))}px`;
      };
      const end = (e: PointerEvent) => {
        window.removeEventListener("pointermove", move);
        window.removeEventListener("pointerup", end);
        window.removeEventListener("pointercancel", end);
        if (!dragging) return;
        this.el.classList.remove("dragging");
        this.settle((down.clientY - e.clientY) / Math.max(1, e.timeStamp - down.timeStamp));
        // The click that ends a drag must not press what lies under the finger.
        window.addEventListener("click", stop, { capture: true, once: true });
        setTimeout(() => window.removeEventListener("click", stop, { capture: true }), 50);
      };
      window.addEventListener("pointermove", move);
      window.addEventListener("pointerup", end);
      window.addEventListener("pointercancel", end);
    });
  }

  // Comes to rest after a drag: a flick goes one height on, else the nearest.
  // speed is upwards, in pixels a millisecond.
  private settle(speed: number): void {
    const height = this.el.offsetHeight;
    const i = order.indexOf(this.detent);
    if (Math.abs(speed) > 0.5) this.rest(order[Math.max(0, Math.min(2, i + Math.sign(speed)))]!);
    else this.rest(order.reduce((a, b) => (Math.abs(this.height(a) - height) < Math.abs(this.height(b) - height) ? a : b)));
  }
}

function stop(e: Event): void {
  e.preventDefault();
  e.stopPropagation();
}

/** The head of every screen but the list: back, title, close. */
export function titleBar(title: string, back: () => void, ...more: (Node | null | undefined)[]): HTMLElement {
  return h(
    "div",
    { class: "title-bar" },
    h("button", { type: "button", class: "icon-button", "aria-label": t("back"), on: { click: back } }, icon("back")),
    h("h1", { tabindex: -1, class: "title" }, title),
    more.filter((x): x is Node => !!x),
  );
}
