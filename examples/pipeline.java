/// Prints the first files of a folder in the order of their names, as `find FOLDER -type f | sort |
/// head` does in a shell: `pipeline.java [FOLDER [COUNT [SECONDS]]]`.
///
/// The programs are joined by pipes of the system; only the last lines come here, each as soon as
/// it is there. After the time, and after Ctrl-C, all programs are ended before this one is. Prints
/// the files, then the exit codes of all three. The exit code is 0, 1 if the time was over, 130
/// after Ctrl-C.
import static dev.thrum.Async.*;
import static java.time.Duration.*;

import dev.thrum.process.Subprocess;

void list(String folder, String count) throws IOException {
  var here = ProcessBuilder.Redirect.INHERIT; // what they complain about is seen at once
  var find = Subprocess.command("find", folder, "-type", "f").stderr(here);
  var sort = Subprocess.command("sort").stderr(here);
  var head = Subprocess.command("head", "-n", count).stderr(here);
  try (var files = Subprocess.pipeline(find, sort, head)) {
    for (var file : files.stdout().lines()) {
      IO.println(file);
    }
    IO.println("exit codes " + files.waitFor());
  } finally {
    IO.println("no program is left");
  }
}

void main(String... args) throws Exception {
  if (args.length > 3 || Stream.of(args).skip(1).anyMatch(arg -> !arg.matches("[1-9]\\d{0,8}"))) {
    System.err.println(
        "usage: pipeline.java [FOLDER [COUNT [SECONDS]]], the last two whole numbers");
    System.exit(2);
  }
  var folder = args.length > 0 ? args[0] : ".";
  var count = args.length > 1 ? args[1] : "10";
  var seconds = args.length > 2 ? Long.parseLong(args[2]) : 60;
  try {
    run(() -> timeout(ofSeconds(seconds), () -> list(folder, count)));
  } catch (TimeoutException e) {
    System.err.println("pipeline: " + e.getMessage());
    System.exit(1);
  } catch (CancellationException _) {
    System.exit(130);
  }
}
