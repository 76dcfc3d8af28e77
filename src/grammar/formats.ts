/** A date that exists: 29 February only in leap years. */
const DATE = [
  String.raw`\d{4}-(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])`,
  String.raw`\d{4}-(?:0[469]|11)-(?:0[1-9]|[12]\d|30)`,
  String.raw`\d{4}-02-(?:0[1-9]|1\d|2[0-8])`,
  String.raw`(?:\d\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29`,
].join("|");

/** RFC 3339 without leap seconds; at most nine digits of a second, so that a model cannot go on with digits for ever. */
const CLOCK = String.raw`(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?`;
const TIME = String.raw`${CLOCK}(?:Z|[+\-](?:[01]\d|2[0-3]):[0-5]\d)`;

/** RFC 3339, appendix A: units in order and without gaps. */
const N = String.raw`\d{1,9}`;
const DURATION_TIME = `T(?:${N}H(?:${N}M(?:${N}S)?)?|${N}M(?:${N}S)?|${N}S)`;
const DURATION_DATE = `(?:${N}Y(?:${N}M(?:${N}D)?)?|${N}M(?:${N}D)?|${N}D)`;
const DURATION = `P(?:${DURATION_DATE}(?:${DURATION_TIME})?|${DURATION_TIME}|${N}W)`;

const OCTET = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`;
const IPV4 = String.raw`(?:${OCTET}\.){3}${OCTET}`;

/** RFC 4291 section 2.2: eight groups, one run of them may be `::`, the last two may be an IPv4 address. */
const GROUP = "[0-9a-fA-F]{1,4}";
const LAST_TWO = `(?:${GROUP}:${GROUP}|${IPV4})`;
const IPV6 = [
  `(?:${GROUP}:){6}${LAST_TWO}`,
  `::(?:${GROUP}:){5}${LAST_TWO}`,
  ...[4, 3, 2, 1, 0].map(
    (after) => `(?:(?:${GROUP}:){0,${4 - after}}${GROUP})?::(?:${GROUP}:){${after}}${LAST_TWO}`,
  ),
  `(?:(?:${GROUP}:){0,5}${GROUP})?::${GROUP}`,
  `(?:(?:${GROUP}:){0,6}${GROUP})?::`,
].join("|");

/** RFC 1123. Names of no more characters than one label may have keep all the limits on lengths. */
const LABEL = "[a-zA-Z0-9]+(?:-+[a-zA-Z0-9]+)*";
const HOSTNAME = String.raw`${LABEL}(?:\.${LABEL})*`;
const MAX_HOSTNAME = 63;

/** The dot-atom form of RFC 5322 with a domain of at least two labels; no quoted local parts, no address literals. */
const ATOM = "[a-zA-Z0-9!#$%&'*+/=?^_`{|}~\\-]+";
const EMAIL = String.raw`${ATOM}(?:\.${ATOM})*@${LABEL}(?:\.${LABEL})+`;
const MAX_EMAIL = 64;

/** RFC 3986 with a scheme; hosts are names or IPv4 addresses. */
const ENCODED = "%[0-9A-Fa-f]{2}";
const NAME_CHARACTER = `(?:[A-Za-z0-9\\-._~!$&'()*+,;=]|${ENCODED})`;
const PATH_CHARACTER = `(?:[A-Za-z0-9\\-._~!$&'()*+,;=:@]|${ENCODED})`;
const QUERY = `(?:[A-Za-z0-9\\-._~!$&'()*+,;=:@/?]|${ENCODED})*`;
const AUTHORITY = String.raw`(?:(?:${NAME_CHARACTER}|:)*@)?${NAME_CHARACTER}*(?::\d{0,5})?`;
const HIERARCHY = [
  `//${AUTHORITY}(?:/${PATH_CHARACTER}*)*`,
  `/(?:${PATH_CHARACTER}+(?:/${PATH_CHARACTER}*)*)?`,
  `${PATH_CHARACTER}+(?:/${PATH_CHARACTER}*)*`,
].join("|");
const URI = String.raw`[A-Za-z][A-Za-z0-9+\-.]*:(?:${HIERARCHY})(?:\?${QUERY})?(?:#${QUERY})?`;

const HEX = "[0-9a-fA-F]";

/**
 * The formats of strings that a grammar can hold a model to, as patterns for the whole string. Every accepted text is valid;
 * where the standard allows more (quoted e-mail addresses, longer host names) the pattern allows less.
 */
const STRING_FORMATS: Record<string, string> = {
  date: DATE,
  time: TIME,
  "date-time": `(?:${DATE})T${TIME}`,
  duration: DURATION,
  uuid: `${HEX}{8}-${HEX}{4}-${HEX}{4}-${HEX}{4}-${HEX}{12}`,
  ipv4: IPV4,
  ipv6: IPV6,
  hostname: HOSTNAME,
  email: EMAIL,
  uri: URI,
};

/** Where the standard limits the length of parts, which would make the pattern many times larger. */
const MAX_LENGTHS = new Map([
  ["hostname", MAX_HOSTNAME],
  ["email", MAX_EMAIL],
]);

/** A format of strings as a pattern with a limit on its length; undefined for one that is not enforced. */
export function stringFormat(format: string): { pattern: string; maxLength: number } | undefined {
  const pattern = Object.hasOwn(STRING_FORMATS, format) ? STRING_FORMATS[format] : undefined;
  if (pattern === undefined) return undefined;
  return { pattern: `^(?:${pattern})$`, maxLength: MAX_LENGTHS.get(format) ?? Number.POSITIVE_INFINITY };
}

/** OpenAPI's and schemars' formats of numbers as inclusive bounds; every double and 64-bit integer is within ours already. */
const NUMBER_FORMATS: Record<string, readonly [min: number, max: number]> = {
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32_768, 32_767],
  uint16: [0, 65_535],
  int32: [-2_147_483_648, 2_147_483_647],
  uint32: [0, 4_294_967_295],
  int64: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  uint64: [0, Number.POSITIVE_INFINITY],
  double: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  float: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
};

export const numberFormat = (format: string): readonly [min: number, max: number] | undefined =>
  Object.hasOwn(NUMBER_FORMATS, format) ? NUMBER_FORMATS[format] : undefined;
