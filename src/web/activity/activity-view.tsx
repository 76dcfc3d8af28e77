import { formatBytes } from "../../lib/humanize.ts";
import { refresh, running, trouble } from "../models/state.ts";
import { usePoll } from "../parts/poll.ts";

const POLL_MS = 1000;

/** What the server is at. */
export function ActivityView() {
  usePoll(refresh, POLL_MS);
  return (
    <main class="panel">
      <h1>Activity</h1>
      {trouble.value && <p role="alert">{trouble.value}</p>}
      <section aria-labelledby="loaded-now">
        <h2 id="loaded-now">Loaded models</h2>
        {running.value.length === 0 && <p>No model is loaded.</p>}
        <ul class="plain">
          {running.value.map(({ name, size, context_length: context }) => (
            <li key={name}>
              <strong>{name}</strong> {formatBytes(size)}, {context} tokens of context a slot
            </li>
          ))}
        </ul>
      </section>
    </main>
  );
}
