package dev.thrum.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.thrum.cli.Script.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the command says about itself, and about command lines that it does not understand.
class UsageIT {
  @TempDir private Path folder;
  private Script script;

  @BeforeEach
  void unpackRelease() throws IOException {
    Script.copyJarsTo(folder.resolve("lib"));
    script = Script.at(Script.copyTo(folder), folder).with("THRUM_CACHE", "off");
  }

  @Test
  void version() throws Exception {
    String version = "thrum " + System.getProperty("thrum.version") + "\n";
    assertEquals(new Result(0, version, ""), script.run("--version"));
    assertEquals(new Result(0, version, ""), script.run("run", "--version"));
  }

  @Test
  void helpHasExamplesAndFitsATerminal() throws Exception {
    for (Result help : new Result[] {script.run("--help"), script.run("run", "--help")}) {
      assertEquals(0, help.status());
      assertTrue(help.out().contains("Examples:\n  thrum run hello.java"), help.out());
      assertTrue(help.out().lines().allMatch(line -> line.length() <= 80), help.out());
    }
  }

  @Test
  void aWrongWordIsAnsweredWithTheRightOne() throws Exception {
    Files.writeString(folder.resolve("hello.java"), "");
    assertUsageError("there is no command 'rnu'; did you mean 'thrum run'?", "thrum", "rnu");
    assertUsageError("there is no command 'dance'", "thrum", "dance");
    assertUsageError(
        "there is no command 'hello.java'; did you mean 'thrum run hello.java'?",
        "thrum",
        "hello.java");
    assertUsageError(
        "there is no option --debgu; did you mean '--debug'?", "thrum run", "run", "--debgu", "x");
  }

  @Test
  void whatIsMissingIsNamed() throws Exception {
    assertUsageError("a command is missing, such as run", "thrum");
    assertUsageError("missing required parameter: 'FILE'", "thrum run", "run", "--debug");
    assertUsageError(
        "missing required parameter for option '--class-path' (PATH)", "thrum run", "run", "--cp");
    assertUsageError(
        "missing required parameter for option '--trace' (TRACE)", "thrum run", "run", "--trace");
  }

  private void assertUsageError(String sentence, String command, String... arguments)
      throws Exception {
    assertEquals(
        new Result(2, "", "thrum: " + sentence + "\nTry '" + command + " --help'.\n"),
        script.run(arguments));
  }
}
