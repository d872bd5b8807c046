package dev.thrum.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

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
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Handler;
import java.util.logging.Logger;
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
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/// The programs in `README.md` and under `docs/` compile, run, and print what the page says.
///
/// A fenced block says after its language what is to be checked:
///
/// - `java run`: it prints the `text` block that follows it; `text confined` and `text portable`
///   are what it prints on one of the engines
/// - `java run throws`: as `run`, and the text ends with what its main method throws
/// - `java compile`: it compiles
/// - `java wrong`: it does not compile, and the messages contain each line of the `text` block
/// - `java test Name.java`: a class of JUnit tests; the `text` block is what they publish and what
///   they fail with, and without one they pass
/// - `java file Name.java`: a file beside the programs and tests that follow on the page
///
/// Every program is a compact source file. One without imports of its own gets [#PREAMBLE], which
/// the pages state, and those about tests [#TESTING] as well. A block that names its file is taken
/// as it is, so that the lines in its output are those that a reader counts. A line `…` of an
/// output stands for any number of lines, and how much was done in a second is not compared.
///
/// Nothing may give a compiler warning. Links between the pages lead to files.
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

  private static final String TESTING =
      """
      import dev.thrum.sync.*;
      import dev.thrum.testkit.*;
      """;

  private static final Pattern RATE = Pattern.compile("[\\d,]+ a second");
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
    if (block.is("run") || (block.is("test") && block.hasOutput())) {
      String expected = withoutRates(block.expected());
      String actual = withoutRates(run(block));
      if (!Pattern.matches(pattern(expected), actual)) {
        assertEquals(expected, actual, () -> block + " prints something else");
      }
    } else if (block.is("test")) {
      run(block);
    }
  }

  private static String withoutRates(String output) {
    return RATE.matcher(output).replaceAll("N a second");
  }

  /// A regular expression for an output in which a line of dots stands for any lines.
  private static String pattern(String output) {
    return output
        .lines()
        .map(line -> line.equals("…") ? "(?s:.*)" : Pattern.quote(line + "\n"))
        .collect(Collectors.joining());
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
        .filter(block -> Stream.of("run", "compile", "wrong", "test").anyMatch(block::is));
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
      Map<String, String> beside = new TreeMap<>();
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
            case "java" -> {
              Block block =
                  new Block(this, begin, marks, content, Map.copyOf(beside), new ArrayList<>());
              if (block.is("file")) {
                beside.put(block.file(), content);
              }
              blocks.add(block);
            }
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

  record Block(
      Page page,
      int line,
      List<String> marks,
      String code,
      Map<String, String> beside,
      List<Output> outputs) {

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

    boolean hasOutput() {
      return !outputs.isEmpty();
    }

    /// The name of the source file.
    String file() {
      return marks.stream()
          .filter(mark -> mark.endsWith(".java"))
          .findFirst()
          .orElse("Program.java");
    }

    String className() {
      return file().substring(0, file().length() - ".java".length());
    }

    /// The whole source file.
    String source() {
      if (marks.contains(file())) {
        return code;
      }
      String main = code.contains("void main(") ? "" : "\nvoid main() {}\n";
      return (code.contains("import ") ? "" : preamble()) + code + main;
    }

    private String preamble() {
      return PREAMBLE + (page.file().endsWith("testing.md") ? TESTING : "") + "\n";
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
    List<Path> sources = new ArrayList<>();
    sources.add(Files.writeString(folder.resolve(block.file()), block.source()));
    for (var beside : block.beside().entrySet()) {
      if (!beside.getKey().equals(block.file())) {
        sources.add(Files.writeString(folder.resolve(beside.getKey()), beside.getValue()));
      }
    }
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
                  new StringWriter(),
                  files,
                  found,
                  options,
                  null,
                  files.getJavaFileObjectsFromPaths(sources))
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
                  Class<?> type = loader.loadClass(block.className());
                  if (block.is("test")) {
                    runTests(type, block.hasOutput());
                  } else {
                    callMain(type);
                  }
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
      forgetHandlers();
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

  /// What a program has added to the log would print into the next one's output.
  private static void forgetHandlers() {
    Logger log = Logger.getLogger("dev.thrum");
    for (Handler handler : log.getHandlers()) {
      log.removeHandler(handler);
    }
  }

  private static void callMain(Class<?> type) throws Throwable {
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

  /// Runs a class of tests and prints what they publish and fail with.
  ///
  /// @param mayFail whether a failure is printed and not thrown
  private static void runTests(Class<?> type, boolean mayFail) throws Throwable {
    var events = EngineTestKit.engine("junit-jupiter").selectors(selectClass(type)).execute();
    for (Event event : events.allEvents().list()) {
      event
          .getPayload(ReportEntry.class)
          .ifPresent(entry -> entry.getKeyValuePairs().values().forEach(IO::println));
      var thrown = event.getPayload(TestExecutionResult.class).flatMap(r -> r.getThrowable());
      if (thrown.isPresent() && mayFail) {
        IO.println(thrown.get().toString().stripTrailing());
      } else if (thrown.isPresent()) {
        throw thrown.get();
      }
    }
    assertTrue(events.testEvents().started().count() > 0, () -> type + " has no tests");
  }
}
