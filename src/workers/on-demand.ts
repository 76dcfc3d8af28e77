import type { Work, Workers } from "./work.ts";

/**
 * Work whose jobs are loaded with the first of them: they are a third of the program, and a server that only waits does not hold them
 * in memory.
 */
export function workOnDemand(workers: Workers): Work {
  let work: Promise<Work> | undefined;
  const loaded = () => {
    work ??= import("./work.ts").then(({ createWork }) => createWork(workers));
    return work;
  };
  return { run: async (name, input, budget) => (await loaded()).run(name, input, budget) };
}
