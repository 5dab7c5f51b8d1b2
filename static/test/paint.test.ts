import Point from "@mapbox/point-geometry";
import type { Feature } from "protomaps-leaflet";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TileData } from "../src/map/decode";
import { AREA, type Brush, LINE, paint } from "../src/map/paint";

// A canvas that writes down what is done to it.
class Path {
  steps: string[] = [];
  moveTo(x: number, y: number) {
    this.steps.push(`M${Math.round(x)},${Math.round(y)}`);
  }
  lineTo(x: number, y: number) {
    this.steps.push(`L${Math.round(x)},${Math.round(y)}`);
  }
  closePath() {
    this.steps.push("Z");
  }
}

function canvas() {
  const log: string[] = [];
  const ctx = {
    fillStyle: "",
    strokeStyle: "",
    lineWidth: 0,
    globalAlpha: 1,
    save: () => log.push("save"),
    restore: () => log.push("restore"),
    setLineDash: () => {},
    clip: (p: Path) => log.push(`clip ${p.steps.join(" ")}`),
    fill: (p: Path) => log.push(`fill ${ctx.fillStyle} ${p.steps.join(" ")}`),
    stroke: (p: Path) => log.push(`stroke ${ctx.strokeStyle} ${ctx.lineWidth} ${p.steps.join(" ")}`),
  };
  return { ctx: ctx as unknown as CanvasRenderingContext2D, log };
}

const feature = (geomType: number, props: Feature["props"], ...lines: number[][]): Feature => ({
  geomType,
  props,
  geom: lines.map((xy) => Array.from({ length: xy.length / 2 }, (_, i) => new Point(xy[2 * i]!, xy[2 * i + 1]!))),
  bbox: { minX: 0, minY: 0, maxX: 0, maxY: 0 },
  numVertices: 0,
});

const whole = { scale: 1, x: 0, y: 0, size: 256 };
const road = { kind: "line", layer: "road", geom: LINE } as const;

describe("paint", () => {
  const kept = globalThis.Path2D;
  beforeAll(() => void (globalThis.Path2D = Path as unknown as typeof Path2D));
  afterAll(() => void (globalThis.Path2D = kept));

  const data: TileData = new Map([
    [
      "road",
      [
        feature(LINE, { class: "primary" }, [0, 0, 10, 0]),
        feature(LINE, { class: "primary", name: "A" }, [10, 0, 20, 0]),
        feature(LINE, { class: "primary", bridge: true }, [20, 0, 30, 0]),
        feature(LINE, { class: "primary" }, [900, 900, 910, 900]),
        feature(LINE, { class: "rail" }, [0, 50, 10, 50]),
      ],
    ],
    ["compound", [feature(AREA, { class: "residential" }, [0, 0, 100, 0, 100, 100, 0, 0])]],
  ]);
  const run = (brushes: Brush[], z = 16, w = whole) => {
    const { ctx, log } = canvas();
    paint(ctx, z, data, w, brushes);
    return log;
  };

  it("strokes what looks alike once, and leaves out what is not in the window", () => {
    expect(run([{ ...road, classes: ["primary"], form: "plain", color: "red", width: () => 4 }])).toEqual(["stroke red 4 M0,0 L10,0 M10,0 L20,0"]);
  });

  it("takes every form where none is named", () => {
    expect(run([{ ...road, classes: ["primary"], color: "red", width: () => 4 }])[0]).toContain("M20,0");
  });

  it("enlarges and moves the data, not the pen", () => {
    expect(run([{ ...road, classes: ["rail"], color: "red", width: () => 4 }], 18, { scale: 4, x: 8, y: 100, size: 256 })).toEqual(["stroke red 4 M-8,100 L32,100"]);
  });

  it("keeps to the zooms of a brush", () => {
    const b: Brush = { ...road, classes: ["rail"], color: "red", width: () => 1, from: 14, to: 15 };
    expect([13, 14, 15, 16].map((z) => run([b], z).length)).toEqual([0, 1, 1, 0]);
  });

  it("paints a band on the inside only", () => {
    const got = run([{ kind: "band", layer: "compound", geom: AREA, color: "red", width: () => 5 }]);
    expect(got.map((l) => l.split(" ")[0])).toEqual(["save", "clip", "stroke", "restore"]);
    expect(got[2]).toMatch(/^stroke red 10 /);
  });

  it("sets arrows along streets of one way, each in one square of the tile", () => {
    const oneway: TileData = new Map([["road", [feature(LINE, { class: "primary", oneway: true }, [0, 100, 512, 100]), feature(LINE, { class: "primary" }, [0, 200, 512, 200])]]]);
    const b: Brush = { kind: "arrows", layer: "road", geom: LINE, classes: ["primary"], color: "red" };
    const shafts = [0, 256].flatMap((x) => {
      const { ctx, log } = canvas();
      paint(ctx, 16, oneway, { scale: 1, x, y: 0, size: 256 }, [b]);
      return log.flatMap((l) => [...l.matchAll(/M(-?\d+),100 L/g)].map((m) => Number(m[1]) + x));
    });
    expect(shafts).toEqual([61, 191, 321, 451]);
  });
});
