// The colours of the base map in each theme. Ground and areas stay pale so that
// streets, compounds and what stands on them are read first. Names are dark
// enough for every ground they may stand on, with and without their halo: a
// test works that out.

import type { Theme } from "../theme";

export interface Palette {
  land: string;
  /** By class, what lies on other areas last. */
  landuse: Record<string, string>;
  green: Record<string, string>;
  water: string;
  waterLine: string;
  compound: string;
  /** The wall of a compound, and the band along its inside. */
  compoundEdge: string;
  band: string;
  building: string;
  buildingEdge: string;
  /** Street classes: [surface, edge]. */
  road: Record<string, [string, string]>;
  /** Small streets from afar, where they are too thin for edges. */
  thin: string;
  bridge: string;
  arrow: string;
  /** What paths lie on. */
  bed: string;
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
    land: "#f3f1ec",
    landuse: { residential: "#efece6", commercial: "#f4ebe7", industrial: "#eceaef", school: "#f5eedb", hospital: "#f9e8e6", railway: "#e9e7e5", parking: "#e9e8e8", square: "#efecee" },
    green: { farmland: "#eeebd9", park: "#cfe8c2", cemetery: "#d5e2cd", forest: "#c3e0b6", grass: "#dcedd0", pitch: "#bfe3c9", beach: "#f5e8c4" },
    water: "#a8d4f2",
    waterLine: "#8cc2ea",
    compound: "#fbf4e4",
    compoundEdge: "#946a2a",
    band: "#f2dfb6",
    building: "#e5ddd3",
    buildingEdge: "#cbbfb0",
    road: {
      motorway: ["#f8b65e", "#c57f2b"],
      trunk: ["#fbc978", "#ce9844"],
      primary: ["#fcd885", "#cda24b"],
      secondary: ["#ffecae", "#cdb372"],
      tertiary: ["#ffffff", "#c5bdb0"],
      residential: ["#ffffff", "#cac2b5"],
      living_street: ["#ffffff", "#cac2b5"],
      pedestrian: ["#f7f1f6", "#d0c3cf"],
      service: ["#ffffff", "#d3cbc0"],
      track: ["#f3ebdc", "#cfc4b0"],
    },
    thin: "#dcd6cb",
    bridge: "#8d8577",
    arrow: "#8e95a3",
    bed: "rgba(255,255,255,.7)",
    path: "#b3917a",
    cycleway: "#5b8fc9",
    steps: "#a07a62",
    rail: "#9f9c99",
    wall: "#8a775a",
    hedge: "#8fb57a",
    text: "#3b3833",
    halo: "rgba(255,255,255,.92)",
    compoundText: "#6b4609",
    buildingText: "#574d40",
    waterText: "#17507f",
    greenText: "#23562a",
    placeText: "#26231f",
  },
  dark: {
    land: "#1c2127",
    landuse: { residential: "#20252c", commercial: "#25272f", industrial: "#242730", school: "#2a2a25", hospital: "#2e2629", railway: "#23272d", parking: "#262b32", square: "#282c33" },
    green: { farmland: "#25291f", park: "#1c3327", cemetery: "#232d27", forest: "#193022", grass: "#1f3529", pitch: "#1d3a2e", beach: "#38331f" },
    water: "#133450",
    waterLine: "#1c4a70",
    compound: "#2b2927",
    compoundEdge: "#c0995a",
    band: "#3c352a",
    building: "#343a43",
    buildingEdge: "#4a525d",
    road: {
      motorway: ["#875919", "#12151a"],
      trunk: ["#7e5c31", "#12151a"],
      primary: ["#6c5a41", "#12151a"],
      secondary: ["#62584a", "#12151a"],
      tertiary: ["#515861", "#12151a"],
      residential: ["#464d56", "#12151a"],
      living_street: ["#464d56", "#12151a"],
      pedestrian: ["#453f50", "#12151a"],
      service: ["#3d444c", "#12151a"],
      track: ["#3a382f", "#12151a"],
    },
    thin: "#3b424b",
    bridge: "#000000",
    arrow: "#98a1ae",
    bed: "rgba(18,21,26,.6)",
    path: "#94806d",
    cycleway: "#5c93cc",
    steps: "#a98a72",
    rail: "#636a74",
    wall: "#8f836e",
    hedge: "#52724a",
    text: "#e1e5ea",
    halo: "rgba(15,18,22,.88)",
    compoundText: "#f0d29c",
    buildingText: "#d0d5dc",
    waterText: "#9dcdf2",
    greenText: "#a4d6a6",
    placeText: "#f6f8fa",
  },
  sun: {
    land: "#ffffff",
    landuse: { commercial: "#fff6f2", industrial: "#f5f5f8", hospital: "#ffefef", railway: "#eeeeee", parking: "#f1f1f1" },
    green: { farmland: "#f6f5e0", park: "#c9f2b6", cemetery: "#d5eac9", forest: "#b8eb9f", grass: "#d8f6c9", pitch: "#bff0c6", beach: "#fff0b8" },
    water: "#9bd2ff",
    waterLine: "#3a9bee",
    compound: "#fff8e2",
    compoundEdge: "#5c3600",
    band: "#ffdf94",
    building: "#e2e2e2",
    buildingEdge: "#5f5f5f",
    road: {
      motorway: ["#ffb02e", "#000000"],
      trunk: ["#ffc14f", "#000000"],
      primary: ["#ffd866", "#1a1a1a"],
      secondary: ["#ffec9c", "#2a2a2a"],
      tertiary: ["#ffffff", "#2a2a2a"],
      residential: ["#ffffff", "#4c4c4c"],
      living_street: ["#ffffff", "#4c4c4c"],
      pedestrian: ["#f8eef6", "#6a6a6a"],
      service: ["#ffffff", "#7c7c7c"],
      track: ["#f7f0e0", "#7c7c7c"],
    },
    thin: "#a3a3a3",
    bridge: "#000000",
    arrow: "#333333",
    bed: "#ffffff",
    path: "#7a4a2a",
    cycleway: "#0047a8",
    steps: "#6b2f00",
    rail: "#6e6e6e",
    wall: "#3a2600",
    hedge: "#2e7a10",
    text: "#000000",
    halo: "#ffffff",
    compoundText: "#462900",
    buildingText: "#111111",
    waterText: "#00305f",
    greenText: "#0a4a06",
    placeText: "#000000",
  },
};
