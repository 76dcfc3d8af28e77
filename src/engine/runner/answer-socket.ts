import { JsonLines } from "../../lib/json-lines.ts";
import type { GenerationMessage } from "../protocol.ts";

/**
 * Reads a runner's messages about its answers until the runner closes its side, or is gone.
 *
 * @param fd our end of the runner's `ANSWER_FD`; closed with the socket, since Bun does not close an fd that it was asked for.
 * @returns rejects when what arrives is not JSON, or cannot be read.
 */
export async function readGenerationMessages(
  fd: number,
  onMessage: (message: GenerationMessage) => void,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const lines = new JsonLines();
  const options: Bun.FdSocketOptions = {
    fd,
    socket: {
      data(socket, chunk) {
        try {
          // The program at the other end is ours and speaks the protocol; checking every token again would cost more than the rest.
          for (const message of lines.push(chunk)) onMessage(message as GenerationMessage);
        } catch (error) {
          reject(error);
          socket.end();
        }
      },
      error: (_, error) => reject(error),
      close: () => resolve(),
    },
  };
  // Bun's types have these options, and lack the overload of `connect` that takes them.
  await Bun.connect(options as Bun.SocketOptions as Bun.UnixSocketOptions);
  return promise;
}
