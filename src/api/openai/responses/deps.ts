import type { InferenceDeps } from "../../../inference/deps.ts";
import type { ResponseBooks } from "./stored/response-books.ts";

export interface ResponseDeps extends InferenceDeps {
  responses: ResponseBooks;
}
