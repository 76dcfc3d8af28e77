import {
  type AnswerFormat,
  chatPlan,
  completionPlan,
  type PromptPlan,
  type RenderedText,
  type RenderJob,
  type Templates,
} from "./render.ts";
import type { RenderableConversation } from "./truncate.ts";

/** Runs the work that grows with a template or a conversation where it can be ended. */
export interface PromptJobs {
  answerFormat(templates: Templates): Promise<AnswerFormat | undefined>;
  render(job: RenderJob): Promise<RenderedText>;
}

/** How the prompt of one request is written, and what its template tells of the answer. */
export interface ModelPrompt {
  /** Undefined when no template was to be read, and when the model's prompts are written by a renderer. */
  readonly answerFormat: AnswerFormat | undefined;
  /** A chat request, to be rendered with all of its messages or with some of them. */
  chat(...request: Parameters<typeof chatPlan>): RenderableConversation;
  /** A generate request. Its list of messages is empty when its prompt cannot be shortened by whole messages. */
  completion(...request: Parameters<typeof completionPlan>): RenderableConversation;
}

/**
 * Reads what has to be known of a model's template before the model is loaded. `inference` enters this room here only, and goes on with
 * the object that it returns.
 *
 * @param templates what is read; undefined when the template does not decide how the answer is read.
 * @throws AppError `internal` when the model's template does not parse.
 */
export async function planPrompt(templates: Templates | undefined, jobs: PromptJobs): Promise<ModelPrompt> {
  const renderable = ({ messages, job }: PromptPlan): RenderableConversation => ({
    messages,
    render: (kept) => jobs.render(job(kept)),
  });
  return {
    answerFormat: templates && (await jobs.answerFormat(templates)),
    chat: (...request) => renderable(chatPlan(...request)),
    completion: (...request) => renderable(completionPlan(...request)),
  };
}
