import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import type { InferenceDeps } from "../../inference/deps.ts";
import { startAnswer } from "../../inference/on-demand.ts";
import type { GenerateIntent } from "../../intent/generate.ts";
import { AppError, badRequest, messageOf } from "../../lib/errors.ts";
import { type Exchange, exchange } from "../exchange.ts";
import { SEEING_FAILURES } from "../wire/documented-failures.ts";
import { ignoredField } from "../wire/notices.ts";
import { reply, replyText } from "../wire/reply-fields.ts";
import { describeOpenaiRoute } from "./describe.ts";
import { RequestError } from "./request-error.ts";

const Transcription = reply("AudioTranscription", "What was heard.", {
  text: replyText("The transcript."),
});

/** Ollama's limit on the form. */
const MOST_BYTES = 25 * 1024 * 1024;

/** The instruction to a model that hears. */
const TASK = "Transcribe the audio exactly as it is spoken. Answer with the transcript and nothing else.";

const KNOWN = ["file", "model", "response_format", "language", "prompt", "temperature", "stream"];

type Form = Awaited<ReturnType<Request["formData"]>>;

/** The fields of a multipart form. @throws AppError `bad_request` for an invalid form, `too_large`. */
async function formOf(request: Request): Promise<Form> {
  if (Number(request.headers.get("content-length")) > MOST_BYTES) {
    throw new AppError("too_large", `the form has more than ${MOST_BYTES} bytes`);
  }
  try {
    return await request.formData();
  } catch (error) {
    throw badRequest(`failed to parse multipart form: ${messageOf(error)}`);
  }
}

const textOf = (form: Form, name: string): string => {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
};

async function translate(form: Form): Promise<GenerateIntent> {
  const model = textOf(form, "model");
  if (model === "") throw new RequestError("model", "model is required");
  const file = form.get("file");
  if (file === null || typeof file === "string") throw new RequestError("file", "file is required");
  if (file.size === 0) throw new RequestError("file", "audio file is empty");
  if (file.size > MOST_BYTES) throw new AppError("too_large", `the file has more than ${MOST_BYTES} bytes`);
  const sound = Buffer.from(await file.arrayBuffer()).toString("base64");
  const [language, prompt] = [textOf(form, "language"), textOf(form, "prompt")];
  const system = [TASK, language && `The audio is in ${language}.`, prompt && `Context: ${prompt}`];
  return {
    model,
    input: {
      type: "chat",
      messages: [
        { role: "system", content: system.filter((part) => part !== "").join(" ") },
        { role: "user", content: "", images: [sound], imagePlaces: [0] },
      ],
      tools: [],
    },
    options: { temperature: Number(textOf(form, "temperature")) || 0 },
    truncate: true,
    debugRenderOnly: false,
  };
}

async function transcribe(request: Request, call: Exchange, deps: InferenceDeps): Promise<Response> {
  const form = await formOf(request);
  const intent = await translate(form);
  const format = textOf(form, "response_format") || "json";
  if (format !== "json" && format !== "text") {
    throw new RequestError(
      "response_format",
      `response_format ${JSON.stringify(format)} is not supported: json or text`,
    );
  }
  const unknown = [...new Set(form.keys())].filter((name) => !KNOWN.includes(name));
  call.notices.add(unknown.map((name) => ignoredField(name, "unknown field")));
  await using answer = await startAnswer(intent, deps, call);
  call.notices.add(answer.notices);
  let transcript = "";
  for await (const event of answer.events) if (event.type === "text") transcript += event.text;
  return format === "text"
    ? call.text(transcript.trim())
    : call.json(Transcription, { text: transcript.trim() });
}

const text = (description: string) => ({ type: "string" as const, description });

const transcriptionDocs = {
  ...describeOpenaiRoute({
    operationId: "createTranscription",
    summary: "Transcribe speech",
    description:
      "What is spoken in a WAV file, by a model that hears (`audio` among its capabilities). Whole transcripts only: no timestamps.",
    tag: "openai",
    replies: {
      200: {
        description: "The transcript; with `response_format` `text`, as plain text.",
        content: {
          "application/json": Transcription,
          "text/plain": Type.String({ description: "The transcript." }),
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
      },
    },
  },
};

/** POST /v1/audio/transcriptions (docs/behaviour: api-openai §8), for models that hear. */
export const transcriptionsRoute = (deps: InferenceDeps) =>
  new Elysia({ name: "openai.transcriptions" }).post(
    "/v1/audio/transcriptions",
    ({ request, server }) => transcribe(request, exchange(request, server, deps), deps),
    { parse: "none", response: { 200: Transcription }, detail: transcriptionDocs },
  );
