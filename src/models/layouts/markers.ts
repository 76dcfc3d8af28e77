import { type HeaderView, keyIn, stringsIn } from "./view.ts";

/** A test whether a file has some property. */
export type Marker = (view: HeaderView) => boolean;

export const key =
  (name: string): Marker =>
  (view) =>
    view.metadata.has(keyIn(view, name));

/** A tensor whose name begins so. */
export const tensors =
  (prefix: string): Marker =>
  (view) =>
    view.tensors.keys().some((name) => name.startsWith(prefix));

export const tensor =
  (name: string): Marker =>
  (view) =>
    view.tensors.has(name);

/** A tensor whose name ends so. */
export const tensorEnding =
  (suffix: string): Marker =>
  (view) =>
    view.tensors.keys().some((name) => name.endsWith(suffix));

/** The vocabulary has this text under this number. */
export const token =
  (id: number, text: string): Marker =>
  (view) =>
    stringsIn(view, "tokenizer.ggml.tokens")?.at(id) === text;

export const not =
  (marker: Marker): Marker =>
  (view) =>
    !marker(view);

export const anyOf =
  (...markers: Marker[]): Marker =>
  (view) =>
    markers.some((marker) => marker(view));

export const allOf =
  (...markers: Marker[]): Marker =>
  (view) =>
    markers.every((marker) => marker(view));

/** The architecture alone decides: llama.cpp has none of that name. */
export const always: Marker = () => true;
