/** The benchmark page: runs the workloads here, on the reader's machine, and shows what came out. */
import { render } from "lit";
import { isolate } from "../engine/isolate.js";
import { on_change } from "./measure.js";
import { draw } from "./view.js";
import { WORKLOADS } from "./workloads.js";

function show() {
  const place = document.getElementById("bench");
  if (place) render(draw(WORKLOADS), place);
}

on_change(show);
show();
void isolate();
