import { afterEach, describe, expect, it } from "vitest";
import { type Draft, effect, grouped, lacks, moment, requestOf, span, stateWord, targetOf, whom } from "../src/closures";
import { speak } from "../src/i18n";
import type { Closure, ClosureFeature, Point } from "../src/types";

(globalThis as { document?: unknown }).document = { documentElement: {} };
afterEach(() => speak("zh"));

// A Wednesday evening in Shanghai.
const now = Date.parse("2026-11-25T18:00:00+08:00");
const plain: Closure = { id: "c-1", state: "closed", phase: "active", effect: { streets: 0, gates: 1 }, lasting: true };
const feature = (c: Partial<Closure>, geometry: ClosureFeature["geometry"] = { type: "Point", coordinates: [104, 30] }): ClosureFeature => ({ type: "Feature", id: c.id ?? "c-1", geometry, properties: { ...plain, ...c } });

describe("when a closure holds", () => {
  const cases: [name: string, c: Partial<Closure>, zh: string, en: string][] = [
    ["to the end of today", { to: "2026-11-26T00:00:00+08:00" }, "到 24:00", "until 24:00"],
    ["to a day", { to: "2026-12-03T08:00:00+08:00" }, "到 12月3日 08:00", "until 3 Dec 08:00"],
    ["to another year", { to: "2027-01-03T08:00:00+08:00" }, "到 2027-01-03 08:00", "until 2027-01-03 08:00"],
    ["without end", {}, "恢复时间未定", "until further notice"],
    ["an opening without end", { state: "open" }, "直到撤销", "until taken back"],
    ["to come", { phase: "planned", from: "2026-11-26T08:00:00+08:00", to: "2026-11-26T12:00:00+08:00" }, "明天 08:00 到 明天 12:00", "tomorrow 08:00 to tomorrow 12:00"],
    ["to come, without end", { phase: "planned", from: "2026-11-26T08:00:00+08:00" }, "明天 08:00 起、直到撤销", "from tomorrow 08:00, until taken back"],
    ["over", { phase: "expired", to: "2026-11-20T08:00:00+08:00" }, "11月20日 08:00 结束", "ended 20 Nov 08:00"],
  ];
  it.each(cases)("%s", (_name, c, zh, en) => {
    expect(span({ ...plain, ...c }, now)).toBe(zh);
    speak("en");
    expect(span({ ...plain, ...c }, now)).toBe(en);
  });

  it("names no year within a week of New Year", () => {
    expect(moment("2027-01-01T08:00:00+08:00", Date.parse("2026-12-30T08:00:00+08:00"))).toBe("周五 08:00");
  });
});

describe("what a closure is", () => {
  it("counts what it holds for", () => {
    expect(effect({ ...plain, effect: { streets: 3, gates: 1 } })).toBe("对 3 段路、1 个门有效");
    expect(effect({ ...plain, effect: { streets: 0, gates: 0 } })).toBe("目前对任何路和门都不起作用");
    speak("en");
    expect(effect({ ...plain, effect: { streets: 1, gates: 2 } })).toBe("Holds for 1 stretch of street, 2 gates");
  });

  it("says for whom, unless for all", () => {
    expect(whom({ ...plain, modes: ["ebike", "bicycle"] })).toBe("电动车、自行车");
    expect(whom({ ...plain, modes: ["foot", "ebike", "bicycle"] })).toBe("");
    expect(whom(plain)).toBe("");
  });

  it.each([
    ["a gate", feature({ gate: "g" }), "一个门"],
    ["a gate that is gone", feature({ gate: "g" }, null), "这个门已不在地图上"],
    ["a street", feature({ effect: { streets: 1, gates: 0, name: "望溪街" } }), "望溪街"],
    ["a street without a name", feature({ effect: { streets: 1, gates: 0 } }), "一段无名路"],
    ["an area", feature({}, { type: "Polygon", coordinates: [[]] }), "一片区域"],
  ])("names %s", (_, f, want) => expect(targetOf(f)).toBe(want));

  it.each([
    [{ state: "closed", phase: "active" }, "封闭中"],
    [{ state: "open", phase: "active" }, "特别开放中"],
    [{ state: "open", phase: "planned" }, "未开始"],
    [{ state: "closed", phase: "expired" }, "已结束"],
  ] as const)("%j is %s", (c, want) => expect(stateWord({ ...plain, ...c })).toBe(want));

  it("lists what ends first, begins first, ended last", () => {
    const at = (d: number) => `2026-11-${d}T00:00:00+08:00`;
    const g = grouped([
      feature({ id: "endless" }), feature({ id: "late", to: at(29) }), feature({ id: "soon", to: at(26) }),
      feature({ id: "b", phase: "planned", from: at(28) }), feature({ id: "a", phase: "planned", from: at(27) }),
      feature({ id: "old", phase: "expired", to: at(11) }), feature({ id: "new", phase: "expired", to: at(22) }),
    ]);
    expect(Object.values(g).map((l) => l.map((f) => f.id).join())).toEqual(["soon,late,endless", "a,b", "new,old"]);
  });
});

describe("the form", () => {
  const square: Point[] = [[104, 30], [104.01, 30], [104.01, 30.01], [104, 30.01]];
  const draft: Draft = { state: "closed", target: "gate", gate: "osm:n1", corners: [], modes: ["foot", "bicycle", "ebike"], from: "", to: "", reason: "" };

  it.each([
    ["a gate", { gate: undefined }, "needGate"],
    ["a street", { target: "street" }, "needStreet"],
    ["an area", { target: "area", corners: square.slice(0, 2) }, "needArea"],
    ["a border that does not cross itself", { target: "area", corners: [square[0]!, square[2]!, square[1]!, square[3]!] }, "needSimple"],
    ["a mode", { modes: [] }, "needModes"],
    ["an end after the beginning", { from: "2026-11-25T08:00:00+08:00", to: "2026-11-25T08:00:00+08:00" }, "needOrder"],
    ["nothing, for a gate", {}, null],
    ["nothing, for an area", { target: "area", corners: square, gate: undefined }, null],
  ] as [string, Partial<Draft>, string | null][])("lacks %s", (_, change, want) => expect(lacks({ ...draft, ...change })).toBe(want));

  it("sends what is meant and no more", () => {
    expect(requestOf(draft)).toEqual({ state: "closed", gate: "osm:n1" });
    expect(requestOf({ ...draft, target: "street", street: [104.12345678, 30], modes: ["ebike", "foot"], reason: "  道路\n施工 ", to: "2026-12-01T00:00:00+08:00" })).toEqual({
      state: "closed", street: [104.123457, 30], modes: ["foot", "ebike"], to: "2026-12-01T00:00:00+08:00", reason: "道路 施工",
    });
    expect(requestOf({ ...draft, state: "open", target: "area", corners: square }).area!.coordinates).toEqual([[...square, square[0]]]);
  });
});
