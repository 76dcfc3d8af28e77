/** Metrics as they are sent to who scrapes them. */
export interface Exposition {
  contentType: string;
  text: string;
}
