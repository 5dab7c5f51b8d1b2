// Copying text: the clipboard where the browser lets us (https only), else a
// field to copy from by hand, because an office's intranet is plain http.

import type { App } from "../app";
import { h, icon } from "../dom";
import { t } from "../i18n";

/** Copies text, or shows it ready to be copied. */
export async function copy(text: string, app: App): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    app.tell(t("copied"));
    return;
  } catch {
    // Not a secure context, or not allowed.
  }
  const field = h("textarea", { class: "copy-field", rows: 3, readonly: true, "aria-label": t("copyByHand") }, text);
  const dialog = dialogOf(t("copyByHand"), field);
  dialog.showModal();
  field.select();
  if (document.execCommand("copy")) {
    dialog.close();
    app.tell(t("copied"));
  }
}

/** A modal dialog with a title and a close button; it removes itself. */
export function dialogOf(title: string, ...content: Node[]): HTMLDialogElement {
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-label": title },
    h(
      "div",
      { class: "dialog-head" },
      h("h2", null, title),
      h("button", { type: "button", class: "icon-button", "aria-label": t("close"), on: { click: () => dialog.close() } }, icon("close")),
    ),
    content,
  );
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (e) => {
    if (e.target === dialog) dialog.close();
  });
  document.body.append(dialog);
  return dialog;
}
