/** The parts of Swagger UI that the page uses; the package has no types. */

interface SwaggerSystem {
  layoutActions: { parseDeepLinkHash(hash: string): void };
}

type SwaggerComponent<Props> = (props: Props) => unknown;

/** The React that it brings. */
interface SwaggerReact {
  createElement(component: unknown, props: object, ...children: unknown[]): unknown;
}

interface SwaggerPlugin {
  fn?: Record<string, unknown>;
  wrapComponents?: Record<
    string,
    (original: unknown, system: { React: SwaggerReact }) => SwaggerComponent<never>
  >;
}

interface SwaggerRequest {
  headers: Record<string, string>;
}

interface SwaggerOptions {
  spec: object;
  dom_id: string;
  deepLinking: boolean;
  filter: boolean;
  persistAuthorization: boolean;
  /** Where a document may be checked; null asks nobody. */
  validatorUrl: null;
  /** Of its themes the one whose colours can all be read. */
  syntaxHighlight: { theme: "obsidian" };
  requestInterceptor(request: SwaggerRequest): SwaggerRequest;
  plugins: readonly (() => SwaggerPlugin)[];
}

declare function SwaggerUIBundle(options: SwaggerOptions): { getSystem(): SwaggerSystem };
