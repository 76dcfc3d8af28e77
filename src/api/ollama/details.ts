import { defined } from "../../lib/defined.ts";
import type { ModelDetails } from "../../models/catalog.ts";
import type { Details } from "./schema/library.ts";

/** `details` as show and ps have it. */
export const wireDetails = (details: ModelDetails): Details => ({
  parent_model: details.parentModel,
  format: details.format,
  family: details.family,
  families: details.families,
  parameter_size: details.parameterSize,
  quantization_level: details.quantizationLevel,
});

/** `details` as tags has it: with lengths, where they are known. */
export const wireDetailsWithLengths = (details: ModelDetails): Details => ({
  ...wireDetails(details),
  ...defined({ context_length: details.contextLength, embedding_length: details.embeddingLength }),
});
