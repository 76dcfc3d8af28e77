/** The server's application, for Eden: `treaty<App>(url, { parseDate: false })`. */
export type { App } from "../http/routes/all.ts";
