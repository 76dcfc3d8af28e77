/** Our GGUF reader and Hugging Face's agree on whole real models. */
import { test } from "bun:test";
import { compareWithOracle } from "../support/gguf-oracle.ts";
import { allMiniLm, smollm2 } from "../support/models.ts";

const LIMIT_MS = 300_000;

test("SmolLM2, quantised by others", async () => compareWithOracle(await smollm2()), LIMIT_MS);

test("all-MiniLM, converted by us", async () => compareWithOracle(await allMiniLm()), LIMIT_MS);
