import type { Quantize } from "../../src/intent/quantize-job.ts";

/** For catalogs in tests that quantize nothing. */
export const noQuantizer: Quantize = () => Promise.reject(new Error("this test has no quantizer"));
