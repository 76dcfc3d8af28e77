import { memberTag, SERVER_HEADER } from "../../../../lib/member-tag.ts";
import { randomId } from "../../../../lib/random-id.ts";

const PREFIXES = {
  message: "msg",
  reasoning: "rs",
  function_call: "fc",
  function_call_output: "fco",
  custom_tool_call: "ctc",
  custom_tool_call_output: "ctco",
};

/** An id for an item of this type. */
export const itemId = (type: keyof typeof PREFIXES): string => `${PREFIXES[type]}_${randomId()}`;

/** An id for a response: nobody can guess another's. In a pool it ends with the name of the member that keeps it. */
export const responseId = ({ headers }: Pick<Request, "headers">): string => {
  const server = headers.get(SERVER_HEADER);
  return `resp_${randomId()}${server === null ? "" : memberTag(server)}`;
};
