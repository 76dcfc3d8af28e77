import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { TextStream } from "../../../../native/runner/text-stream.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Everything that comes out for `chunks`, part by part. */
function feed(stops: string[], chunks: Uint8Array[]): { parts: string[]; stopped: boolean } {
  const stream = new TextStream(stops);
  const parts: string[] = [];
  for (const chunk of chunks) {
    const { text, stopped } = stream.push(chunk);
    parts.push(text);
    if (stopped) return { parts, stopped };
  }
  parts.push(stream.end());
  return { parts, stopped: false };
}

describe("TextStream", () => {
  test("a character split over tokens comes out whole", () => {
    const euro = bytes("€");
    expect(feed([], [euro.slice(0, 1), euro.slice(1, 2), euro.slice(2)]).parts).toEqual(["", "", "€", ""]);
  });

  test("an incomplete character at the end is dropped", () => {
    expect(feed([], [bytes("a"), bytes("€").slice(0, 2)]).parts.join("")).toBe("a");
  });

  test("a byte order mark is text like any other", () => {
    expect(feed([], [bytes("\ufeffa")]).parts.join("")).toBe("\ufeffa");
  });

  test("which stop string ended it is known: the earliest in the text, of two at one place the first of the list", () => {
    const endedBy = (stops: string[], ...chunks: string[]) => {
      const stream = new TextStream(stops);
      for (const chunk of chunks) stream.push(bytes(chunk));
      return stream.stoppedBy;
    };
    expect(endedBy(["b", "c"], "a")).toBeUndefined();
    expect(endedBy(["c", "b"], "a", "bc")).toBe("b");
    expect(endedBy(["", "bc", "bcd"], "ab", "cd")).toBe("bc");
    expect(endedBy(["bcd", "bc"], "abcd")).toBe("bcd");
  });

  test("text that may become a stop string waits", () => {
    expect(feed(["<end>"], [bytes("a<en"), bytes("d>b")])).toEqual({ parts: ["a", ""], stopped: true });
    expect(feed(["<end>"], [bytes("a<en"), bytes("x")])).toEqual({
      parts: ["a", "<enx", ""],
      stopped: false,
    });
    expect(feed(["<end>"], [bytes("a<en")])).toEqual({ parts: ["a", "<en"], stopped: false });
  });

  test("the earliest of several stop strings ends the text", () => {
    expect(feed(["later", "b"], [bytes("abc later")])).toEqual({ parts: ["a"], stopped: true });
  });

  test("an empty stop string stops nothing", () => {
    expect(feed([""], [bytes("abc")])).toEqual({ parts: ["abc", ""], stopped: false });
  });

  test("any split of the bytes gives the same text, cut before the first stop string", () => {
    const piece = fc.constantFrom("a", "ab", "b", "€", "🦙", "STOP", "ST", "\n");
    const cuts = fc.array(fc.nat(60), { maxLength: 12 });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), cuts, (pieces, at) => {
        const text = pieces.join("");
        const all = bytes(text);
        const edges = [...new Set([0, all.length, ...at.filter((cut) => cut < all.length)])].sort(
          (a, b) => a - b,
        );
        const chunks = edges.slice(1).map((end, i) => all.slice(edges[i], end));
        const stop = text.indexOf("STOP");
        expect(feed(["STOP"], chunks).parts.join("")).toBe(stop === -1 ? text : text.slice(0, stop));
      }),
    );
  });
});
