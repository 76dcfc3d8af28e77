import type { ShowReply } from "../../client/index.ts";
import { formatParameterCount } from "../../lib/humanize.ts";
import { renderRows } from "../table.ts";
import { wrapWords } from "./wrap-words.ts";

type Row = string[];
type Info = Record<string, unknown>;

const NARROW = 30;
const WIDE = 100;
const HEAD_LINES = 2;

/** The default output of `show`: a titled section for each kind of fact, a blank line after each (docs/behaviour: cli §4). */
export function showLayout(report: ShowReply, verbose: boolean): string {
  const { model_info: info = {}, projector_info: projector, tensors = [] } = report;
  return [
    section("Model", modelRows(report), NARROW),
    section(
      "Capabilities",
      (report.capabilities ?? []).map((capability) => [capability]),
      NARROW,
    ),
    section("Projector", projector === undefined ? [] : projectorRows(projector), NARROW),
    section("Parameters", parameterRows(report.parameters ?? ""), NARROW),
    section("Metadata", verbose ? metadataRows(info) : [], NARROW),
    section("Tensors", verbose ? tensors.map(tensorRow) : [], NARROW),
    section("System", headRows(report.system ?? ""), WIDE),
    section("License", headRows(report.license ?? ""), WIDE),
  ].join("");
}

function section(title: string, rows: readonly Row[], width: number): string {
  if (rows.length === 0) return "";
  const lines = rows.flatMap((row) => wrapRow(row, width)).map((row) => ["", ...row]);
  return `  ${title}\n${renderRows(lines)}\n`;
}

/** One row as several when a cell is wider than `width`; the other cells are empty from the second on. */
function wrapRow(row: Row, width: number): Row[] {
  const cells = row.map((cell) => wrapWords(cell, width));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) => cells.map((lines) => lines[line] ?? ""));
}

function modelRows(report: ShowReply): Row[] {
  const { details, model_info: info = {} } = report;
  const architecture = text(info["general.architecture"]) ?? details.family;
  return [
    ...optional("Remote model", report.remote_model),
    ...optional("Remote URL", report.remote_host),
    ["architecture", architecture],
    ["parameters", details.parameter_size || parameterCount(info) || ""],
    ...optional("context length", text(info[`${architecture}.context_length`])),
    ...optional("embedding length", text(info[`${architecture}.embedding_length`])),
    ["quantization", details.quantization_level],
    ...optional("renderer", report.renderer),
    ...optional("parser", report.parser),
    ...optional("requires", report.requires),
  ];
}

function projectorRows(info: Info): Row[] {
  const architecture = text(info["general.architecture"]) ?? "";
  return [
    ["architecture", architecture],
    ...optional("parameters", parameterCount(info)),
    ...optional("embedding length", text(info[`${architecture}.vision.embedding_length`])),
    ...optional("dimensions", text(info[`${architecture}.vision.projection_dim`])),
  ];
}

/** Each line's name and value; the value stays quoted, blanks inside it included. */
function parameterRows(parameters: string): Row[] {
  return parameters
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [, name = "", value = ""] = /^\s*(\S+)\s*(.*?)\s*$/.exec(line) ?? [];
      return [name, value];
    });
}

function metadataRows(info: Info): Row[] {
  return Object.keys(info)
    .sort()
    .map((key) => [key, metadataText(info[key])]);
}

function tensorRow({ name, type, shape }: { name: string; type: string; shape: number[] }): Row {
  return [name, type, `[${shape.join(" ")}]`];
}

/** The first lines of a long text that are not blank. */
function headRows(body: string): Row[] {
  const lines = body
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const rows = lines.slice(0, HEAD_LINES).map((line) => [line]);
  return lines.length > HEAD_LINES ? [...rows, ["..."]] : rows;
}

function optional(name: string, value: string | undefined): Row[] {
  return value === undefined || value === "" ? [] : [[name, value]];
}

function parameterCount(info: Info): string | undefined {
  const count = info["general.parameter_count"];
  return typeof count === "number" ? formatParameterCount(count) : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

/** Columns that an abbreviated array may take before its `...`. */
const ARRAY_COLUMNS = 10;

/**
 * One value of a GGUF header as `show --verbose` prints it: arrays in Go's notation, cut to about ten columns as in
 * `[1 2 3 ...+98 more]`; null as `<nil>`. Numbers keep all their digits, where Ollama switches to exponents at a million.
 */
export function metadataText(value: unknown): string {
  if (value === null || value === undefined) return "<nil>";
  if (Array.isArray(value)) return arrayText(value.map(String));
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function arrayText(items: readonly string[]): string {
  let shown = 0;
  for (let columns = 1; shown < items.length; shown++) {
    columns += Bun.stringWidth(items[shown] ?? "") + (shown === 0 ? 0 : 2);
    if (columns > ARRAY_COLUMNS && shown > 0) break;
  }
  const head = items.slice(0, shown).join(" ");
  return shown < items.length ? `[${head} ...+${items.length - shown} more]` : `[${head}]`;
}
