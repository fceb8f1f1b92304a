/** The SDK's schemas are compiled by `new Function` where that is allowed; here it is not, and not even tried. */
import { config } from "zod/v4/core";

config({ jitless: true });
