import { Type } from "@sinclair/typebox";
import { SEEING_FAILURES } from "../../wire/documented-failures.ts";
import { Transcription } from "../model/transcription.ts";
import { describeRoute, example } from "./describe.ts";

const text = (description: string) => ({ type: "string" as const, description });

/** POST /v1/audio/transcriptions (docs/behaviour: api-openai §8). */
export const transcriptionDocs = {
  ...describeRoute({
    operationId: "createTranscription",
    summary: "Transcribe speech",
    description:
      "What is spoken in a WAV file, by a model that hears (`audio` among its capabilities). Whole transcripts only: no timestamps.",
    tag: "openai",
    replies: {
      200: {
        description: "The transcript; with `response_format` `text`, as plain text.",
        content: {
          "application/json": {
            schema: Transcription,
            examples: { whole: example("A transcript", { text: "The sky is blue." }) },
          },
          "text/plain": {
            schema: Type.String({ description: "The transcript." }),
            examples: { text: example("A transcript", "The sky is blue.\n") },
          },
        },
      },
    },
    failures: {
      400: "registry.ollama.ai/library/smollm2:latest does not support audio",
      404: "model 'gemma3n' not found",
      ...SEEING_FAILURES,
    },
  }),
  requestBody: {
    required: true,
    description: "A form.",
    content: {
      "multipart/form-data": {
        schema: {
          type: "object" as const,
          required: ["file", "model"],
          properties: {
            file: { type: "string" as const, format: "binary", description: "A WAV file." },
            model: text("The model."),
            response_format: text("`json` or `text`. Default `json`."),
            language: text("The language that is spoken."),
            prompt: text("What the sound is about, with names that occur in it."),
            temperature: { type: "number" as const, description: "Default 0." },
          },
        },
        examples: { form: example("A recording", { file: "speech.wav", model: "gemma3n" }) },
      },
    },
  },
};
