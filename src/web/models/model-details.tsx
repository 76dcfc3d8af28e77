import { signal } from "@preact/signals";
import { type ShowReply, unwrap } from "../../client/index.ts";
import { Dialog } from "../parts/dialog.tsx";
import { explain, server } from "../server.ts";

interface Details {
  name: string;
  shown?: ShowReply;
  failure?: string;
}

const details = signal<Details | undefined>(undefined);

/** Opens the dialog with the details of a model. */
export async function showDetails(name: string): Promise<void> {
  details.value = { name };
  let found: Details;
  try {
    found = { name, shown: unwrap(await server().api.show.post({ model: name })) };
  } catch (error) {
    found = { name, failure: explain(error) };
  }
  if (details.value?.name === name) details.value = found;
}

export function DetailsDialog() {
  const close = () => (details.value = undefined);
  const { name = "", shown, failure } = details.value ?? {};
  return (
    <Dialog title={name} open={details.value !== undefined} onClose={close}>
      {failure && <p role="alert">{failure}</p>}
      {shown && <Facts shown={shown} />}
      <div class="buttons">
        <button type="button" onClick={close}>
          Close
        </button>
      </div>
    </Dialog>
  );
}

function Facts({ shown }: { shown: ShowReply }) {
  const { details: known, capabilities, parameters, system, license } = shown;
  return (
    <>
      <dl>
        <Fact name="Architecture" value={architectureOf(shown)} />
        <Fact name="Parameters" value={known.parameter_size} />
        <Fact name="Quantization" value={known.quantization_level} />
        <Fact name="Context length" value={numberOf(shown, "context_length")} />
        <Fact name="Embedding length" value={numberOf(shown, "embedding_length")} />
        <Fact name="Can" value={capabilities?.join(", ")} />
      </dl>
      <Passage title="Options" text={parameters} />
      <Passage title="System prompt" text={system} />
      <Passage title="License" text={license} />
    </>
  );
}

function Fact({ name, value }: { name: string; value: string | undefined }) {
  if (!value) return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

function Passage({ title, text }: { title: string; text: string | undefined }) {
  if (!text) return null;
  return (
    <details>
      <summary>{title}</summary>
      <pre tabIndex={0}>{text}</pre>
    </details>
  );
}

function architectureOf({ model_info: info }: ShowReply): string {
  const value = info?.["general.architecture"];
  return typeof value === "string" ? value : "";
}

/** A number of the model's header, which stands there under the name of its architecture. */
function numberOf(shown: ShowReply, key: string): string | undefined {
  const value = shown.model_info?.[`${architectureOf(shown)}.${key}`];
  return typeof value === "number" ? value.toLocaleString("en") : undefined;
}
