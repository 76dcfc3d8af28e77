/**
 * Swagger UI with all of its parts from this server, so that the page works without the internet.
 *
 * @param page names of the page's own script and styles (src/web/swagger).
 * @param base where the assets are, with a slash at its end.
 */
export const swaggerPage = (
  { script, styles }: { script: string; styles: string },
  base: string,
): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>llamero API</title>
    <link rel="stylesheet" href="${base}swagger-ui.css" />
    <link rel="stylesheet" href="${base}${styles}" />
    <link rel="icon" type="image/png" href="${base}favicon-32x32.png" />
    <script defer src="${base}swagger-ui-bundle.js"></script>
    <script type="module" src="${base}${script}"></script>
  </head>
  <body>
    <div id="swagger-ui"></div>
    <noscript>This page needs JavaScript. The document itself is at <a href="/swagger/json">/swagger/json</a>.</noscript>
  </body>
</html>
`;
