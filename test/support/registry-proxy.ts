/** Stands before a registry and counts what passes. */
export interface RegistryProxy extends Disposable {
  /** `127.0.0.1:<port>` */
  readonly host: string;
  /** Requests that passed, with the bytes of their bodies. */
  readonly passed: { method: string; url: string; bytes: number; status: number }[];
  /** Asked before each request passes; those for which it says true never arrive, nor are they answered. */
  holds: (method: string, nth: number) => boolean;
}

/** @param target `host:port` of the registry. */
export function startRegistryProxy(target: string): RegistryProxy {
  const counts = new Map<string, number>();
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      const { method, headers, body } = request;
      const nth = counts.get(method) ?? 0;
      counts.set(method, nth + 1);
      if (proxy.holds(method, nth)) await new Promise(() => {});
      const response = await fetch(`http://${target}${pathname}${search}`, {
        method,
        headers,
        ...(body !== null && { body }),
        redirect: "manual",
      });
      const bytes = Number(headers.get("content-length") ?? 0);
      proxy.passed.push({ method, url: pathname + search, bytes, status: response.status });
      return response;
    },
  });
  const proxy: RegistryProxy = {
    host: `127.0.0.1:${server.port}`,
    passed: [],
    holds: () => false,
    [Symbol.dispose]: () => void server.stop(true),
  };
  return proxy;
}
