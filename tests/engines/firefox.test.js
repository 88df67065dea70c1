import { goes_everywhere } from "./ways.js";

goes_everywhere("Firefox");
