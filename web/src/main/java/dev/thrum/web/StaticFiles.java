package dev.thrum.web;

import dev.thrum.Async;
import dev.thrum.http.HttpException;
import dev.thrum.web.internal.AcceptEncoding;
import dev.thrum.web.internal.MediaTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Sends the files of a folder: see [Routing#files(String, Path)].
///
/// ```java
/// app.files("/static", StaticFiles.of(Path.of("public")).keptFor(Duration.ofHours(1)));
/// ```
///
/// **What is sent.** A folder is answered by its `index.html`. Where a file lies beside another one
/// and is called the same with `.br`, `.zst` or `.gz` at the end, it is sent in its place to
/// clients that take it. Clients may ask for parts, for one or for several (`Range`, `If-Range`),
/// and only for what has changed (`ETag`, `Last-Modified`).
///
/// **Guarantees.** Nothing outside the folder is sent, whatever a path says or a symbolic link
/// points at, unless [#followingLinks] is used; nothing whose name begins with a dot, other than
/// `.well-known`. The file system is asked beside the loop.
///
/// **Non-guarantees.** Who can write into the folder while a file is being sent can put another one
/// in its place, and can make it shorter: the response is cut off then. The tag of a file is made
/// of its size and its time; a change that leaves both is not seen.
///
/// **Errors.** What is not there or cannot be a file is a 404, what depends on something that is
/// not so is a 412, and parts beyond the end are a 416.
///
/// **Threads.** Any. It cannot be changed; what seems to change it returns another.
public final class StaticFiles implements Handler {
  /// The name of the path's parameter in the route.
  static final String REST = "file";

  private static final Map<String, String> SIBLINGS = siblings();

  private final Path folder;
  private final boolean links;
  private final @Nullable Duration kept;

  private StaticFiles(Path folder, boolean links, @Nullable Duration kept) {
    this.folder = folder;
    this.links = links;
    this.kept = kept;
  }

  private static Map<String, String> siblings() {
    Map<String, String> made = new LinkedHashMap<>();
    made.put("br", ".br");
    made.put("zstd", ".zst");
    made.put("gzip", ".gz");
    return made;
  }

  /// The files of a folder.
  ///
  /// @param folder the folder, which must be there when the first file is asked for
  /// @return what sends them
  public static StaticFiles of(Path folder) {
    return new StaticFiles(Objects.requireNonNull(folder, "folder"), false, null);
  }

  /// The same, where symbolic links may lead out of the folder.
  ///
  /// @return what sends them
  public StaticFiles followingLinks() {
    return new StaticFiles(folder, true, kept);
  }

  /// The same, where clients need not ask again for a time (`Cache-Control: public, max-age=…`).
  ///
  /// @param time how long, in whole seconds
  /// @return what sends them
  public StaticFiles keptFor(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("kept for " + time + ": give zero or more");
    }
    return new StaticFiles(folder, links, time);
  }

  // Finding

  /// A file that is there.
  private record Found(FileAnswer file, String coding, boolean varies) {}

  /// Sends the file that the path of a request names.
  ///
  /// @param request the request, by a route whose last parameter is the path in the folder
  /// @return the response
  /// @throws IOException if the file system fails
  @Override
  public Response handle(Request request) throws IOException {
    String inside = request.path(REST);
    List<String> codings = request.headers().all("Accept-Encoding");
    boolean slash = request.path().endsWith("/");
    Optional<Found> found = Async.blocking(() -> find(inside, slash, codings));
    return found.map(one -> answer(request, one)).orElseGet(() -> intoFolder(request));
  }

  private static Response intoFolder(Request request) {
    String raw = request.rawPath();
    String query = request.target().substring(raw.length());
    return Response.redirect(request.app().rootPath + raw + "/" + query).status(307);
  }

  /// Looks for a file; nothing if it is a folder that is asked for without a slash.
  private Optional<Found> find(String inside, boolean slash, List<String> codings)
      throws IOException {
    Path root = folder.toRealPath();
    Path named = real(root, resolve(root, inside));
    boolean isFolder = Files.isDirectory(named);
    if (isFolder && !slash) {
      Path _ = real(root, named.resolve("index.html"));
      return Optional.empty();
    }
    if (!isFolder && slash) {
      throw new HttpException(404);
    }
    return Optional.of(choose(root, isFolder ? named.resolve("index.html") : named, codings));
  }

  private static Path resolve(Path root, String inside) {
    String plain = inside.endsWith("/") ? inside.substring(0, inside.length() - 1) : inside;
    if (plain.isEmpty()) {
      return root;
    }
    Path at = root;
    for (String name : plain.split("/", -1)) {
      if (!isPlain(name)) {
        throw new HttpException(404);
      }
      at = at.resolve(name);
    }
    return at;
  }

  private static boolean isPlain(String name) {
    if (name.isEmpty() || (name.charAt(0) == '.' && !name.equals(".well-known"))) {
      return false;
    }
    try {
      return name.chars().noneMatch(one -> one < ' ' || one == '\\' || one == ':')
          && Path.of(name).getNameCount() == 1;
    } catch (InvalidPathException _) {
      return false;
    }
  }

  private Path real(Path root, Path path) {
    return reach(root, path).orElseThrow(() -> new HttpException(404));
  }

  /// The place that a path leads to; nothing if it is not there, or outside.
  private Optional<Path> reach(Path root, Path path) {
    try {
      return Optional.of(path.toRealPath()).filter(real -> links || real.startsWith(root));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private Found choose(Path root, Path path, List<String> codings) throws IOException {
    String name = String.valueOf(path.getFileName());
    String type = MediaTypes.of(name);
    Map<String, Path> there = new LinkedHashMap<>();
    for (Map.Entry<String, String> one : SIBLINGS.entrySet()) {
      reach(root, path.resolveSibling(name + one.getValue()))
          .filter(Files::isRegularFile)
          .ifPresent(sibling -> there.put(one.getKey(), sibling));
    }
    String coding = AcceptEncoding.best(codings, List.copyOf(there.keySet())).orElse("");
    Path chosen = coding.isEmpty() ? real(root, path) : Objects.requireNonNull(there.get(coding));
    BasicFileAttributes about = Files.readAttributes(chosen, BasicFileAttributes.class);
    if (!about.isRegularFile()) {
      throw new HttpException(404);
    }
    Instant changed = about.lastModifiedTime().toInstant();
    String etag = FileAnswer.etag(about, coding);
    FileAnswer file = new FileAnswer(chosen, type, about.size(), changed, etag);
    return new Found(file, coding, !there.isEmpty());
  }

  // Answering

  private Response answer(Request request, Found found) {
    Response base = Response.of(200);
    if (found.varies) {
      base = base.header("Vary", "Accept-Encoding");
    }
    Duration time = kept;
    if (time != null) {
      base = base.header("Cache-Control", "public, max-age=" + time.toSeconds());
    }
    return found.file.answer(request.method(), request.headers(), base, found.coding);
  }
}
