import { renderManifest } from "../../../src/store/manifest.ts";
import { MEDIA } from "../../../src/store/media-type.ts";
import { smollm2 } from "../../support/models.ts";
import { type RegistryServer, startRegistry } from "../../support/registry-server.ts";

/** SmolLM2's own format with Ollama's place for tools: open-webui offers tools to every model. */
const TEMPLATE = `{{- if or .System .Tools }}<|im_start|>system
{{ .System }}
{{- if .Tools }}
You may call a function with <tool_call>{"name": <name>, "arguments": <object>}</tool_call>. Functions:
{{- range .Tools }}
{{ . }}
{{- end }}
{{- end }}<|im_end|>
{{ end }}
{{- range .Messages }}<|im_start|>{{ .Role }}
{{ .Content }}<|im_end|>
{{ end }}<|im_start|>assistant
`;

/** The same without a place for tools. */
export const PLAIN_TEMPLATE = `{{ range .Messages }}<|im_start|>{{ .Role }}
{{ .Content }}<|im_end|>
{{ end }}<|im_start|>assistant
`;

/**
 * A model this small does not end by itself, and asked for a title or for tags it repeats the task's headings: without the
 * `stop` that is a thousand tokens each.
 */
const PARAMETERS = { num_predict: 48, temperature: 0, stop: ["<|im_end|>", "###"] };

/** 98 MB over the eight connections of a pull: some seconds, in which the progress can be seen. */
const BYTES_PER_SECOND = 3_000_000;

const CONFIG = {
  model_format: "gguf",
  model_family: "llama",
  model_families: ["llama"],
  model_type: "134.52M",
  file_type: "Q4_1",
  architecture: "amd64",
  os: "linux",
};

/** A registry that has SmolLM2 as `model`, and is slow. */
export async function startSlowRegistry(model: string): Promise<RegistryServer> {
  const registry = await startRegistry({ bytesPerSecond: BYTES_PER_SECOND });
  const config = registry.blob(MEDIA.config, JSON.stringify(CONFIG));
  const layers = [
    registry.blob(MEDIA.model, await Bun.file(await smollm2()).bytes()),
    registry.blob(MEDIA.template, TEMPLATE),
    registry.blob(MEDIA.params, JSON.stringify(PARAMETERS)),
  ];
  registry.manifest(`library/${model}`, renderManifest({ config, layers }));
  return registry;
}
