/** Metrics in the form in which a scraper gets them. */
export interface Exposition {
  contentType: string;
  text: string;
}
