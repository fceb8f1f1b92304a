import { openAlcove } from "alcove";

globalThis.open = openAlcove;
