import { treaty } from "@elysiajs/eden";
import type { App } from "@llamero/client/eden";

/** Eden itself, with the types of the package. */
export async function version(host: string): Promise<string | undefined> {
  const server = treaty<App>(host, { parseDate: false });
  const { data } = await server.api.version.get();
  // @ts-expect-error a model's name is a text
  await server.api.show.post({ model: 5 });
  return data?.version satisfies string | undefined;
}
