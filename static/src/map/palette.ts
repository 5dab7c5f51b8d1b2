// The colours of the base map in each theme. Ground and areas stay pale so that
// streets, compounds and what stands on them are read first.

import type { Theme } from "../theme";

export interface Palette {
  land: string;
  landuse: Record<string, string>;
  green: Record<string, string>;
  water: string;
  waterLine: string;
  compound: string;
  compoundEdge: string;
  building: string;
  buildingEdge: string;
  /** Street classes: [surface, edge]. */
  road: Record<string, [string, string]>;
  path: string;
  cycleway: string;
  steps: string;
  rail: string;
  wall: string;
  hedge: string;
  text: string;
  halo: string;
  compoundText: string;
  buildingText: string;
  waterText: string;
  greenText: string;
  placeText: string;
}

export const palettes: Record<Theme, Palette> = {
  light: {
    land: "#f4f1ea",
    landuse: { residential: "#efeae0", commercial: "#f3e9e4", industrial: "#eae9ee", school: "#f3ecd8", hospital: "#f7e6e4", railway: "#e9e6e2", parking: "#ebe8e6", square: "#f2eef0" },
    green: { park: "#d2e6c3", grass: "#dbe9cd", forest: "#c3dcb4", farmland: "#ece8d2", pitch: "#c5e0c6", cemetery: "#d3dfca", beach: "#f3e6c0" },
    water: "#a6cdea",
    waterLine: "#8fbde0",
    compound: "#f6e7cb",
    compoundEdge: "#a87f3f",
    building: "#e0d6c8",
    buildingEdge: "#c6b9a6",
    road: {
      motorway: ["#f6bd6b", "#c98a2e"],
      trunk: ["#f9ce86", "#cf9a45"],
      primary: ["#fddf9f", "#d3ab5c"],
      secondary: ["#fff0c2", "#cfb988"],
      tertiary: ["#ffffff", "#c9bfae"],
      residential: ["#ffffff", "#d0c7b8"],
      living_street: ["#ffffff", "#d0c7b8"],
      pedestrian: ["#f6eef4", "#cdbccb"],
      service: ["#ffffff", "#d6cec1"],
      track: ["#efe6d6", "#cbbfa9"],
    },
    path: "#a3785a",
    cycleway: "#3f78b5",
    steps: "#8a5f45",
    rail: "#a29d97",
    wall: "#857357",
    hedge: "#7fa56a",
    text: "#46413a",
    halo: "rgba(255,255,255,.92)",
    compoundText: "#6d4a10",
    buildingText: "#6a5f50",
    waterText: "#24618f",
    greenText: "#2c632b",
    placeText: "#26231f",
  },
  dark: {
    land: "#1b1f24",
    landuse: { residential: "#1f2329", commercial: "#24242a", industrial: "#22242b", school: "#26251f", hospital: "#2a2224", railway: "#22252a", parking: "#23272d", square: "#25272d" },
    green: { park: "#1e3024", grass: "#203026", forest: "#1b3022", farmland: "#25271f", pitch: "#1f352a", cemetery: "#222b25", beach: "#35301f" },
    water: "#16344c",
    waterLine: "#1d4361",
    compound: "#2e281c",
    compoundEdge: "#a3834f",
    building: "#2f343b",
    buildingEdge: "#454b54",
    road: {
      motorway: ["#8a632a", "#3a2c16"],
      trunk: ["#7b5d30", "#362b19"],
      primary: ["#6c5836", "#30291b"],
      secondary: ["#565040", "#292720"],
      tertiary: ["#474d55", "#15181c"],
      residential: ["#3c424a", "#15181c"],
      living_street: ["#3c424a", "#15181c"],
      pedestrian: ["#40394a", "#17151c"],
      service: ["#353b42", "#15181c"],
      track: ["#37342c", "#171612"],
    },
    path: "#a88a70",
    cycleway: "#6ea3d8",
    steps: "#bd967a",
    rail: "#5b6068",
    wall: "#9a8a6f",
    hedge: "#5d7d50",
    text: "#d6dae0",
    halo: "rgba(16,19,23,.9)",
    compoundText: "#e6c78f",
    buildingText: "#aeb4bd",
    waterText: "#86bce6",
    greenText: "#93c795",
    placeText: "#f2f4f7",
  },
  sun: {
    land: "#ffffff",
    landuse: { commercial: "#fff4f0", industrial: "#f2f2f6", hospital: "#ffecec", railway: "#eeeeee", parking: "#f0f0f0" },
    green: { park: "#c6efb4", grass: "#d5f3c6", forest: "#b4e79c", farmland: "#f5f3dc", pitch: "#bdeec2", cemetery: "#d0e6c4", beach: "#ffefb0" },
    water: "#74bdf7",
    waterLine: "#2b8ce0",
    compound: "#fff1cc",
    compoundEdge: "#6b4300",
    building: "#dcdcdc",
    buildingEdge: "#5a5a5a",
    road: {
      motorway: ["#ffb02e", "#000000"],
      trunk: ["#ffc14f", "#000000"],
      primary: ["#ffd866", "#1a1a1a"],
      secondary: ["#ffec9c", "#2a2a2a"],
      tertiary: ["#ffffff", "#2a2a2a"],
      residential: ["#ffffff", "#444444"],
      living_street: ["#ffffff", "#444444"],
      pedestrian: ["#f6eaf4", "#555555"],
      service: ["#ffffff", "#6a6a6a"],
      track: ["#f5ecd8", "#6a6a6a"],
    },
    path: "#6b2f00",
    cycleway: "#0047a8",
    steps: "#6b2f00",
    rail: "#666666",
    wall: "#3a2600",
    hedge: "#2e7a10",
    text: "#000000",
    halo: "#ffffff",
    compoundText: "#4a2c00",
    buildingText: "#111111",
    waterText: "#003a75",
    greenText: "#0a4a06",
    placeText: "#000000",
  },
};
