/** The page's icon, which browsers also ask for by themselves wherever they show something of this server. */
const ICON =
  "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'><text y='13' font-size='13'>🦙</text></svg>";

export const iconReply = (): Response =>
  new Response(ICON, {
    headers: {
      "content-type": "image/svg+xml",
      "cache-control": "public, max-age=86400",
      "x-content-type-options": "nosniff",
    },
  });
