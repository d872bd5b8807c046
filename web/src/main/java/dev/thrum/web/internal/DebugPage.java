package dev.thrum.web.internal;

import dev.thrum.Async;
import dev.thrum.web.Html;
import dev.thrum.web.Request;
import dev.thrum.web.Response;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What a developer sees of a failure: the stack, and the source around each line of it.
public final class DebugPage {
  private static final int AROUND = 4;
  private static final int FRAMES = 40;
  private static final Set<String> SECRET =
      Set.of("authorization", "cookie", "proxy-authorization", "x-api-key");

  private DebugPage() {}

  /// Shows a failure, as a page if the client prefers that and as text otherwise.
  ///
  /// @param request what was asked for
  /// @param failure what was thrown
  /// @return a response with status 500
  public static Response of(Request request, Throwable failure) {
    boolean page =
        request.headers().contains("Accept")
            && request.prefers("text/plain", "text/html").orElse("").equals("text/html");
    if (!page) {
      return Response.text(trace(failure)).status(500);
    }
    String text = Async.blocking(() -> page(request, failure));
    return Response.html(text).status(500);
  }

  private static String trace(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  private static String page(Request request, Throwable failure) {
    StringBuilder made = new StringBuilder(1 << 14);
    String title = Html.escape(failure.getClass().getSimpleName() + " at " + request);
    made.append(
        """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><title>%1$s</title><style>
        body { font: 15px/1.4 system-ui, sans-serif; margin: 2em auto; max-width: 70em; padding: 0 1em }
        pre { background: #f4f4f4; overflow: auto; padding: .6em; margin: .3em 0 1em }
        mark { background: #ffd7d7; display: block } th { text-align: left; padding-right: 1em }
        </style></head><body><h1>%1$s</h1>
        """
            .formatted(title));
    for (Throwable one = failure; one != null; one = one.getCause()) {
      made.append(one == failure ? "<h2>" : "<h2>Caused by ")
          .append(Html.escape(one.toString()))
          .append("</h2>\n");
      if (one instanceof TemplateFailure template && template.line() > 0) {
        excerpt(made, template.text().lines().toList(), template.line());
      }
      frames(made, one.getStackTrace());
    }
    headers(made, request);
    made.append("<h2>Stack</h2><pre>").append(Html.escape(trace(failure)));
    return made.append("</pre></body></html>\n").toString();
  }

  private static void frames(StringBuilder made, StackTraceElement[] frames) {
    int count = 0;
    for (StackTraceElement frame : frames) {
      if (count == FRAMES) {
        return;
      }
      Optional<Path> source = source(frame);
      if (source.isPresent()) {
        count++;
        made.append("<div>").append(Html.escape(frame.toString())).append("</div>\n");
        excerpt(made, source.get(), frame.getLineNumber());
      }
    }
  }

  private static void excerpt(StringBuilder made, Path file, int line) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (MalformedInputException _) {
      return;
    } catch (IOException _) {
      return; // it was there when it was looked for; the page is good without it
    }
    excerpt(made, lines, line);
  }

  private static void excerpt(StringBuilder made, List<String> lines, int line) {
    made.append("<pre>");
    int last = Math.min(lines.size(), line + AROUND);
    for (int i = Math.max(1, line - AROUND); i <= last; i++) {
      String text = Html.escape("%5d  %s".formatted(i, lines.get(i - 1)));
      made.append(i == line ? "<mark>" + text + "</mark>" : text + "\n");
    }
    made.append("</pre>\n");
  }

  /// The source of a frame, in the usual folders below the one in which the program was started.
  private static Optional<Path> source(StackTraceElement frame) {
    String name = frame.getFileName();
    if (name == null || frame.getLineNumber() < 1) {
      return Optional.empty();
    }
    String type = frame.getClassName();
    int end = type.lastIndexOf('.');
    Path inside = end < 0 ? Path.of(name) : Path.of(type.substring(0, end).replace('.', '/'), name);
    for (Path root : roots()) {
      Path file = root.resolve(inside);
      if (Files.isRegularFile(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  private static List<Path> roots() {
    List<Path> folders = new ArrayList<>(List.of(Path.of("")));
    try (Stream<Path> below = Files.list(Path.of("").toAbsolutePath())) {
      below.filter(Files::isDirectory).sorted().forEach(folders::add);
    } catch (IOException _) {
      // then only the folder itself is looked into
    }
    List<Path> roots = new ArrayList<>();
    for (Path folder : folders) {
      roots.add(folder.resolve("src/main/java"));
      roots.add(folder.resolve("src/test/java"));
    }
    roots.add(Path.of(""));
    return roots;
  }

  private static void headers(StringBuilder made, Request request) {
    made.append("<h2>Request</h2><table>\n");
    for (Map.Entry<String, String> one : request.headers()) {
      boolean secret = SECRET.contains(one.getKey().toLowerCase(java.util.Locale.ROOT));
      made.append("<tr><th>")
          .append(Html.escape(one.getKey()))
          .append("</th><td>")
          .append(secret ? "…" : Html.escape(one.getValue()))
          .append("</td></tr>\n");
    }
    made.append("</table>\n");
  }
}
