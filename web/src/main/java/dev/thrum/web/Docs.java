package dev.thrum.web;

import dev.thrum.http.HttpException;
import dev.thrum.web.openapi.OpenApi;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/// The routes that describe an application: `/openapi.json`, and for people `/docs`, which can try
/// them, and `/redoc`, which reads well.
final class Docs {
  private static final Map<String, String> FILES =
      Map.of(
          "swagger-ui.css", "text/css; charset=utf-8",
          "swagger-ui-bundle.js", "text/javascript; charset=utf-8",
          "redoc.standalone.js", "text/javascript; charset=utf-8");

  private static final String PAGE =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <title>TITLE</title>
      <link rel="stylesheet" href="docs/swagger-ui.css">
      </head>
      <body>
      <div id="swagger-ui"></div>
      <script src="docs/swagger-ui-bundle.js"></script>
      <script src="docs/start.js"></script>
      </body>
      </html>
      """;

  private static final String START =
      "SwaggerUIBundle({url: \"openapi.json\", dom_id: \"#swagger-ui\"});\n";

  private static final String READING =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>TITLE</title>
      <style>body { margin: 0 }</style>
      </head>
      <body>
      <div id="redoc"></div>
      <script src="docs/redoc.standalone.js"></script>
      <script src="docs/read.js"></script>
      </body>
      </html>
      """;

  private static final String READ =
      "Redoc.init(\"openapi.json\", {}, document.getElementById(\"redoc\"));\n";

  /// ReDoc would load a picture from its makers' site.
  private static final String FROM_HERE_ONLY =
      "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src 'self' data:; "
          + "font-src 'self' data:; connect-src 'self'; worker-src blob:";

  private Docs() {}

  static List<Route> routes(App app, String title, String version) {
    return List.of(
        route(app, "/openapi.json", described(app, title, version)),
        route(app, "/docs", _ -> Response.html(PAGE.replace("TITLE", Html.escape(title)))),
        route(
            app,
            "/redoc",
            _ ->
                Response.html(READING.replace("TITLE", Html.escape(title)))
                    .header("Content-Security-Policy", FROM_HERE_ONLY)),
        route(app, "/docs/start.js", script(START)),
        route(app, "/docs/read.js", script(READ)),
        route(app, "/docs/{file}", Web.blocking((Handler) req -> file(req.path("file")))));
  }

  private static Handler script(String text) {
    return _ -> Response.text(text).type("text/javascript; charset=utf-8");
  }

  /// What the application has cannot change any more when somebody asks for it.
  private static Handler described(App app, String title, String version) {
    AtomicReference<Map<String, Object>> made = new AtomicReference<>();
    return _ -> {
      Map<String, Object> known = made.get();
      if (known == null) {
        known = new LinkedHashMap<>(OpenApi.of(app, title, version));
        if (!app.rootPath.isEmpty()) {
          var _ = known.put("servers", List.of(Map.of("url", app.rootPath)));
        }
        made.set(known);
      }
      return known;
    };
  }

  private static Route route(App app, String path, Handler handler) {
    return new Route(app, "GET", path, handler, java.util.Optional.empty());
  }

  private static Response file(String name) throws IOException {
    String type = FILES.get(name);
    if (type == null) {
      throw new HttpException(404);
    }
    try (InputStream in = OpenApi.class.getResourceAsStream("ui/" + name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not in the jar");
      }
      return Response.bytes(in.readAllBytes())
          .header("Content-Type", type)
          .header("Cache-Control", "max-age=3600");
    }
  }
}
