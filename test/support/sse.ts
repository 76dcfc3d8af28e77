/** The data of the events in a body: JSON as values, other text as it is. Comments and event names are left out. */
export const eventsIn = (body: string): unknown[] =>
  body
    .split("\n")
    .filter((line) => line.startsWith("data: "))
    .map((line) => line.slice("data: ".length))
    .map((data) => (data === "[DONE]" ? data : JSON.parse(data)));

/** The data of the events of a streamed reply. */
export const eventsOf = async (response: Response): Promise<unknown[]> => eventsIn(await response.text());
