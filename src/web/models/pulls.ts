import { signal } from "@preact/signals";
import { explain, server } from "../server.ts";
import { refresh } from "./state.ts";

/** A pull that this page has begun. */
export interface PullState {
  model: string;
  status: string;
  completed: number;
  total: number;
  error?: string;
  abort: AbortController;
}

export const pulls = signal<readonly PullState[]>([]);

function update(model: string, change: Partial<PullState>): void {
  pulls.value = pulls.value.map((pull) => (pull.model === model ? { ...pull, ...change } : pull));
}

export const dismiss = (model: string): void => {
  pulls.value = pulls.value.filter((pull) => pull.model !== model);
};

/** Pulls a model; leaving it pauses it, and the next pull of it goes on where it was. */
export async function pull(model: string): Promise<void> {
  if (pulls.value.some((each) => each.model === model && each.error === undefined)) return;
  dismiss(model);
  const abort = new AbortController();
  pulls.value = [...pulls.value, { model, status: "starting", completed: 0, total: 0, abort }];
  const layers = new Map<string, { completed: number; total: number }>();
  try {
    for await (const line of server().pull({ model }, { signal: abort.signal })) {
      if (line.digest) layers.set(line.digest, { completed: line.completed ?? 0, total: line.total ?? 0 });
      const all = [...layers.values()];
      const completed = all.reduce((sum, layer) => sum + layer.completed, 0);
      const total = all.reduce((sum, layer) => sum + layer.total, 0);
      update(model, { status: line.digest ? "downloading" : line.status, completed, total });
    }
    dismiss(model);
    await refresh();
  } catch (error) {
    if (abort.signal.aborted) dismiss(model);
    else update(model, { error: explain(error) });
  }
}
