import type { SchemaCase } from "./schemas/case.ts";
import { COMBINED } from "./schemas/combined.ts";
import { ARRAYS, OBJECTS } from "./schemas/containers.ts";
import { NUMBERS } from "./schemas/numbers.ts";
import { REALISTIC } from "./schemas/realistic.ts";
import { STRINGS } from "./schemas/strings.ts";
import { TYPES } from "./schemas/types.ts";

/** JSON Schemas with the keywords that a grammar can enforce, alone and together. */
export const SCHEMA_CASES: readonly SchemaCase[] = [
  ...TYPES,
  ...STRINGS,
  ...NUMBERS,
  ...OBJECTS,
  ...ARRAYS,
  ...COMBINED,
  ...REALISTIC,
];
