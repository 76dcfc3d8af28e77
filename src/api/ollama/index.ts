import { Elysia } from "elysia";
import { blobsRoute } from "./blobs.ts";
import { chatRoute } from "./chat.ts";
import { copyRoute } from "./copy.ts";
import { createRoute } from "./create.ts";
import { deleteRoute } from "./delete.ts";
import type { OllamaDeps } from "./deps.ts";
import { embedRoute } from "./embed.ts";
import { embeddingsRoute } from "./embeddings.ts";
import { generateRoute } from "./generate.ts";
import { psRoute } from "./ps.ts";
import { pullRoute } from "./pull.ts";
import { pushRoute } from "./push.ts";
import { showRoute } from "./show.ts";
import { tagsRoute } from "./tags.ts";
import { versionRoute } from "./version.ts";

/** The native API (docs/behaviour: api-native). */
export const ollamaApi = (deps: OllamaDeps) =>
  new Elysia({ name: "ollama" })
    .use(versionRoute(deps))
    .use(generateRoute(deps))
    .use(chatRoute(deps))
    .use(embedRoute(deps))
    .use(embeddingsRoute(deps))
    .use(tagsRoute(deps))
    .use(psRoute(deps))
    .use(showRoute(deps))
    .use(createRoute(deps))
    .use(pullRoute(deps))
    .use(pushRoute(deps))
    .use(copyRoute(deps))
    .use(deleteRoute(deps))
    .use(blobsRoute(deps));
