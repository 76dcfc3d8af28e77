import type { Quantize } from "../../src/models/quantize/quantize-source.ts";

/** For catalogs in tests that quantize nothing. */
export const noQuantizer: Quantize = () => Promise.reject(new Error("this test has no quantizer"));
