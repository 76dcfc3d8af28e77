import { signal } from "@preact/signals";
import { type ListedModel, type RunningModel, unwrap } from "../../client/index.ts";
import { explain, server } from "../server.ts";

export const installed = signal<ListedModel[]>([]);
export const running = signal<RunningModel[]>([]);
/** False until the lists have been had once. */
export const listed = signal(false);
/** Why the lists could not be had; "" when they could. */
export const trouble = signal("");

/** Reads both lists. */
export async function refresh(): Promise<void> {
  try {
    const { api } = server();
    const [tags, ps] = await Promise.all([api.tags.get(), api.ps.get()]);
    installed.value = unwrap(tags).models;
    running.value = unwrap(ps).models;
    listed.value = true;
    trouble.value = "";
  } catch (error) {
    trouble.value = explain(error);
  }
}

const can = (capability: string) => (model: ListedModel) => model.capabilities?.includes(capability) === true;

/** Models that one can talk to. */
export const chatModels = (): ListedModel[] => installed.value.filter(can("completion"));
export const embeddingModels = (): ListedModel[] => installed.value.filter(can("embedding"));
export const modelOf = (name: string): ListedModel | undefined =>
  installed.value.find((model) => model.name === name);
