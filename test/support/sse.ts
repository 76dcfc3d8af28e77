/** The data of the events of a streamed reply: JSON as values, other text as it is. Comments and event names are left out. */
export async function eventsOf(response: Response): Promise<unknown[]> {
  return (await response.text())
    .split("\n")
    .filter((line) => line.startsWith("data: "))
    .map((line) => line.slice("data: ".length))
    .map((data) => (data === "[DONE]" ? data : JSON.parse(data)));
}
