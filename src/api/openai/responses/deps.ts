import type { AnswerDeps } from "../../answer/deps.ts";
import type { ResponseBooks } from "./response-books.ts";

export interface ResponseDeps extends AnswerDeps {
  responses: ResponseBooks;
}
