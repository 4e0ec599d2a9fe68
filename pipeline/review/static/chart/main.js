// The chart screen: each part wires itself up when it is imported; the page is opened last, when all of them listen.

import "./bar.js";
import "./ink.js";
import "./keys.js";
import "./layers.js";
import "./panel.js";
import "./words.js";
import { openAtFirst } from "./coding.js";
import { enableDrawing } from "./draw.js";
import { openViewer } from "./viewer.js";

enableDrawing();
openViewer();
openAtFirst();
