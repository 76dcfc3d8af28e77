/** A span as OTLP's JSON has it, with its attributes as an object. */
export interface CollectedSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  status: { code: number; message?: string };
  events: { name: string; timeUnixNano: string }[];
  attributes: Record<string, unknown>;
  /** Of what sent it. */
  resource: Record<string, unknown>;
}

/** A collector of traces by OTLP over HTTP, on loopback. */
export interface Collector extends Disposable {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string;
  readonly spans: CollectedSpan[];
  /** The paths that were posted to. */
  readonly paths: string[];
}

interface Attribute {
  key: string;
  value: Record<string, unknown>;
}

type RawSpan = Omit<CollectedSpan, "attributes" | "resource"> & { attributes: Attribute[] };

interface Posted {
  resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { spans: RawSpan[] }[] }[];
}

/** An attribute's value; an array as OTLP has it. */
const contentOf = ({ value }: Attribute): unknown => Object.values(value)[0];

const objectOf = (attributes: Attribute[]): Record<string, unknown> =>
  Object.fromEntries(attributes.map((attribute) => [attribute.key, contentOf(attribute)]));

export function startCollector(): Collector {
  const spans: CollectedSpan[] = [];
  const paths: string[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      paths.push(new URL(request.url).pathname);
      const { resourceSpans } = (await request.json()) as Posted;
      for (const { resource, scopeSpans } of resourceSpans) {
        for (const span of scopeSpans.flatMap((scope) => scope.spans)) {
          const [attributes, sender] = [objectOf(span.attributes), objectOf(resource.attributes)];
          spans.push({ ...span, attributes, resource: sender });
        }
      }
      return Response.json({});
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    spans,
    paths,
    [Symbol.dispose]: () => void server.stop(true),
  };
}
