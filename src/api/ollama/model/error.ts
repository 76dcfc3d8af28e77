export { ErrorReply } from "../../wire/error-reply.ts";
