import { cellsIn, type PromptPiece } from "../../engine/pieces.ts";
import type { Lease, Requester } from "../../engine/port.ts";
import type { DecideIntent, Question, WeighedQuestion } from "../../intent/decide.ts";
import type { GenerateIntent } from "../../intent/generate.ts";
import { defined } from "../../lib/defined.ts";
import { PromptTooLong } from "../../prompt/fit-tokens.ts";
import type { InferenceDeps } from "../deps.ts";
import type { Plan } from "../plan.ts";
import { splitPrompt } from "../prompt.ts";
import { INPUT_FRAME, questionText } from "./question-text.ts";

type Input = DecideIntent["input"];

/** The prompt of a decision in tokens. */
export interface DecisionPrompt {
  /** Up to where each question begins. */
  pieces: PromptPiece[];
  /** From the end of a question to where its answer begins. */
  rest: string;
}

/** The conversation that a decision's prompt is made of: one message, with a mark where its questions go. */
export function decisionConversation(
  { model, options, keepAlive }: Pick<DecideIntent, "model" | "options" | "keepAlive">,
  { content, images, imagePlaces }: Input,
  mark: string,
): GenerateIntent {
  const { before, after } = INPUT_FRAME;
  const message = {
    role: "user",
    content: `${before}${content}${after}${mark}`,
    ...defined({ images, imagePlaces: imagePlaces?.map((place) => place + before.length) }),
  };
  return {
    model,
    input: { type: "chat", messages: [message], tools: [] },
    think: false,
    options,
    truncate: false,
    debugRenderOnly: false,
    ...defined({ keepAlive }),
  };
}

/** @throws AppError `bad_request` for what the template refuses, or a picture that cannot be seen. */
export async function decisionPrompt(
  plan: Plan,
  lease: Lease,
  mark: string,
  deps: InferenceDeps,
  requester: Requester,
): Promise<DecisionPrompt> {
  const { pieces, before, after } = await splitPrompt(plan, lease, mark, deps, requester);
  return { pieces, rest: after + plan.output.opening(before + after) };
}

/** The questions in tokens, each up to where its answer begins. */
export const questionTokens = (
  questions: readonly Question[],
  rest: string,
  lease: Lease,
): Promise<WeighedQuestion[]> =>
  Promise.all(
    questions.map(async (question) => ({
      tokens: await lease.tokenize(questionText(question) + rest, { addSpecial: false, parseSpecial: true }),
      options: await Promise.all(
        question.options.map(({ label }) =>
          lease.tokenize(label, { addSpecial: false, parseSpecial: false }),
        ),
      ),
    })),
  );

/** @throws PromptTooLong when the input, with the longest of its questions and answers, does not fit. */
export function checkRoom(
  pieces: readonly PromptPiece[],
  questions: readonly WeighedQuestion[],
  contextLength: number,
): void {
  const longest = questions.map(
    ({ tokens, options }) => tokens.length + Math.max(...options.map(({ length }) => length)),
  );
  const needed = cellsIn(pieces) + Math.max(...longest);
  if (needed > contextLength) throw new PromptTooLong(needed, contextLength);
}
