/** Swagger UI with all of its parts from this server, so that the page works without the internet. */
export const SWAGGER_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>llamero API</title>
    <link rel="stylesheet" href="/swagger/assets/swagger-ui.css" />
    <link rel="icon" type="image/png" href="/swagger/assets/favicon-32x32.png" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/swagger/assets/swagger-ui-bundle.js"></script>
    <script>
      // Swagger UI takes a stream for JSON that it cannot parse, and says so above it.
      const streamsAsText = (Body, { React }) => (props) => {
        const isStream = (props.contentType ?? "").startsWith("application/x-ndjson");
        return React.createElement(Body, isStream ? { ...props, contentType: "text/plain" } : props);
      };
      window.ui = SwaggerUIBundle({
        url: "/swagger/json",
        dom_id: "#swagger-ui",
        deepLinking: true,
        plugins: [() => ({ wrapComponents: { responseBody: streamsAsText } })],
      });
    </script>
  </body>
</html>
`;
