/** Installs and removes a model of its own again and again, whose blob a rival process also uses. Arguments: directory, name, rounds. */
import { AppError } from "../../src/lib/errors.ts";
import { renderManifest } from "../../src/store/manifest.ts";
import { MEDIA } from "../../src/store/media-type.ts";
import { openStore } from "../../src/store/store.ts";
import { chunks, digestOf, nameOf } from "./store-fixture.ts";

const [directory = "", model = "", rounds = "0"] = process.argv.slice(2);
using store = openStore({ directory });
const layer = { digest: digestOf("contested"), size: 9 };
const manifest = renderManifest({
  config: { ...layer, mediaType: MEDIA.config },
  layers: [{ ...layer, mediaType: MEDIA.model }],
});
for (let round = 0; round < Number(rounds); round++) {
  await store.blobs.put(layer.digest, chunks("contested"));
  try {
    store.commit({ name: nameOf(model), manifest, staged: [], gguf: [], texts: [] });
  } catch (error) {
    // The rival removed its model, and the blob with it, in between: the one thing that may happen.
    if (!(error instanceof AppError && error.status === 400)) throw error;
  }
  if (round < Number(rounds) - 1) store.remove(nameOf(model));
}
