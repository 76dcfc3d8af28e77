import type { ListenConfig } from "../../src/http/listen.ts";

/** A free port of 127.0.0.1, by http. @param more what is different. */
export const listenConfig = ({
  host,
  ...more
}: Partial<Omit<ListenConfig, "host">> & { host?: Partial<ListenConfig["host"]> } = {}): ListenConfig => ({
  tlsCert: "",
  tlsKey: "",
  socketMode: 0o600,
  ...more,
  host: { scheme: "http", hostname: "127.0.0.1", port: 0, path: "", ...host },
});
