import { afterEach, describe, expect, it } from "vitest";
import { speak } from "../src/i18n";
import type { Open } from "../src/types";
import { distance, duration, wall, when } from "../src/words/format";
import { status, statusLine } from "../src/words/hours";
import { week, weekLines } from "../src/words/week";

// speak() also labels the document.
(globalThis as { document?: unknown }).document = { documentElement: {} };
afterEach(() => speak("zh"));

// A Wednesday, 20:40 in Shanghai.
const now = Date.parse("2025-03-05T20:40:00+08:00");

describe("status", () => {
  const cases: [name: string, open: Open | undefined, hours: string | undefined, tone: string, zh: string, en: string][] = [
    ["closes soon", { state: "open", until: "2025-03-05T21:00:00+08:00", next: "closed" }, "Mo-Su 09:30-21:00", "soon", "营业中 · 20 分钟后关门", "Open · closes in 20 min"],
    ["closes later", { state: "open", until: "2025-03-05T23:30:00+08:00", next: "closed" }, "Mo-Su 09:30-23:30", "open", "营业中 · 23:30 关门", "Open · until 23:30"],
    ["closes at midnight", { state: "open", until: "2025-03-06T00:00:00+08:00", next: "closed" }, "Mo-Su 06:00-24:00", "open", "营业中 · 24:00 关门", "Open · until 24:00"],
    ["past midnight", { state: "open", until: "2025-03-06T02:00:00+08:00", next: "closed" }, "Mo-Su 06:00-02:00", "open", "营业中 · 明天 02:00 关门", "Open · until tomorrow 02:00"],
    ["always open", { state: "open" }, "24/7", "open", "营业中 · 24 小时", "Open · 24 hours"],
    ["opens tomorrow", { state: "closed", until: "2025-03-06T09:30:00+08:00", next: "open" }, "x", "closed", "已打烊 · 明天 09:30 开", "Closed · opens tomorrow 09:30"],
    ["opens on a weekday", { state: "closed", until: "2025-03-10T08:30:00+08:00", next: "open" }, "x", "closed", "已打烊 · 周一 08:30 开", "Closed · opens Mon 08:30"],
    ["opens on a date", { state: "closed", until: "2025-04-01T08:30:00+08:00", next: "open" }, "x", "closed", "已打烊 · 4月1日 08:30 开", "Closed · opens 1 Apr 08:30"],
    ["opens soon", { state: "closed", until: "2025-03-05T20:55:00+08:00", next: "open" }, "x", "closed", "已打烊 · 15 分钟后开", "Closed · opens in 15 min"],
    ["never opens again", { state: "closed" }, "off", "closed", "已打烊", "Closed"],
    ["unknown later", { state: "open", until: "2025-03-05T22:00:00+08:00", next: "unknown" }, "x", "open", "营业中 · 22:00后不确定", "Open · uncertain after 22:00"],
    ["unknown stays unknown", { state: "unknown" }, undefined, "unknown", "时间未知", "Hours unknown"],
    ["unknown with a word", { state: "unknown", comment: "工作日开放" }, undefined, "unknown", "时间未知 · 工作日开放", "Hours unknown · 工作日开放"],
    ["nothing said", undefined, undefined, "unknown", "时间未知", "Hours unknown"],
  ];
  it.each(cases)("%s", (_name, open, hours, tone, zh, en) => {
    const place = { kind: "station", ...(hours ? { hours } : {}), ...(open ? { open } : {}) };
    const s = status(place, now);
    expect(s.tone).toBe(tone);
    expect(statusLine(s)).toBe(zh);
    speak("en");
    expect(statusLine(status(place, now))).toBe(en);
  });

  it("counts minutes down to one, not to nought", () => {
    const open: Open = { state: "open", until: "2025-03-05T20:40:10+08:00", next: "closed" };
    expect(statusLine(status({ kind: "station", open }, now))).toBe("营业中 · 1 分钟后关门");
  });
});

describe("when", () => {
  it("reads the clock of the zone the time was written in, not of the device", () => {
    expect(when("2025-03-05T09:30:00-03:00", Date.parse("2025-03-05T02:00:00-03:00"))).toBe("09:30");
    expect(wall("2025-03-10T00:15:00+08:00")).toMatchObject({ weekday: 0, month: 3, date: 10, clock: "00:15" });
  });
});

describe("week", () => {
  const cases: [name: string, hours: string, want: string[] | null][] = [
    ["every day", "Mo-Su 09:30-21:00", ["周一–周日 09:30–21:00"]],
    ["no days named", "09:00-18:00", ["周一–周日 09:00–18:00"]],
    ["round the clock", "24/7", ["周一–周日 24 小时"]],
    ["two spans, Saturday, holidays", "Mo-Fr 08:30-12:00,13:00-17:30; Sa 09:00-12:00; PH off", ["周一–周五 08:30–12:00、13:00–17:30", "周六 09:00–12:00", "周日 休息", "法定节假日 休息"]],
    ["a later rule wins", "Mo-Su 10:00-20:00; Tu off", ["周一 10:00–20:00", "周二 休息", "周三–周日 10:00–20:00"]],
    ["over the end of the week", "Sa-Mo 08:00-10:00", ["周一 08:00–10:00", "周二–周五 休息", "周六、周日 08:00–10:00"]],
    ["past midnight", "Mo-Su 18:00-26:00", ["周一–周日 18:00–02:00"]],
    ["open end", "Fr 17:00+", ["周一–周四 休息", "周五 17:00+", "周六、周日 休息"]],
    ["the sun's hours", "sunrise-sunset", ["周一–周日 日出–日落"]],
    ["days only", "Mo-Fr", ["周一–周五 24 小时", "周六、周日 休息"]],
    ["months are shown as written", "Apr-Oct Mo-Su 08:00-20:00", null],
    ["offsets of the sun are shown as written", "(sunrise+01:00)-sunset", null],
    ["fallbacks are shown as written", "Mo-Fr 08:00-12:00 || \"ring\"", null],
    ["nonsense", "always", null],
  ];
  it.each(cases)("%s", (_name, hours, want) => {
    const w = week(hours);
    expect(w && weekLines(w).map((l) => `${l.label} ${l.times}`)).toEqual(want);
  });
});

describe("distance and duration", () => {
  it.each([
    [3, "5 m"],
    [63, "65 m"],
    [104, "100 m"],
    [994, "990 m"],
    [999, "1.0 km"],
    [1234, "1.2 km"],
    [9960, "10 km"],
    [12_345, "12 km"],
  ])("%d m", (m, want) => expect(distance(m)).toBe(want));
  it.each([
    [0, "1 分钟", "1 min"],
    [89, "1 分钟", "1 min"],
    [91, "2 分钟", "2 min"],
    [3600, "1 小时", "1 h"],
    [3900, "1 小时 5 分", "1 h 5 min"],
  ])("%d s", (s, zh, en) => {
    expect(duration(s)).toBe(zh);
    speak("en");
    expect(duration(s)).toBe(en);
  });
});
