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
  private static final String VERBS = "run, serve, routes, ps, tree, top, dump, cancel and console";

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
    for (String verb :
        new String[] {
          "", "run", "serve", "routes", "ps", "tree", "top", "dump", "cancel", "console"
        }) {
      Result help = verb.isEmpty() ? script.run("--help") : script.run(verb, "--help");
      assertEquals(0, help.status());
      assertTrue(help.out().contains("Examples:\n  thrum " + verb), help.out());
      assertTrue(help.out().lines().allMatch(line -> line.length() <= 80), help.out());
    }
  }

  @Test
  void aWrongWordIsAnsweredWithTheRightOne() throws Exception {
    Files.writeString(folder.resolve("hello.java"), "");
    assertUsageError("there is no command 'rnu'; did you mean 'thrum run'?", "thrum", "rnu");
    assertUsageError("there is no command 'frobnicate'; there are " + VERBS, "thrum", "frobnicate");
    assertUsageError("there is no command 'tpo'; did you mean 'thrum top'?", "thrum", "tpo");
    assertUsageError(
        "there is no command 'hello.java'; did you mean 'thrum run hello.java'?",
        "thrum",
        "hello.java");
    assertUsageError(
        "there is no option --debgu; did you mean '--debug'?", "thrum run", "run", "--debgu", "x");
  }

  @Test
  void whatIsMissingIsNamed() throws Exception {
    assertUsageError("a command is missing; there are " + VERBS, "thrum");
    assertUsageError("missing required parameter: 'FILE'", "thrum run", "run", "--debug");
    assertUsageError(
        "missing required parameter for option '--class-path' (PATH)", "thrum run", "run", "--cp");
    assertUsageError(
        "missing required parameter for option '--trace' (TRACE)", "thrum run", "run", "--trace");
  }

  @Test
  void whichJvmIsMeantMustBeSaid() throws Exception {
    for (String verb : new String[] {"tree", "top", "dump", "cancel", "console"}) {
      assertUsageError("a PID is missing; 'thrum ps' lists the JVMs", "thrum " + verb, verb);
    }
    assertUsageError("'x' is no PID; 'thrum ps' lists the JVMs", "thrum ps", "ps", "x");
    assertUsageError(
        "'service:x' is no service URL, such as service:jmx:rmi:///jndi/rmi://HOST:PORT/jmxrmi",
        "thrum ps",
        "ps",
        "service:x");
    assertUsageError(
        "a task is missing; 'thrum ps PID' shows the number of each",
        "thrum cancel",
        "cancel",
        "1");
    assertUsageError(
        "'x' is no number of a task; 'thrum ps PID' shows them",
        "thrum cancel",
        "cancel",
        "1",
        "x");
    assertUsageError(
        "there is no terminal to ask on; --yes cancels without a question",
        "thrum cancel",
        "cancel",
        "1",
        "2");
    assertUsageError(
        "there is no part 'x'; there are waits, timers, history, warnings and stalls",
        "thrum dump",
        "dump",
        "1",
        "x");
    assertUsageError(
        "tasks cannot be sorted by 'x'; they can by cpu, steps, age, name or state",
        "thrum top",
        "top",
        "--sort",
        "x",
        "1");
    assertUsageError(
        "tasks cannot be sorted by 'x'; they can by id, age, steps, cpu, name or state",
        "thrum ps",
        "ps",
        "--sort",
        "x",
        "1");
    assertUsageError("'2' is one argument too many", "thrum tree", "tree", "1", "2");
  }

  @Test
  void whatCannotBeServedIsRefused() throws Exception {
    assertServeError("missing required parameter: 'FILE'");
    assertServeError("--port is from 0 to 65535", "x.java", "--port", "65536");
    assertServeError("there is no option --prot; did you mean '--port'?", "x.java", "--prot", "1");
    assertServeError("--loops is from 1 to 4096", "--loops", "0", "x.java");
    assertServeError("--keep-alive is more than zero", "x.java", "--keep-alive", "0");
    assertServeError("--grace is zero or more", "x.java", "--grace", "-1");
    assertServeError("--limit-connections is at least 1", "x.java", "--limit-connections", "0");
    assertServeError("--limit-concurrency is at least 1", "x.java", "--limit-concurrency", "0");
    assertServeError("--max-body is zero or more", "x.java", "--max-body", "-1");
    assertServeError("--max-header is at least 64", "x.java", "--max-header", "63");
    assertServeError("--tls-cert and --tls-key go together", "x.java", "--tls-cert", "c");
    assertServeError("--tls-client-ca needs --tls-cert", "x.java", "--tls-client-ca", "c");
    assertServeError("--uds is without --host and --port", "x.java", "--uds", "s", "--port", "1");
    assertServeError("a Unix socket is for one loop", "x.java", "--uds", "s", "--loops", "2");
    assertServeError(
        "--access-log and --no-access-log exclude each other",
        "x.java",
        "--access-log",
        "-",
        "--no-access-log");
    assertServeError(
        "--reload-dir and --reload-include need --reload", "x.java", "--reload-dir", ".");
    assertServeError("--reload needs a file", "--reload", "-");
    assertServeError(
        "--reload-include is like '*.css', not '['", "--reload", "x.java", "--reload-include", "[");
    assertServeError("--root-path begins with a slash: /shop", "x.java", "--root-path", "shop");
    assertServeError("--header is like 'Name: value', not 'x'", "x.java", "--header", "x");
    assertServeError(
        "missing required parameter for option '--class-path' (PATH)", "x.java", "--cp");
    assertServeError(
        "missing required parameter for option '--env-file' (FILE)", "x.java", "--env-file");
  }

  @Test
  void anEnvironmentThatIsNoneIsNamed() throws Exception {
    Path file = folder.resolve("some.env");
    Files.writeString(file, "# a comment\n\nA=b\nsecret\n");
    assertEquals(
        new Result(2, "", "thrum: line 4 of '" + file + "' is not like NAME=VALUE\n"),
        script.run("serve", "x.java", "--env-file", file.toString()));
    assertEquals(
        new Result(2, "", "thrum: there is no file 'none.env' for --env-file\n"),
        script.run("serve", "x.java", "--env-file", "none.env"));
    assertEquals(
        new Result(2, "", "thrum: there is no file '.' for --env-file\n"),
        script.run("serve", "x.java", "--env-file", "."));
    Files.writeString(
        file, "UID=1\nEUID=1\nPPID=1\nSHELLOPTS=x\nBASHOPTS=x\nBASH_VERSINFO=4\nnone\n");
    Result leftOut = script.run("serve", "x.java", "--env-file", file.toString());
    assertEquals(7, leftOut.err().lines().count());
    assertTrue(
        leftOut.err().startsWith("thrum: line 1 of '" + file + "' is left out: bash lets nobody"),
        leftOut.err());
    Result piped =
        script
            .startOnTerminal(
                "bash -c \"exec '%s' serve x.java --env-file <(echo secret)\""
                    .formatted(folder.resolve("thrum")))
            .end();
    assertTrue(piped.out().contains("is not like NAME=VALUE"), piped.out());
  }

  private void assertServeError(String sentence, String... arguments) throws Exception {
    String[] all = new String[arguments.length + 1];
    all[0] = "serve";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    assertUsageError(sentence, "thrum serve", all);
  }

  private void assertUsageError(String sentence, String command, String... arguments)
      throws Exception {
    assertEquals(
        new Result(2, "", "thrum: " + sentence + "\nTry '" + command + " --help'.\n"),
        script.run(arguments));
  }
}
