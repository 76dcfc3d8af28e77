interface Route {
  method: string;
  path: string;
}

/** What to answer where no route matches. */
export type Miss =
  | { type: "not_found" }
  | { type: "method_not_allowed"; methods: string[] }
  | { type: "redirect"; status: 301 | 307; path: string };

/** `/api/blobs/:digest` as an expression; a parameter is one segment, `*` the rest. */
function expressionOf(path: string): RegExp {
  const escaped = path.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replace(/:[^/]+/g, "[^/]+").replace(/\*/g, ".*")}$`);
}

/** The routes that there are, for the answers to requests that match none. */
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

  /** Methods of `path`; none when there is no such path. */
  methods(path: string): string[] {
    return [...new Set(this.#of(path).map(({ method }) => method))];
  }

  /** The path as the route that answers was registered with it, e.g. `/api/blobs/:digest`; undefined where none does. */
  find(method: string, path: string): string | undefined {
    return this.#of(path).find((route) => route.method === method)?.path;
  }

  /** A path of its own is not what a parameter may be as well. */
  #of(path: string) {
    const own = this.#routes.filter((route) => route.path === path);
    return own.length > 0 ? own : this.#routes.filter(({ matches }) => matches.test(path));
  }

  /** Ollama's router: a slash at the end too many or too few is corrected, then the method is blamed, then the path. */
  miss(method: string, path: string): Miss {
    const other = path.endsWith("/") ? path.slice(0, -1) : `${path}/`;
    if (path !== "/" && this.methods(other).includes(method)) {
      return { type: "redirect", status: method === "GET" ? 301 : 307, path: other };
    }
    const methods = this.methods(path);
    return methods.length > 0 ? { type: "method_not_allowed", methods } : { type: "not_found" };
  }
}
