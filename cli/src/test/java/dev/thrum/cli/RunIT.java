package dev.thrum.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.cli.Script.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `thrum run` from an unpacked release. The first run trains the AOT caches for all tests.
class RunIT {
  @TempDir private static Path shared;
  private static Path thrum;

  @TempDir private Path folder;
  private Script script;

  @BeforeAll
  static void unpackRelease() throws Exception {
    thrum = Script.releaseIn(shared.resolve("a release"));
    Result first = Script.at(thrum, shared).run("--version");
    assertEquals("thrum: getting ready for fast starts\n", first.err());
  }

  @BeforeEach
  void workInFolder() {
    script = Script.at(thrum, folder);
  }

  // What can be run

  @Test
  void aCompactSourceFile() throws Exception {
    file("hello.java", "void main() { IO.println(\"hello\"); }");
    assertEquals(new Result(0, "hello\n", ""), script.run("run", "hello.java"));
  }

  @Test
  void aProgramThatUsesThrum() throws Exception {
    file(
        "tasks.java",
        """
        import static dev.thrum.Async.*;

        void main() {
          run(() -> {
            var one = async(() -> 1);
            var two = async(() -> 2);
            IO.println(await(one) + await(two));
          });
        }
        """);
    assertEquals(new Result(0, "3\n", ""), script.run("run", "tasks.java"));
  }

  @Test
  void theFirstClassWithAMainMethod() throws Exception {
    file(
        "two.java",
        """
        class Helper {}

        class Base {
          void main(String[] args) {
            IO.println("main of " + getClass().getName());
          }
        }

        class Program extends Base {}
        """);
    assertEquals(new Result(0, "main of Base\n", ""), script.run("run", "two.java"));
  }

  @Test
  void aFileInAPackageWithOthersOfItsTree() throws Exception {
    file(
        "src/a/b/Main.java",
        """
        package a.b;

        public class Main {
          public static void main(String... args) {
            IO.println(Beside.NAME);
          }
        }
        """);
    file("src/a/b/Beside.java", "package a.b; class Beside { static String NAME = a.c.Far.NAME; }");
    file(
        "src/a/c/Far.java",
        "package a.c; public class Far { public static String NAME = \"far\"; }");
    assertEquals(new Result(0, "far\n", ""), script.run("run", "src/a/b/Main.java"));
  }

  @Test
  void standardInput() throws Exception {
    script.input("void main(String[] args) { IO.println(args[0]); }");
    assertEquals(new Result(0, "-x\n", ""), script.run("run", "-", "-x"));
  }

  @Test
  void aScriptWithAnyNameAndAFirstLineForTheShell() throws Exception {
    file("my-tool", "#!/usr/bin/env -S thrum run\nvoid main() { throw new Error(\"here\"); }\n");
    Result result = script.run("run", "my-tool");
    assertEquals(
        "Exception in thread \"main\" java.lang.Error: here\n\tat _my_tool.main(_my_tool.java:2)\n",
        result.err());
  }

  @Test
  void throughALinkAndFromAnotherFolder() throws Exception {
    file("sub folder/hello.java", "void main() { IO.println(\"hello\"); }");
    Path link = Files.createSymbolicLink(folder.resolve("link"), thrum);
    Path again = Files.createSymbolicLink(folder.resolve("again"), link.getFileName());
    assertEquals(
        new Result(0, "hello\n", ""), Script.at(again, folder).run("run", "sub folder/hello.java"));
  }

  // What the program gets

  @Test
  void argumentsArriveUntouched() throws Exception {
    file("args.java", "void main(String[] args) { IO.println(String.join(\"|\", args)); }");
    assertEquals(
        "--debug|-J-Xmx1g|--help|--|a b||*\n",
        script
            .run("run", "args.java", "--debug", "-J-Xmx1g", "--help", "--", "a b", "", "*")
            .out());
  }

  @Test
  void standardInputIsTheProgramsOwn() throws Exception {
    file("echo.java", "void main() { IO.println(IO.readln() + IO.readln()); }");
    assertEquals("onetwo\n", script.input("one\ntwo\n").run("run", "echo.java").out());
  }

  @Test
  void debugModeIsAFlag() throws Exception {
    file("debug.java", "void main() { IO.println(System.getProperty(\"thrum.debug\")); }");
    assertEquals("null\n", script.run("run", "debug.java").out());
    assertEquals("true\n", script.run("run", "--debug", "debug.java").out());
  }

  @Test
  void aTraceIsAFile() throws Exception {
    file("hi.java", "void main() { dev.thrum.Async.run(() -> IO.println(\"hi\")); }");
    for (String option : List.of("--trace=a trace.json", "--trace")) {
      List<String> line = new ArrayList<>(List.of("run", option));
      if (option.equals("--trace")) {
        line.add("a trace.json");
      }
      line.add("hi.java");
      assertEquals(new Result(0, "hi\n", ""), script.run(line.toArray(String[]::new)));
      String trace = Files.readString(folder.resolve("a trace.json"));
      assertTrue(trace.contains("main succeeded") && trace.endsWith("]\n"), trace);
      Files.delete(folder.resolve("a trace.json"));
    }
    assertEquals(
        new Result(
            2,
            "",
            "thrum: cannot write the trace none/t.json: there is no folder "
                + folder.toRealPath().resolve("none")
                + "\n"),
        script.run("run", "--trace", "none/t.json", "hi.java"));
  }

  @Test
  void flagsOfTheJvm() throws Exception {
    file(
        "flags.java",
        "void main() { IO.println(System.getProperty(\"a\") + heap()); }\n"
            + "long heap() { return Runtime.getRuntime().maxMemory() >> 20; }");
    assertEquals(
        new Result(0, "b c64\n", ""), script.run("run", "-J-Da=b c", "-J-Xmx64m", "flags.java"));
  }

  @Test
  void aClassPathOfFoldersAndJars() throws Exception {
    Path lib = file("lib/Lib.java", "public class Lib { public static String NAME = \"lib\"; }");
    tool("javac", "-d", folder.resolve("classes").toString(), lib.toString());
    String jar = folder.resolve("jars/lib.jar").toString();
    tool("jar", "--create", "--file", jar, "-C", folder.resolve("classes").toString(), "Lib.class");
    file("uses.java", "void main() { IO.println(Lib.NAME); }");
    for (String option : List.of("--cp=classes", "--cp=jars/lib.jar", "--class-path=jars/*")) {
      assertEquals(new Result(0, "lib\n", ""), script.run("run", option, "uses.java"), option);
    }
    assertEquals("lib\n", script.run("run", "--cp", "jars/*:none", "uses.java").out());
  }

  @Test
  void librariesThatTheProgramNames() throws Exception {
    file(
        "named",
        """
        //DEPS org.jspecify:jspecify:1.0.0
        void main() { IO.println(org.jspecify.annotations.Nullable.class.getSimpleName()); }
        """);
    String fetching = "thrum: fetching the libraries of named\n";
    assertEquals(new Result(0, "Nullable\n", fetching), script.run("run", "named"));
    assertEquals(new Result(0, "Nullable\n", ""), script.run("run", "named"));
  }

  @Test
  void librariesThatThereAreNot() throws Exception {
    file("half.java", "//DEPS org.jspecify:jspecify\nvoid main() {}\n");
    file("none.java", "//DEPS org.jspecify:jspecify:0.0.0-none\nvoid main() {}\n");
    assertEquals(
        new Result(
            1,
            "",
            "thrum: half.java: //DEPS org.jspecify:jspecify is not group:artifact:version\n"),
        script.run("run", "half.java"));
    Result none = script.run("run", "none.java");
    assertEquals(1, none.status());
    assertTrue(none.err().contains("org.jspecify:jspecify:jar:0.0.0-none"), none.err());
  }

  // How it ends

  @Test
  void withTheProgramsStatus() throws Exception {
    file("exit.java", "void main() { System.exit(7); }");
    assertEquals(new Result(7, "", ""), script.run("run", "exit.java"));
  }

  @Test
  void withAnExceptionAsJavaPrintsIt() throws Exception {
    file(
        "fails.java",
        """
        void main() {
          try {
            inner();
          } catch (IllegalStateException e) {
            throw new RuntimeException("outer", e);
          }
        }

        void inner() {
          throw new IllegalStateException("inner");
        }
        """);
    assertEquals(
        new Result(
            1,
            "",
            """
            Exception in thread "main" java.lang.RuntimeException: outer
            \tat fails.main(fails.java:5)
            Caused by: java.lang.IllegalStateException: inner
            \tat fails.inner(fails.java:10)
            \tat fails.main(fails.java:3)
            """),
        script.run("run", "fails.java"));
  }

  @Test
  void withCleanUpAndNoStackTraceAtCtrlC() throws Exception {
    file(
        "forever.java",
        """
        import static dev.thrum.Async.*;
        import static java.time.Duration.*;

        void main() {
          run(() -> {
            try {
              IO.println("ready");
              sleep(ofDays(1));
            } finally {
              shield(() -> sleep(ofMillis(1)));
              IO.println("cleaned up");
            }
          });
        }
        """);
    assertEquals(
        new Result(130, "ready\ncleaned up\n", ""),
        script.start("run", "forever.java").until("ready").pressCtrlC());
  }

  @Test
  void atCtrlCOutsideOfALoop() throws Exception {
    file("waits.java", "void main() throws Exception { IO.println(1); Thread.sleep(100_000); }");
    assertEquals(
        new Result(130, "1\n", ""), script.start("run", "waits.java").until("1").pressCtrlC());
  }

  @Test
  void withJavacsMessageIfItDoesNotCompile() throws Exception {
    file("typo.java", "void main() {\n  int x = \"no\";\n  Helper.help();\n}\n");
    file("Helper.java", "class Helper { static void help() { return 1; } }\n");
    assertEquals(
        new Result(
            1,
            "",
            """
            typo.java:2: error: incompatible types: String cannot be converted to int
              int x = "no";
                      ^
            Helper.java:1: error: incompatible types: unexpected return value
            class Helper { static void help() { return 1; } }
                                                       ^
            2 errors
            """),
        script.run("run", "typo.java"));
  }

  @Test
  void withOneSentenceIfThereIsNothingToRun() throws Exception {
    file("idle.java", "class Idle { private static void main() {} }");
    Files.write(folder.resolve("binary.java"), new byte[] {'a', (byte) 0xff});
    assertUsageError("there is no file 'nope.java'", "nope.java");
    assertUsageError("there is no file 'idle'; did you mean 'idle.java'?", "idle");
    assertUsageError("'.' is a folder; name a Java source file in it", ".");
    assertUsageError(
        "'idle.java' has no main method; a program starts at void main() { … }", "idle.java");
    assertUsageError("'binary.java' is not Java source text in UTF-8", "binary.java");
  }

  // Caches

  @Test
  void anUnchangedProgramIsNotCompiledAgain() throws Exception {
    file("hello.java", "void main() { IO.println(Beside.NAME); }");
    file("Beside.java", "class Beside { static String NAME = \"one\"; }");
    assertEquals("one\n", script.run("run", "hello.java").out());
    FileTime compiled = Files.getLastModifiedTime(cached().getFirst());
    assertEquals("one\n", script.run("run", "hello.java").out());
    assertEquals(compiled, Files.getLastModifiedTime(cached().getFirst()));

    file("Beside.java", "class Beside { static String NAME = \"two\"; }");
    assertEquals("two\n", script.run("run", "hello.java").out());
    file("hello.java", "void main() { IO.println(Beside.NAME + 3); }");
    assertEquals("two3\n", script.run("run", "hello.java").out());
    assertEquals(1, cached().size());
  }

  @Test
  void aNewFileBesideCanTakeOverTheMeaningOfAName() throws Exception {
    file("star.java", "import dev.thrum.*;\nvoid main() { IO.println(Task.class.getName()); }");
    assertEquals("dev.thrum.Task\n", script.run("run", "star.java").out());
    file("Task.java", "class Task {}");
    assertEquals("Task\n", script.run("run", "star.java").out());
  }

  @Test
  void brokenCachesAreDoneWithout() throws Exception {
    file("hello.java", "void main() { IO.println(\"hello\"); }");
    script.run("run", "hello.java");
    Files.writeString(cached().getFirst(), "broken");
    assertEquals(new Result(0, "hello\n", ""), script.run("run", "hello.java"));

    Files.writeString(folder.resolve("no-folder"), "");
    script.with("XDG_CACHE_HOME", folder.resolve("no-folder").toString());
    assertEquals(new Result(0, "hello\n", ""), script.run("run", "hello.java"));
  }

  @Test
  void anAotCacheThatDoesNotFitIsDoneWithout() throws Exception {
    Path home = folder.resolve("home");
    Script.copyJarsTo(home.resolve("lib"));
    script = Script.at(Script.copyTo(home), folder);
    file("hello.java", "void main() { IO.println(\"hello\"); }");
    assertEquals(0, script.run("--version").status());
    List<Path> caches = files(home, ".aot");
    assertEquals(2, caches.size());
    for (Path cache : caches) {
      Files.writeString(cache, "broken");
    }
    assertEquals(new Result(0, "hello\n", ""), script.run("run", "hello.java"));
  }

  @Test
  void cachesCanBeTurnedOff() throws Exception {
    file("hello.java", "void main() { IO.println(\"hello\"); }");
    script.with("THRUM_CACHE", "off");
    assertEquals(new Result(0, "hello\n", ""), script.run("run", "hello.java"));
    assertFalse(Files.exists(folder.resolve("cache")));
  }

  @Test
  void firstRunsAtTheSameTimeDoNotDisturbEachOther() throws Exception {
    file("hello.java", "void main() { IO.println(\"hello\"); }");
    var running = new ArrayList<Script.Running>();
    for (int i = 0; i < 4; i++) {
      running.add(script.start("run", "hello.java"));
    }
    for (Script.Running each : running) {
      assertEquals(new Result(0, "hello\n", ""), each.end());
    }
    assertEquals(1, cached().size());
    assertEquals(new Result(0, "hello\n", ""), script.run("run", "hello.java"));
  }

  private void assertUsageError(String sentence, String argument) throws Exception {
    assertEquals(new Result(2, "", "thrum: " + sentence + "\n"), script.run("run", argument));
  }

  private List<Path> cached() throws IOException {
    return files(folder.resolve("cache/thrum/programs"), "");
  }

  private static List<Path> files(Path folder, String ending) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).toList();
    }
  }

  private Path file(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static void tool(String name, String... arguments) {
    assertTrue(
        ToolProvider.findFirst(name).orElseThrow().run(System.out, System.err, arguments) == 0);
  }
}
