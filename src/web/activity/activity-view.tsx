import { signal } from "@preact/signals";
import { type QueuedRequest, type RunningModel, unwrap } from "../../client/index.ts";
import { formatBytes } from "../../lib/humanize.ts";
import { refresh, running, trouble } from "../models/state.ts";
import { usePoll } from "../parts/poll.ts";
import { Table } from "../parts/table.tsx";
import { explain, server } from "../server.ts";
import { UsageView } from "./usage-view.tsx";

const POLL_MS = 1000;
const queue = signal<readonly QueuedRequest[]>([]);

/** The server's activity: the slots of each loaded model, the requests that wait, and how much the models were used. */
export function ActivityView() {
  usePoll(look, POLL_MS);
  return (
    <main class="panel">
      <h1>Activity</h1>
      {trouble.value && <p role="alert">{trouble.value}</p>}
      <Slots />
      <Queue />
      <UsageView />
    </main>
  );
}

async function look(): Promise<void> {
  await refresh();
  if (trouble.value) return;
  try {
    queue.value = unwrap(await server().api.queue.get()).queued;
  } catch (error) {
    trouble.value = explain(error);
  }
}

function Slots() {
  return (
    <section aria-labelledby="slots-title">
      <h2 id="slots-title">Slots</h2>
      {running.value.length === 0 ? (
        <p>No model is loaded.</p>
      ) : (
        <Table
          title="slots-title"
          columns={["Model", "Answering", "Waiting", "Memory", "Context", "Prompt cache"]}
        >
          {running.value.map((model) => (
            <SlotsRow key={model.name} model={model} />
          ))}
        </Table>
      )}
    </section>
  );
}

function SlotsRow({ model }: { model: RunningModel }) {
  const { name, slots, active = 0, queued = 0, size, context_length: context, cache } = model;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>
        {slots === undefined ? (
          "loading"
        ) : (
          <>
            {active} of {slots}{" "}
            <meter class="short" aria-label={`Slots of ${name} in use`} min={0} max={slots} value={active} />
          </>
        )}
      </td>
      <td>{queued}</td>
      <td>{formatBytes(size)}</td>
      <td>{context}</td>
      <td>{cache && `${formatBytes(cache.memory)} in memory, ${formatBytes(cache.disk)} on disk`}</td>
    </tr>
  );
}

const WAITS_FOR = { slot: "a free slot", load: "its model to load", room: "memory for its model" };

function Queue() {
  return (
    <section aria-labelledby="queue-title">
      <h2 id="queue-title">Queue</h2>
      {queue.value.length === 0 ? (
        <p>No request waits.</p>
      ) : (
        <Table title="queue-title" columns={["Model", "Waits for", "Seconds", "Kind"]}>
          {queue.value.map(({ position, model, waits_for: waitsFor, waiting_ms: ms, batch, yours }) => (
            <tr key={position}>
              <th scope="row">{model}</th>
              <td>{WAITS_FOR[waitsFor]}</td>
              <td>{(ms / 1000).toFixed(1)}</td>
              <td>
                {batch ? "batch" : "interactive"}
                {yours && ", yours"}
              </td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}
