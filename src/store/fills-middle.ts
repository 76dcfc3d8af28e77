import { type SQL, sql } from "drizzle-orm";
import { gguf } from "./schema.ts";

/** Its metadata names the tokens around a gap in a text, under llama.cpp's keys of today or of before. */
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
