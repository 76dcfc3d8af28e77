/** Styles, which the bundler takes out of the code. */
declare module "*.css";

/** Bun's, in the server's code, which the client's types lead to. */
interface Worker {
  unref(): void;
}
