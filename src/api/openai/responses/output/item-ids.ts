import { randomId } from "../../../../lib/random-id.ts";

const LENGTH = 24;

const PREFIXES = {
  message: "msg",
  reasoning: "rs",
  function_call: "fc",
  function_call_output: "fco",
  custom_tool_call: "ctc",
  custom_tool_call_output: "ctco",
};

/** An id for an item of this type. */
export const itemId = (type: keyof typeof PREFIXES): string => `${PREFIXES[type]}_${randomId(LENGTH)}`;

/** An id for a response: nobody can guess another's. */
export const responseId = (): string => `resp_${randomId(LENGTH)}`;
