// Changes of the data as the server tells them.

/** Calls changed with the layers that changed; the browser reconnects by itself. */
export function listen(changed: (layers: string[]) => void): void {
  if (!("EventSource" in window)) return;
  let version = "";
  const source = new EventSource("/api/events");
  source.addEventListener("change", (e) => {
    let data: { version?: string; layers?: string[] } = {};
    try {
      data = JSON.parse((e as MessageEvent<string>).data) as typeof data;
    } catch {
      // A change all the same.
    }
    if (data.version && data.version === version) return;
    version = data.version ?? "";
    changed(data.layers ?? []);
  });
  // A page put away by the back-forward cache must not hold its connection.
  window.addEventListener("pagehide", () => source.close());
}
