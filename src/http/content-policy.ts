/** Sources that a page may load besides the files of this server. */
interface Allowed {
  /** Scripts within the page, by their hashes. */
  scripts?: readonly string[];
  styles?: readonly string[];
  images?: readonly string[];
}

/** A Content-Security-Policy: the page loads from its own server alone, and no other page may put it into a frame. */
export function contentPolicy({ scripts = [], styles = [], images = [] }: Allowed): string {
  const own = (directive: string, more: readonly string[] = []) => [directive, "'self'", ...more].join(" ");
  return [
    "default-src 'none'",
    own("script-src", scripts),
    own("style-src", styles),
    own("img-src", images),
    own("font-src"),
    own("connect-src"),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}
