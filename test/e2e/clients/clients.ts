import { expect } from "bun:test";
import type { ClientFeature } from "../../support/client-matrix.ts";
import type { Requirements } from "../../support/python.ts";
import { RESULT } from "../../support/tool-caller.ts";

export interface Client {
  /** As PyPI calls it; its program is `<name>.py`. */
  name: string;
  requirements: Requirements;
  /** Pictures are proven by vision-clients.test.ts. */
  proves: readonly Exclude<ClientFeature, "images" | "decisions">[];
  /** Each failure that the program provokes: a class of its exception, and what the text must contain. */
  errors: Record<string, readonly [kind: string, text: string]>;
  /** What else it must have printed. */
  also?: Record<string, unknown>;
}

const ABSENT = "model 'absent' not found";
const NOT_PULLED = 'model "absent" not found, try pulling it first';
const NO_CHAT = '"all-minilm" does not support chat';
const EMPTY = "[] is too short - 'messages'";
const ALL = ["chat", "streaming", "tools", "structured output", "embeddings", "errors"] as const;

export const CLIENTS: readonly Client[] = [
  {
    name: "langchain-ollama",
    requirements: "requirements-clients.txt",
    proves: ALL,
    errors: {
      absent: ["ollama.ResponseError", ABSENT],
      "absent streamed": ["ollama.ResponseError", ABSENT],
      "absent embedded": ["ollama.ResponseError", NOT_PULLED],
      refused: ["ollama.ResponseError", NO_CHAT],
      "at the start": ["builtins.ValueError", "Model `absent` not found in Ollama"],
    },
    also: { usage: { output_tokens: 12 } },
  },
  {
    name: "langchain-openai",
    requirements: "requirements-clients.txt",
    proves: ALL,
    errors: {
      absent: ["langchain_core.ModelNotFoundError", ABSENT],
      "absent streamed": ["openai.NotFoundError", ABSENT],
      "absent embedded": ["openai.NotFoundError", NOT_PULLED],
      refused: ["langchain_core.ModelInvalidRequestError", EMPTY],
      tools: ["openai.BadRequestError", NO_CHAT],
    },
    also: { usage: { output_tokens: 12 }, completion: expect.stringMatching(/\S/) },
  },
  {
    name: "llama-index-llms-ollama",
    requirements: "requirements-clients.txt",
    proves: ["chat", "streaming", "tools", "structured output", "errors"],
    errors: {
      // It asks /api/show for the context length first.
      absent: ["ollama.ResponseError", "model 'absent:latest' not found"],
      "absent streamed": ["ollama.ResponseError", "model 'absent:latest' not found"],
      refused: ["ollama.ResponseError", NO_CHAT],
    },
    also: { window: 8192 },
  },
  {
    name: "litellm",
    requirements: "requirements-clients.txt",
    proves: ALL,
    errors: {
      "absent ollama": ["litellm.NotFoundError", ABSENT],
      "absent ollama_chat": ["litellm.NotFoundError", ABSENT],
      "absent openai": ["litellm.NotFoundError", ABSENT],
      "absent ollama streamed": ["litellm.NotFoundError", ABSENT],
      "absent ollama_chat streamed": ["litellm.NotFoundError", ABSENT],
      "absent openai streamed": ["litellm.NotFoundError", ABSENT],
      refused: ["litellm.BadRequestError", EMPTY],
    },
  },
  {
    name: "pydantic-ai-slim",
    requirements: "requirements-clients.txt",
    proves: ALL,
    errors: {
      absent: ["pydantic_ai.ModelNotFoundError", ABSENT],
      refused: ["pydantic_ai.ModelHTTPError", NO_CHAT],
    },
  },
  {
    name: "llm-ollama",
    requirements: "requirements-clients.txt",
    proves: ALL,
    // A model that is not on the list never gets as far as the server.
    errors: { refused: ["__main__.Failed", 'invalid JSON Schema at #: unknown "type" "nothing"'] },
    also: { models: ["ollama/named-caller:latest", "ollama/caller:latest", "ollama/smollm2:latest"] },
  },
  {
    name: "instructor",
    requirements: "requirements-instructor.txt",
    proves: ["streaming", "tools", "structured output", "errors"],
    errors: {
      absent: ["instructor.InstructorRetryException", ABSENT],
      refused: ["instructor.InstructorRetryException", NO_CHAT],
    },
  },
  {
    name: "chromadb",
    requirements: "requirements-chromadb.txt",
    proves: ["embeddings", "errors"],
    errors: { absent: ["ollama.ResponseError", NOT_PULLED] },
    also: { found: [["cat"], ["market"]] },
  },
  {
    name: "llama-index-embeddings-ollama",
    requirements: "requirements-frameworks.txt",
    proves: ["embeddings", "errors"],
    errors: {
      absent: ["ollama.ResponseError", NOT_PULLED],
      "absent openai": ["openai.NotFoundError", NOT_PULLED],
    },
    also: { found: ["A cat sleeps on the sofa.", "A kitten naps on the couch."] },
  },
  {
    name: "ollama-haystack",
    requirements: "requirements-frameworks.txt",
    proves: ALL,
    errors: {
      absent: ["ollama.ResponseError", ABSENT],
      "absent streamed": ["ollama.ResponseError", ABSENT],
      "absent embedded": ["ollama.ResponseError", NOT_PULLED],
      refused: ["ollama.ResponseError", NO_CHAT],
    },
  },
  {
    name: "crewai",
    requirements: "requirements-frameworks.txt",
    proves: ["chat", "streaming", "tools", "structured output", "errors"],
    errors: {
      absent: ["builtins.ValueError", "Model absent not found"],
      "absent streamed": ["openai.NotFoundError", ABSENT],
      "absent crew": ["builtins.ValueError", "Model absent not found"],
      refused: ["openai.BadRequestError", NO_CHAT],
    },
    also: { result: RESULT },
  },
  {
    name: "dspy",
    requirements: "requirements-frameworks.txt",
    proves: ALL,
    errors: {
      absent: ["dspy.LMUnsupportedModelError", ABSENT],
      "absent openai": ["dspy.LMUnsupportedModelError", ABSENT],
      "absent embedded": ["litellm.NotFoundError", NOT_PULLED],
      refused: ["dspy.LMInvalidRequestError", NO_CHAT],
    },
  },
  {
    name: "semantic-kernel",
    requirements: "requirements-frameworks.txt",
    proves: ALL,
    errors: {
      absent: ["ollama.ResponseError", ABSENT],
      "absent streamed": ["ollama.ResponseError", ABSENT],
      "absent openai": ["semantic_kernel.ServiceResponseException", "NotFoundError('Error code: 404"],
      refused: ["ollama.ResponseError", NO_CHAT],
    },
  },
  {
    name: "fastapi",
    requirements: "requirements.txt",
    proves: ALL,
    errors: { absent: ["ollama.ResponseError", ABSENT] },
  },
];
