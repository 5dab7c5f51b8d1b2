// A screen whose content arrives: a title at once, then the content, or what
// failed with a way to try again while the earlier content stays.

import { Latest, reason, replaced } from "../api";
import type { App } from "../app";
import { fill, h, icon } from "../dom";
import { t } from "../i18n";
import { type Screen, titleBar } from "../sheet";
import { failure } from "./chips";

export abstract class Remote implements Screen {
  readonly head: HTMLElement;
  readonly body = h("div", { class: "screen" });
  foot: HTMLElement | undefined = h("div", { class: "actions", hidden: true });
  label: string;
  protected message = h("div");
  protected content = h("div", { class: "content" });
  private latest = new Latest();
  private heading: HTMLElement;
  protected stops: (() => void)[] = [];

  constructor(
    protected app: App,
    title: string,
  ) {
    this.label = title;
    const close = h("button", { type: "button", class: "icon-button", "aria-label": t("close"), on: { click: () => app.nav.go({ name: "list" }) } }, icon("close"));
    this.head = titleBar(title, () => app.nav.back(), close);
    this.heading = this.head.querySelector("h1")!;
    this.body.append(this.message, this.content);
  }

  protected title(text: string): void {
    this.heading.textContent = text;
    this.label = text;
    this.app.sheet.el.setAttribute("aria-label", text);
    document.title = `${text} · ${t("title")}`;
  }

  /** Asks the server; called again by the retry button and after a change of the data. */
  async load(): Promise<void> {
    const signal = this.latest.next();
    this.body.setAttribute("aria-busy", "true");
    if (!this.content.hasChildNodes()) fill(this.message, h("p", { class: "hint" }, t("loading")));
    try {
      await this.ask(signal);
      this.message.replaceChildren();
    } catch (err) {
      if (replaced(err)) return;
      const text = reason(err);
      fill(this.message, failure(text, () => void this.load(), this.content.hasChildNodes() ? t("stale") : ""));
    }
    this.body.setAttribute("aria-busy", "false");
  }

  protected abstract ask(signal: AbortSignal): Promise<void>;

  focus(): void {
    this.heading.focus({ preventScroll: true });
  }

  close(): void {
    this.latest.stop();
    for (const stop of this.stops) stop();
  }
}
