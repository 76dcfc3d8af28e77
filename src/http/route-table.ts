import { defined } from "../lib/defined.ts";

interface Route {
  method: string;
  path: string;
}

/** The answer where no route matches. */
export type Miss = { type: "not_found"; hint?: string } | { type: "method_not_allowed"; methods: string[] };

/** `/api/blobs/:digest` as an expression; a parameter is one segment, `*` the rest. */
function expressionOf(path: string): RegExp {
  const escaped = path.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replace(/:[^/]+/g, "[^/]+").replace(/\*/g, ".*")}$`);
}

/** All routes, for the answers to requests that match none. */
export class RouteTable {
  readonly #routes: { method: string; path: string; matches: RegExp }[] = [];

  add(routes: readonly Route[]): void {
    for (const { method, path } of routes) {
      const matches = expressionOf(path);
      this.#routes.push({ method, path, matches });
      // Elysia answers HEAD wherever there is a GET.
      if (method === "GET") this.#routes.push({ method: "HEAD", path, matches });
    }
  }

  has(path: string): boolean {
    return this.#of(path).length > 0;
  }

  /** Methods of `path`; none when there is no such path. */
  methods(path: string): string[] {
    return [...new Set(this.#of(path).map(({ method }) => method))];
  }

  /** The path as the route that answers was registered with it, e.g. `/api/blobs/:digest`; undefined where none does. */
  find(method: string, path: string): string | undefined {
    return this.#of(path).find((route) => route.method === method)?.path;
  }

  /** The routes of a path: those registered for exactly this path, else those with a parameter that it fits. */
  #of(path: string) {
    const own = this.#routes.filter((route) => route.path === path);
    return own.length > 0 ? own : this.#routes.filter(({ matches }) => matches.test(path));
  }

  /** The answer to a request that matches no route: about its method if the path exists, else about its path, with a hint at a wrong base URL. */
  miss(method: string, path: string): Miss {
    const methods = this.methods(path);
    if (methods.length > 0) return { type: "method_not_allowed", methods };
    const meant = this.#meant(method, path);
    return { type: "not_found", ...defined({ hint: meant }) };
  }

  /** The right path where a client's base URL lacks `/v1`, has it twice, or has it in front of the native API. */
  #meant(method: string, path: string): string | undefined {
    const guesses = [
      `/v1${path}`,
      path.replace(/^\/v1(?=\/v1\/|\/api\/)/, ""),
      path.replace(/^\/api(?=\/v1\/|\/api\/)/, ""),
    ];
    return guesses.find((guess) => guess !== path && this.find(method, guess) !== undefined);
  }
}
