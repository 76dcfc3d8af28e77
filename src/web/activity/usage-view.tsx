import { signal } from "@preact/signals";
import { unwrap } from "../../client/index.ts";
import { usePoll } from "../parts/poll.ts";
import { explain, server } from "../server.ts";
import { Plot } from "./plot.tsx";
import { type Charts, chartsOf, RANGES } from "./usage.ts";

const POLL_MS = 10_000;
const range = signal(RANGES[0]);
const shown = signal<Charts | undefined>(undefined);
const failure = signal("");

/** How much the models were used, from the server's books. */
export function UsageView() {
  usePoll(look, POLL_MS);
  return (
    <section aria-labelledby="usage-title">
      <h2 id="usage-title">Usage</h2>
      <div class="buttons start">
        {RANGES.map((each) => (
          <button
            key={each.label}
            type="button"
            aria-pressed={each === range.value}
            onClick={() => {
              range.value = each;
              void look();
            }}
          >
            {each.label}
          </button>
        ))}
      </div>
      {failure.value && <p role="alert">{failure.value}</p>}
      {shown.value && (
        <div class="plots">
          {shown.value.charts.map((chart) => (
            <Plot key={chart.title} chart={chart} times={shown.value?.times ?? []} />
          ))}
        </div>
      )}
    </section>
  );
}

async function look(): Promise<void> {
  const wanted = range.value;
  try {
    const { usage } = unwrap(await server().api.usage.get({ query: { bucket: wanted.bucket } }));
    if (wanted !== range.value) return;
    shown.value = chartsOf(usage, wanted, Date.now());
    failure.value = "";
  } catch (error) {
    failure.value = explain(error);
  }
}
