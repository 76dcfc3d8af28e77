/** Protobuf, as far as a SentencePiece model needs it. */
function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value % 0x80) + 0x80, ...varint(Math.floor(value / 0x80))];
}

const bytesField = (number: number, bytes: ArrayLike<number>): number[] => [
  ...varint(number * 8 + 2),
  ...varint(bytes.length),
  ...Array.from(bytes),
];

const varintField = (number: number, value: number): number[] => [...varint(number * 8), ...varint(value)];

const floatField = (number: number, value: number): number[] => [
  ...varint(number * 8 + 5),
  ...new Uint8Array(new Float32Array([value]).buffer),
];

export type TestPiece = readonly [text: string, score: number, type: number];

/**
 * The bytes of a tokenizer.model.
 * @param modelType `TrainerSpec.ModelType`: 1 unigram, 2 BPE.
 */
export function tokenizerModel(pieces: readonly TestPiece[], modelType = 2): Uint8Array {
  const all = pieces.flatMap(([text, score, type]) => {
    const piece = [
      ...bytesField(1, new TextEncoder().encode(text)),
      ...floatField(2, score),
      ...varintField(3, type),
    ];
    return bytesField(1, piece);
  });
  // The trainer's other fields are skipped: a path, and a number of eight bytes.
  const trainer = [
    ...bytesField(1, [0x61]),
    ...varintField(3, modelType),
    ...varint(50 * 8 + 1),
    ...new Uint8Array(8),
  ];
  return new Uint8Array([...all, ...bytesField(2, trainer)]);
}
