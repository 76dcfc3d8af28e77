import { type SQL, sql } from "drizzle-orm";
import { gguf } from "./schema.ts";

/** SQL: the GGUF's metadata names the tokens around a gap in a text, under llama.cpp's present or former keys. */
export const fillsMiddle = (): SQL<boolean> => {
  const names = (...keys: string[]) =>
    sql.join(
      keys.map((key) => sql`${gguf.metadata} ->> ${`$."tokenizer.ggml.${key}_token_id"`} is not null`),
      sql` and `,
    );
  return sql<boolean>`((${names("fim_pre", "fim_suf", "fim_mid")}) or (${names("prefix", "suffix", "middle")}))`.mapWith(
    Boolean,
  );
};

/** `LLAMA_POOLING_TYPE_RANK` */
const RANK = 4;

/**
 * SQL: the GGUF has a ranking head (llama.cpp's names of its tensors), and no pooling that would give an embedding instead. Most files
 * with a head name no pooling at all.
 */
export const ranks = (): SQL<boolean> => {
  const has = (tensor: string) => sql`instr(${gguf.tensors}, ${`["${tensor}",`}) > 0`;
  // A case is evaluated in order, so the tensors of an embedding model are not read.
  return sql<boolean>`(case when coalesce(${gguf.poolingType}, ${RANK}) = ${RANK}
    then ${has("cls.weight")} or ${has("cls.output.weight")} else 0 end)`.mapWith(Boolean);
};
