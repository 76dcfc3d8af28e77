/** A request that passed, and its whole reply. */
export interface Passed {
  method: string;
  path: string;
  request: string;
  status: number;
  warning: string | null;
  reply: string;
}

/** What stands between an agent and a server, and writes down what passes. */
export interface Recorder extends Disposable {
  /** `127.0.0.1:<port>` */
  readonly host: string;
  readonly passed: readonly Passed[];
}

/** @param url of the server. */
export function startRecorder(url: string): Recorder {
  const passed: Passed[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      const body = await request.text();
      const answered = await fetch(`${url}${pathname}${search}`, {
        method: request.method,
        headers: request.headers,
        ...(body !== "" && { body }),
      });
      const entry: Passed = {
        ...{ method: request.method, path: pathname, request: body, status: answered.status },
        ...{ warning: answered.headers.get("warning"), reply: "" },
      };
      passed.push(entry);
      const headers = new Headers(answered.headers);
      headers.delete("content-length");
      return new Response(answered.body?.pipeThrough(writtenDown(entry)) ?? null, {
        status: answered.status,
        headers,
      });
    },
  });
  return {
    host: `127.0.0.1:${server.port}`,
    passed,
    [Symbol.dispose]: () => void server.stop(true),
  };
}

function writtenDown(entry: Passed): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder();
  return new TransformStream({
    transform(chunk, controller) {
      entry.reply += decoder.decode(chunk, { stream: true });
      controller.enqueue(chunk);
    },
  });
}
