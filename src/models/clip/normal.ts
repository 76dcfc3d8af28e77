/** The usual means and deviations by which pictures' colours are normalised, with the digits of the models' own files. */
export const HALF = [0.5, 0.5, 0.5];
export const CLIP_MEAN = [0.48145466, 0.4578275, 0.40821073];
export const CLIP_DEVIATION = [0.26862954, 0.26130258, 0.27577711];
