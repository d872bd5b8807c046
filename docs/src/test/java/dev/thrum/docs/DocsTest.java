package dev.thrum.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The programs in `README.md` and under `docs/` compile, run, and print what the page says.
///
/// A fenced block says after its language what is to be checked:
///
/// - `java run`: it prints the `text` block that follows it; `text confined` and `text portable`
///   are what it prints on one of the engines
/// - `java run throws`: as `run`, and the text ends with what its main method throws
/// - `java compile`: it compiles
/// - `java wrong`: it does not compile, and the messages contain each line of the `text` block
///
/// Every program is a compact source file. One without imports of its own gets [#PREAMBLE], which
/// the pages state. Nothing may give a compiler warning. Links between the pages lead to files.
class DocsTest {
  private static final String PREAMBLE =
      """
      import static dev.thrum.Async.*;
      import static java.time.Duration.*;
      import static dev.thrum.channel.Select.*;
      import dev.thrum.*;
      import dev.thrum.channel.*;
      import dev.thrum.net.*;

      """;

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s]+)(#[^)]*)?\\)");

  @TempDir Path folder;

  @ParameterizedTest(name = "{0}")
  @MethodSource("programs")
  void aProgramDoesWhatThePageSays(Block block) throws Exception {
    String messages = compile(block);
    if (block.is("wrong")) {
      for (String line : block.expected().lines().toList()) {
        assertTrue(
            messages.contains(line),
            () -> block + ": the page says\n" + line + "\nand javac says\n" + messages);
      }
      return;
    }
    assertEquals("", messages, () -> block + " does not compile without warnings");
    if (block.is("run")) {
      assertEquals(block.expected(), run(block), () -> block + " prints something else");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pages")
  void everyLinkOfAPageLeadsToAFile(Page page) {
    for (int line = 1; line <= page.lines().size(); line++) {
      var links = LINK.matcher(page.lines().get(line - 1));
      while (links.find()) {
        String target = links.group(1);
        if (!target.contains(":")) {
          String place = page + ":" + line;
          assertTrue(
              Files.exists(page.file().resolveSibling(target)),
              () -> place + " links to " + target + ", which does not exist");
        }
      }
    }
  }

  // Pages and blocks

  static Stream<Page> pages() throws IOException {
    Path root = root();
    try (Stream<Path> files = Files.walk(root.resolve("docs"))) {
      return Stream.concat(Stream.of(root.resolve("README.md")), files.sorted())
          .filter(file -> file.toString().endsWith(".md") && Files.exists(file))
          .map(file -> Page.read(root, file))
          .toList()
          .stream();
    }
  }

  static Stream<Block> programs() throws IOException {
    return pages()
        .flatMap(page -> page.blocks().stream())
        .filter(block -> block.is("run") || block.is("compile") || block.is("wrong"));
  }

  private static Path root() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("build"))) {
      at = at.getParent();
    }
    return at;
  }

  record Page(Path root, Path file, List<String> lines) {

    static Page read(Path root, Path file) {
      try {
        return new Page(root, file, Files.readAllLines(file));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /// The Java blocks, each with the `text` blocks that follow it before the next Java block.
    List<Block> blocks() {
      List<Block> blocks = new ArrayList<>();
      int at = 0;
      while (at < lines.size()) {
        String fence = lines.get(at++);
        if (fence.startsWith("```")) {
          int begin = at;
          while (!lines.get(at).equals("```")) {
            at++;
            assertTrue(at < lines.size(), () -> this + ":" + begin + ": this block has no end");
          }
          List<String> marks = List.of(fence.substring(3).strip().split(" "));
          String content = String.join("\n", lines.subList(begin, at++)) + "\n";
          switch (marks.getFirst()) {
            case "java" -> blocks.add(new Block(this, begin, marks, content, new ArrayList<>()));
            case "text" -> {
              if (!blocks.isEmpty()) {
                blocks.getLast().outputs().add(new Output(marks, content));
              }
            }
            default -> {}
          }
        }
      }
      return blocks;
    }

    @Override
    public String toString() {
      return root.relativize(file).toString();
    }
  }

  /// A `text` block.
  record Output(List<String> marks, String content) {
    boolean isForThisEngine() {
      return marks.size() == 1 || marks.contains(System.getProperty("thrum.engine", "confined"));
    }
  }

  record Block(Page page, int line, List<String> marks, String code, List<Output> outputs) {

    boolean is(String mark) {
      return marks.contains(mark);
    }

    String expected() {
      return outputs.stream()
          .filter(Output::isForThisEngine)
          .findFirst()
          .orElseGet(() -> fail(this + " is followed by no text block"))
          .content();
    }

    /// The whole source file.
    String source() {
      String main = code.contains("void main(") ? "" : "\nvoid main() {}\n";
      return (code.contains("import ") ? "" : PREAMBLE) + code + main;
    }

    @Override
    public String toString() {
      return page + ":" + line;
    }
  }

  // Compiling and running

  /// Compiles a program into the test's folder.
  ///
  /// @return the compiler's messages
  private String compile(Block block) throws IOException {
    Path source = Files.writeString(folder.resolve("Program.java"), block.source());
    var compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    try (var files = compiler.getStandardFileManager(found, Locale.ROOT, null)) {
      List<String> options =
          List.of(
              "-Xlint:all",
              "-proc:none",
              "-d",
              folder.toString(),
              "--class-path",
              System.getProperty("java.class.path"));
      boolean _ =
          compiler
              .getTask(
                  new StringWriter(), files, found, options, null, files.getJavaFileObjects(source))
              .call();
    }
    return found.getDiagnostics().stream()
        .filter(message -> message.getKind() != Diagnostic.Kind.NOTE)
        .map(message -> "line " + message.getLineNumber() + ": " + message.getMessage(Locale.ROOT))
        .collect(Collectors.joining("\n"));
  }

  /// Runs the compiled program on a thread of its own.
  ///
  /// @return what it printed, and with the mark `throws` what came out of its main method
  private String run(Block block) throws Exception {
    var printed = new ByteArrayOutputStream();
    List<Throwable> thrown = new ArrayList<>();
    PrintStream before = System.out;
    try (var loader =
            new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader());
        var out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      Thread program =
          Thread.ofPlatform()
              .name("program")
              .unstarted(() -> {
                try {
                  callMain(loader);
                } catch (Throwable e) {
                  thrown.add(e);
                }
              });
      System.setOut(out);
      program.start();
      if (!program.join(LIMIT)) {
        StackTraceElement[] where = program.getStackTrace();
        program.interrupt();
        fail(block + " still runs after " + LIMIT + ", at " + Arrays.toString(where));
      }
    } finally {
      System.setOut(before);
    }
    String output = printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    if (thrown.isEmpty()) {
      return output;
    }
    Throwable exception = thrown.getFirst();
    if (!block.is("throws")) {
      throw new AssertionError(block + " fails, having printed\n" + output, exception);
    }
    return output + "Exception in thread \"main\" " + exception + "\n";
  }

  private static void callMain(ClassLoader loader) throws Throwable {
    Class<?> type = loader.loadClass("Program");
    var constructor = type.getDeclaredConstructor();
    constructor.setAccessible(true);
    var main = type.getDeclaredMethod("main");
    main.setAccessible(true);
    try {
      main.invoke(constructor.newInstance());
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
