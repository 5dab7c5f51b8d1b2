// The planner's screens, and what a rider reads of a closure, in one script
// that is fetched when one of them is opened.

import "../style/planning.css";

export { CloseForm } from "./close";
export { ClosureList, ClosureView } from "./closures";
export { Reach } from "./reach";
