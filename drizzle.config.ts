import { defineConfig } from "drizzle-kit";

/** For `bunx drizzle-kit generate` only; the server applies the migrations itself when it opens the store. */
export default defineConfig({
  dialect: "sqlite",
  schema: "./src/store/schema.ts",
  out: "./drizzle",
});
