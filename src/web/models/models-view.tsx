import { signal } from "@preact/signals";
import { type ListedModel, type RunningModel, unwrap } from "../../client/index.ts";
import { formatBytes } from "../../lib/humanize.ts";
import { relativeTime } from "../../lib/relative-time.ts";
import { Dialog } from "../parts/dialog.tsx";
import { IconButton } from "../parts/icon.tsx";
import { usePoll } from "../parts/poll.ts";
import { Table } from "../parts/table.tsx";
import { explain, server } from "../server.ts";
import { DetailsDialog, showDetails } from "./model-details.tsx";
import { refreshPulls } from "./pulls.ts";
import { PullsSection } from "./pulls-section.tsx";
import { installed, refresh, running, trouble } from "./state.ts";

const POLL_MS = 2000;
/** The model that somebody has asked to delete. */
const doomed = signal<string | undefined>(undefined);
const failure = signal("");

export function ModelsView() {
  usePoll(async () => void (await Promise.all([refresh(), refreshPulls()])), POLL_MS);
  return (
    <main class="panel">
      <h1>Models</h1>
      {(trouble.value || failure.value) && <p role="alert">{trouble.value || failure.value}</p>}
      <PullsSection />
      <Loaded />
      <Installed />
      <DetailsDialog />
      <DeleteDialog />
    </main>
  );
}

function Loaded() {
  if (running.value.length === 0) return null;
  return (
    <section aria-labelledby="loaded-title">
      <h2 id="loaded-title">Loaded</h2>
      <Table buttons title="loaded-title" columns={["Name", "Memory", "On", "Context", "Until"]}>
        {running.value.map((model) => (
          <LoadedRow key={model.name} model={model} />
        ))}
      </Table>
    </section>
  );
}

function LoadedRow({ model }: { model: RunningModel }) {
  const gpu = model.size === 0 ? 0 : Math.round((model.size_vram / model.size) * 100);
  return (
    <tr>
      <th scope="row">{model.name}</th>
      <td>{formatBytes(model.size)}</td>
      <td>{gpu === 0 ? "CPU" : gpu === 100 ? "GPU" : `${gpu} % GPU`}</td>
      <td>{model.context_length}</td>
      <td>{relativeTime(Date.parse(model.expires_at), Date.now())}</td>
      <td class="actions">
        <button type="button" onClick={() => void attempt(() => unload(model.name))}>
          Unload
        </button>
      </td>
    </tr>
  );
}

function Installed() {
  const models = installed.value;
  return (
    <section aria-labelledby="installed-title">
      <h2 id="installed-title">Installed</h2>
      {models.length === 0 ? (
        <p>There is no model yet. Pull one above: llama3.2 is a good start.</p>
      ) : (
        <Table
          buttons
          title="installed-title"
          columns={["Name", "Family", "Parameters", "Size", "Can", "Changed"]}
        >
          {models.map((model) => (
            <InstalledRow key={model.name} model={model} />
          ))}
        </Table>
      )}
    </section>
  );
}

function InstalledRow({ model }: { model: ListedModel }) {
  const { family, parameter_size: parameters, quantization_level: quantization } = model.details;
  return (
    <tr>
      <th scope="row">{model.name}</th>
      <td>{family}</td>
      <td>
        {parameters} {quantization}
      </td>
      <td>{formatBytes(model.size)}</td>
      <td>
        {model.capabilities?.map((capability) => (
          <span key={capability} class="tag">
            {capability}
          </span>
        ))}
      </td>
      <td>{relativeTime(Date.parse(model.modified_at), Date.now())}</td>
      <td class="actions">
        <button
          type="button"
          aria-label={`Details of ${model.name}`}
          onClick={() => void showDetails(model.name)}
        >
          Details
        </button>{" "}
        <IconButton icon="remove" name={`Delete ${model.name}`} onClick={() => (doomed.value = model.name)} />
      </td>
    </tr>
  );
}

function DeleteDialog() {
  const name = doomed.value;
  const close = () => (doomed.value = undefined);
  const remove = () => {
    close();
    if (name !== undefined) void attempt(() => removeModel(name));
  };
  return (
    <Dialog title="Delete this model?" open={name !== undefined} onClose={close}>
      <p>
        <strong>{name}</strong> and the files that no other model needs will be removed.
      </p>
      <div class="buttons">
        <button type="button" onClick={close}>
          Keep it
        </button>
        <button type="button" class="danger" onClick={remove}>
          Delete
        </button>
      </div>
    </Dialog>
  );
}

async function attempt(action: () => Promise<void>): Promise<void> {
  try {
    failure.value = "";
    await action();
    await refresh();
  } catch (error) {
    failure.value = explain(error);
  }
}

const unload = async (model: string): Promise<void> =>
  void unwrap(await server().api.generate.post({ model, keep_alive: 0, stream: false }));

const removeModel = async (model: string): Promise<void> =>
  void unwrap(await server().api.delete.delete({ model }));
