package dev.thrum.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The page's files, out of this jar.
final class Page {

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");
  private static final Pattern FILE =
      Pattern.compile("/((?:uplot/)?[a-zA-Z-]+(?:\\.esm|\\.min)?\\.(css|js|svg))");

  private Page() {}

  static Optional<Answer> find(String path) {
    if (path.equals("/")) {
      return read("index.html", "html");
    }
    Matcher file = FILE.matcher(path);
    return file.matches() ? read(file.group(1), file.group(2)) : Optional.empty();
  }

  private static Optional<Answer> read(String name, String ending) {
    try (InputStream content = Page.class.getResourceAsStream("page/" + name)) {
      return content == null
          ? Optional.empty()
          : Optional.of(
              Answer.ok(TYPES.getOrDefault(ending, "text/plain"), content.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
