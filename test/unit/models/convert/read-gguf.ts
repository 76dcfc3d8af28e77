import { GGMLQuantizationType, gguf } from "@huggingface/gguf";
import { decodeFloats, type FloatType } from "../../../../src/models/convert/dtype.ts";

/** A GGUF as another implementation reads it. */
export async function readWithOther(path: string) {
  const { tensorInfos, tensorDataOffset, ...parsed } = await gguf(path, { allowLocalFile: true });
  const metadata: Record<string, unknown> = Object.fromEntries(Object.entries(parsed.metadata));
  const values = async (name: string): Promise<number[]> => {
    const info = tensorInfos.find((candidate) => candidate.name === name);
    if (info === undefined) throw new Error(`no tensor ${name}`);
    const type = GGMLQuantizationType[info.dtype] as FloatType;
    const start = Number(tensorDataOffset + info.offset);
    const bytes = info.shape.reduce((product, side) => product * Number(side), type === "F32" ? 4 : 2);
    return [
      ...decodeFloats(
        type,
        await Bun.file(path)
          .slice(start, start + bytes)
          .bytes(),
      ),
    ];
  };
  const shapes = new Map(tensorInfos.map(({ name, shape }) => [name, shape.map(Number)]));
  const types = new Map(tensorInfos.map(({ name, dtype }) => [name, GGMLQuantizationType[dtype]]));
  return { metadata, shapes, types, values };
}
