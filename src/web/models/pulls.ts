import { computed, signal } from "@preact/signals";
import { type KnownPull, unwrap } from "../../client/index.ts";
import { explain, server } from "../server.ts";
import { refresh } from "./state.ts";

/** A pull that this page has begun. */
export interface PagePull {
  model: string;
  status: string;
  completed: number;
  total: number;
  error?: string;
  abort: AbortController;
}

export const pagePulls = signal<readonly PagePull[]>([]);

/** Pulls that the server knows of. */
const known = signal<readonly KnownPull[]>([]);

/** Pulls that this page does not follow, and that are not over: begun elsewhere, or interrupted. */
export const otherPulls = computed(() =>
  known.value.filter(
    ({ model, state }) =>
      state !== "done" && !pagePulls.value.some((pull) => tagged(pull.model) === tagged(model)),
  ),
);

/** A model's name with its tag, which users may leave out. */
const tagged = (model: string): string => (/:[^/]*$/.test(model) ? model : `${model}:latest`);

/** Reads which there are. Who may not know of them sees none. */
export async function refreshPulls(): Promise<void> {
  const { data } = await server().api.pulls.get();
  known.value = data?.pulls ?? [];
}

/** Removes an interrupted pull with what has come of it. */
export async function forget(id: number): Promise<void> {
  unwrap(
    await server()
      .api.pulls({ id: String(id) })
      .delete(undefined),
  );
  await refreshPulls();
}

function update(model: string, change: Partial<PagePull>): void {
  pagePulls.value = pagePulls.value.map((pull) => (pull.model === model ? { ...pull, ...change } : pull));
}

export const dismiss = (model: string): void => {
  pagePulls.value = pagePulls.value.filter((pull) => pull.model !== model);
};

/** Pulls a model; leaving it pauses it, and the next pull of it goes on where it was. */
export async function pull(model: string): Promise<void> {
  if (pagePulls.value.some((each) => each.model === model && each.error === undefined)) return;
  dismiss(model);
  const abort = new AbortController();
  pagePulls.value = [...pagePulls.value, { model, status: "starting", completed: 0, total: 0, abort }];
  const layers = new Map<string, { completed: number; total: number }>();
  try {
    for await (const line of server().pull({ model }, { signal: abort.signal })) {
      if (line.digest) layers.set(line.digest, { completed: line.completed ?? 0, total: line.total ?? 0 });
      const all = [...layers.values()];
      const completed = all.reduce((sum, layer) => sum + layer.completed, 0);
      const total = all.reduce((sum, layer) => sum + layer.total, 0);
      update(model, { status: line.digest ? "downloading" : line.status, completed, total });
    }
    await Promise.all([refresh(), refreshPulls()]);
    dismiss(model);
  } catch (error) {
    if (abort.signal.aborted) dismiss(model);
    else update(model, { error: explain(error) });
  }
}
