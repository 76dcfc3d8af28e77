export interface Example {
  summary: string;
  value: unknown;
}
type Examples = Record<string, Example>;

/** Examples of an operation, which only its document has. */
export interface OperationExamples {
  /** Examples of the JSON body; Swagger UI offers the first one. */
  requests?: Examples;
  /** Examples of successful replies, by status and media type: `200 application/json`. */
  replies?: Record<string, Examples>;
}

/** Examples of the operations of a dialect, by `operationId`. */
export type ExampleBook = Readonly<Record<string, OperationExamples>>;

export const example = (summary: string, value: unknown): Example => ({ summary, value });
