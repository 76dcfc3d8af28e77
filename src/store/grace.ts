/** How long a blob that nothing refers to is kept: it may have been uploaded for a create that has yet to come. One hour. */
export const GRACE_MS = 3_600_000;
