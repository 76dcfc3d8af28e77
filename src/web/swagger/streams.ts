import { mapOperations, type OpenApiDocument, type Operation, withParagraph } from "./document.ts";

const AS_IT_COMES =
  "This page shows a stream when it has ended. The curl command that it prints shows one as it comes, with `-N` behind `curl`.";

/** The units of a streamed reply, by its media type. */
const FORMS: Record<string, string> = {
  "application/x-ndjson":
    '**A stream** unless the body has `"stream": false`: one JSON object a line, each sent as soon as it is there. A failure after the first line is a last line `{"error": …}`.',
  "text/event-stream":
    "**A stream** where the request has `stream` true: server-sent events, each `data: ` and JSON. A failure after the first event is an event, too.",
};

/** The forms in which an operation may stream. */
const formsOf = ({ responses }: Operation): string[] =>
  Object.keys(responses["200"]?.content ?? {}).flatMap((type) => FORMS[type] ?? []);

/** The document with each operation that streams saying how, and how to see it. */
export const withStreamsExplained = (document: OpenApiDocument): OpenApiDocument =>
  mapOperations(document, (operation) => {
    const [form] = formsOf(operation);
    return form === undefined ? operation : withParagraph(operation, `${form} ${AS_IT_COMES}`);
  });
