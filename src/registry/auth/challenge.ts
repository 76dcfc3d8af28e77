/** The credentials that a `WWW-Authenticate` header asks for. */
export type Challenge =
  | { scheme: "basic" }
  | { scheme: "bearer"; realm: string; service: string; scopes: string[] };

/** Reads `Bearer realm="…",service="…",scope="…"` or `Basic …`; undefined for anything else. */
export function parseChallenge(header: string): Challenge | undefined {
  const [, scheme = "", rest = ""] = /^\s*([A-Za-z]+)\s*(.*)$/.exec(header) ?? [];
  if (scheme.toLowerCase() === "basic") return { scheme: "basic" };
  if (scheme.toLowerCase() !== "bearer") return undefined;
  const fields = new Map(
    [...rest.matchAll(/([A-Za-z_]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)].map(
      ([, key = "", quoted, bare]) => [key.toLowerCase(), quoted?.replace(/\\(.)/g, "$1") ?? bare ?? ""],
    ),
  );
  const realm = fields.get("realm");
  if (!realm) return undefined;
  const scopes = (fields.get("scope") ?? "").split(" ").filter((scope) => scope !== "");
  return { scheme: "bearer", realm, service: fields.get("service") ?? "", scopes };
}
