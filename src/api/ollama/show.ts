import { Elysia } from "elysia";
import { optionsOf } from "../../inference/request-options.ts";
import { localReference } from "../../inference/resolve-model.ts";
import type { Notice } from "../../intent/generate.ts";
import { defined } from "../../lib/defined.ts";
import { badRequest, notFound } from "../../lib/errors.ts";
import { zonedTimestamp } from "../../lib/rfc3339.ts";
import type { ModelReport, ShowOverrides } from "../../models/catalog.ts";
import { shortName } from "../../models/name.ts";
import { type Exchange, exchange } from "../exchange.ts";
import { jsonBody } from "../wire/body.ts";
import { describeNativeRoute } from "../wire/describe-native.ts";
import { oneObject } from "../wire/describe-route.ts";
import { BODY_FAILURES, STORE_FAILURES } from "../wire/documented-failures.ts";
import { ignoredField, unknownFieldNotices } from "../wire/notices.ts";
import type { OllamaDeps } from "./deps.ts";
import { wireDetails } from "./details.ts";
import { ShowReply, ShowRequest } from "./schema/library.ts";

function wireReport(report: ModelReport): ShowReply {
  const texts = { license: report.license, modelfile: report.modelfile, parameters: report.parameters };
  const { template, system, renderer = "", parser = "" } = report;
  const prompts = { template, system, renderer, parser };
  const nonEmpty = Object.entries({ ...texts, ...prompts }).filter(([, text]) => text !== "");
  return {
    ...Object.fromEntries(nonEmpty),
    details: wireDetails(report.details),
    ...(report.messages.length > 0 && {
      messages: report.messages.map(({ role, content }) => ({ role, content })),
    }),
    model_info: report.modelInfo,
    ...defined({ projector_info: report.projectorInfo }),
    ...(report.tensors.length > 0 && { tensors: report.tensors }),
    ...(report.capabilities.length > 0 && { capabilities: report.capabilities }),
    modified_at: zonedTimestamp(report.modifiedAt),
    ...(report.requires && { requires: report.requires }),
  };
}

function overridesOf(body: ShowRequest): { overrides: ShowOverrides; notices: Notice[] } {
  const { intent: parameters, notices } = optionsOf(body.options);
  const why = "a reply shows the model's own template";
  return {
    overrides: {
      verbose: body.verbose ?? false,
      ...(body.system && { system: body.system }),
      ...(body.options && { parameters: { ...parameters } }),
    },
    notices: [
      ...unknownFieldNotices(ShowRequest, body),
      ...(body.template ? [ignoredField("template", why)] : []),
      ...notices,
    ],
  };
}

async function show(
  body: ShowRequest,
  { headers }: Request,
  call: Exchange,
  deps: OllamaDeps,
): Promise<Response> {
  const reference = localReference(
    body.model || body.name || "",
    badRequest("model is required"),
    "remote model details are unavailable",
  );
  const { overrides, notices } = overridesOf(body);
  const report = await deps.catalog.show(reference.name, overrides);
  if (report === undefined) throw notFound(`model '${shortName(reference.name)}' not found`);
  if (headers.get("user-agent")?.startsWith("GitHubCopilotChat/")) {
    report.modelInfo["general.basename"] = reference.raw;
  }
  call.notices.add(notices);
  return call.json(ShowReply, wireReport(report));
}

const showDocs = describeNativeRoute({
  operationId: "showModel",
  summary: "Show a model",
  description: "Its Modelfile, template, parameters and the facts in its GGUF. The model is not loaded.",
  tag: "models",
  replies: { 200: oneObject("The model.", ShowReply) },
  failures: {
    400: "model is required",
    403: 'ollama cloud is disabled: remote model details are unavailable ("gpt-oss:120b-cloud" is a cloud model: it runs on ollama.com only)',
    404: "model 'smollm3:latest' not found",
    ...BODY_FAILURES,
    ...STORE_FAILURES,
  },
});

/** POST /api/show (docs/behaviour: api-native §10). */
export const showRoute = (deps: OllamaDeps) =>
  new Elysia({ name: "ollama.show" }).post(
    "/api/show",
    ({ body, request, server }) => show(body, request, exchange(request, server, deps), deps),
    { ...jsonBody(ShowRequest), response: { 200: ShowReply }, detail: showDocs },
  );
