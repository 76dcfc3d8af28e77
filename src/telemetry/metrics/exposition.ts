/** Metrics in the text format that a scraper reads. */
export interface Exposition {
  contentType: string;
  text: string;
}
