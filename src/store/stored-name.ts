/** The parts of a model's name; the store knows no grammar for them. */
export interface StoredName {
  readonly host: string;
  readonly namespace: string;
  readonly model: string;
  readonly tag: string;
}
