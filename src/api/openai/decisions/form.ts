import { badRequest } from "../../../lib/errors.ts";
import { isRecord } from "../../../lib/is-record.ts";
import { RequestError } from "../request-error.ts";

/** Name of the part with the request's JSON. */
const REQUEST = "request";

type Form = Awaited<ReturnType<Response["formData"]>>;
type Part = NonNullable<ReturnType<Form["get"]>>;

const base64Of = async (part: Part): Promise<string> =>
  (typeof part === "string" ? Buffer.from(part) : Buffer.from(await part.arrayBuffer())).toString("base64");

/** An asset with the file of the part that it names. */
async function withFile(name: string, asset: unknown, form: Form): Promise<unknown> {
  if (!isRecord(asset) || typeof asset.part !== "string") return asset;
  const part = form.get(asset.part);
  if (part === null)
    throw new RequestError(
      `assets.${name}.part`,
      `assets.${name}: the form has no part ${JSON.stringify(asset.part)}`,
    );
  return { ...asset, data_base64: await base64Of(part) };
}

/**
 * A System One request that is a form, as typesafe-sdk sends those with images: JSON in the part `request`, and files in parts that its
 * `assets` name.
 *
 * @throws AppError `bad_request` for a form that lacks that part, or a part that `assets` name.
 */
export async function systemOneForm(form: Form, parse: (text: string) => unknown): Promise<unknown> {
  const part = form.get(REQUEST);
  if (part === null) throw badRequest(`the form has no part ${JSON.stringify(REQUEST)}`);
  const value = parse(typeof part === "string" ? part : await part.text());
  if (!isRecord(value) || !isRecord(value.assets)) return value;
  const assets = Object.entries(value.assets).map(async ([name, asset]) => [
    name,
    await withFile(name, asset, form),
  ]);
  return { ...value, assets: Object.fromEntries(await Promise.all(assets)) };
}
