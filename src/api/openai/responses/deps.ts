import type { InferenceDeps } from "../../../inference/deps.ts";
import type { ResponseBooks } from "../../../intent/response-books.ts";

export interface ResponseDeps extends InferenceDeps {
  responses: ResponseBooks;
}
