import { FormatRegistry, type TSchema } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { isRecord } from "../../src/lib/is-record.ts";
import { documentedRoutes } from "./documented-routes.ts";
import { eventsIn } from "./sse.ts";
import { strictSchema } from "./strict-schema.ts";

/** Schemas of a route's replies, by status and media type. */
type Replies = Map<string, TSchema>;

interface DescribedRoute {
  method: string;
  matches: RegExp;
  replies: Replies;
}

function repliesOf(detail: unknown): Replies {
  const responses = isRecord(detail) && isRecord(detail.responses) ? detail.responses : {};
  const schemas = Object.entries(responses).flatMap(([status, response]) => {
    const content = isRecord(response) && isRecord(response.content) ? response.content : {};
    return Object.entries(content).map(([type, media]): [string, TSchema] => [
      `${status} ${type}`,
      strictSchema((media as { schema: TSchema }).schema),
    ]);
  });
  return new Map(schemas);
}

/** The values in a reply's body, each of which has to be what the schema says. */
function valuesIn(type: string, body: string): unknown[] {
  if (type === "application/json") return [JSON.parse(body)];
  if (type === "application/x-ndjson")
    return body
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  return eventsIn(body).filter((data) => data !== "[DONE]");
}

function check(schema: TSchema, value: unknown, where: string): void {
  const error = Value.Errors(schema, value).First();
  if (error === undefined) return;
  throw new Error(`${where}: ${error.path} ${error.message}, in ${JSON.stringify(value)}`);
}

let described: DescribedRoute[] | undefined;

const describedRoutes = (): DescribedRoute[] =>
  documentedRoutes().routes.map(({ method, path, hooks }) => ({
    method,
    matches: new RegExp(`^${path.replace(/:[^/]+/g, "[^/]+").replace("*", ".*")}$`),
    replies: repliesOf((hooks as { detail?: unknown }).detail),
  }));

/**
 * Holds a reply against what its route promises: its status, and the schema of its body, its lines or its events.
 *
 * An object is looked at whether the test reads it or not; a stream, which has to stay one, when it is read with `text()`.
 */
export async function checkedReply(request: Request, reply: Response): Promise<Response> {
  if (!FormatRegistry.Has("date-time"))
    throw new Error("no format of dates: their values would not be checked");
  described ??= describedRoutes();
  const { pathname } = new URL(request.url);
  const route = described.find(({ method, matches }) => method === request.method && matches.test(pathname));
  const [type = ""] = (reply.headers.get("content-type") ?? "").split(";");
  if (route === undefined || route.replies.size === 0 || type === "" || type === "text/plain") return reply;
  const where = `${request.method} ${pathname} ${reply.status} ${type}`;
  const schema = route.replies.get(`${reply.status} ${type}`);
  if (schema === undefined) throw new Error(`${where}: the route's document has no such reply`);
  const checkBody = (body: string): string => {
    for (const value of valuesIn(type, body)) check(schema, value, where);
    return body;
  };
  if (type === "application/json") {
    checkBody(await reply.clone().text());
    return reply;
  }
  const read = reply.text.bind(reply);
  return Object.assign(reply, { text: async () => checkBody(await read()) });
}
