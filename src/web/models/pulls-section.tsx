import { signal } from "@preact/signals";
import type { KnownPull } from "../../client/index.ts";
import { formatBytes } from "../../lib/humanize.ts";
import { explain } from "../server.ts";
import { dismiss, forget, otherPulls, type PagePull, pagePulls, pull } from "./pulls.ts";

const failure = signal("");

/** The form that begins a pull, and the progress of all pulls, begun by this page or by others. */
export function PullsSection() {
  const begin = (event: SubmitEvent) => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const model = String(new FormData(event.currentTarget).get("model") ?? "").trim();
    if (model !== "") void pull(model);
    event.currentTarget.reset();
  };
  return (
    <section aria-labelledby="pull-title">
      <h2 id="pull-title">Pull a model</h2>
      <form class="row" onSubmit={begin}>
        <label class="grow">
          <span class="hidden">Name of the model</span>
          <input
            name="model"
            placeholder="llama3.2, qwen3:8b, hf.co/user/repository:Q4_K_M"
            autocomplete="off"
          />
        </label>
        <button type="submit" class="primary">
          Pull
        </button>
      </form>
      {failure.value && <p role="alert">{failure.value}</p>}
      <ul class="pulls plain">
        {pagePulls.value.map((state) => (
          <PullRow key={state.model} state={state} />
        ))}
        {otherPulls.value.map((state) => (
          <OtherRow key={state.id} state={state} />
        ))}
      </ul>
    </section>
  );
}

function PullRow({ state }: { state: PagePull }) {
  const { model, status, completed, total, error, abort } = state;
  return (
    <li class="row">
      <span class="grow">
        <strong>{model}</strong> {error ?? status}
        {total > 0 && error === undefined && ` ${formatBytes(completed)} of ${formatBytes(total)}`}
        {error === undefined && (
          <progress aria-label={`Pull of ${model}`} {...(total > 0 && { value: completed, max: total })} />
        )}
      </span>
      {error === undefined ? (
        <button type="button" onClick={() => abort.abort()}>
          Pause
        </button>
      ) : (
        <>
          <button type="button" onClick={() => void pull(model)}>
            Try again
          </button>
          <button type="button" onClick={() => dismiss(model)}>
            Dismiss
          </button>
        </>
      )}
    </li>
  );
}

/** A pull that somebody else follows, or nobody. */
function OtherRow({ state: { id, model, state, completed, total, rate, error } }: { state: KnownPull }) {
  const remove = async () => {
    try {
      failure.value = "";
      await forget(id);
    } catch (thrown) {
      failure.value = explain(thrown);
    }
  };
  return (
    <li class="row">
      <span class="grow">
        <strong>{model}</strong> {state}
        {total > 0 && ` ${formatBytes(completed)} of ${formatBytes(total)}`}
        {state === "running" && rate > 0 && `, ${formatBytes(rate)}/s`}
        {error !== undefined && `: ${error}`}
        {total > 0 && <progress aria-label={`Pull of ${model}`} value={completed} max={total} />}
      </span>
      {state !== "running" && (
        <>
          <button type="button" onClick={() => void pull(model)}>
            Resume
          </button>
          <button type="button" onClick={() => void remove()}>
            Remove
          </button>
        </>
      )}
    </li>
  );
}
