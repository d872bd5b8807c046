package dev.thrum.cli.program;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Compiles in a JVM of its own, with flags and an AOT cache that suit a compiler: a program's JVM
/// has only the program in it and starts sooner than one that knows javac.
///
/// The arguments are the source's name and path, its text is standard input. Standard output is a
/// [ProgramJar]; or if the status is not 0, the message of the [ProgramException] with that status.
final class CompilerProcess {
  private static final List<String> FLAGS =
      List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xlog:disable");

  private CompilerProcess() {}

  static byte[] compile(Source source) throws ProgramException {
    try {
      var builder = new ProcessBuilder(command(source));
      builder.redirectError(ProcessBuilder.Redirect.INHERIT);
      // Flags that are meant for the program, such as a debugger's.
      builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
      Process process = builder.start();
      try (var text = process.getOutputStream()) {
        text.write(source.text().getBytes(UTF_8));
      }
      byte[] result = process.getInputStream().readAllBytes();
      int status = process.waitFor();
      if (status != 0) {
        throw ProgramException.reported(new String(result, UTF_8), status);
      }
      return result;
    } catch (IOException e) {
      throw ProgramException.usage("the compiler cannot be started: " + e.getMessage());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The script `thrum` names the AOT cache; without one the compiler is only slower.
  private static List<String> command(Source source) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    String aot = System.getProperty("thrum.compiler.aot");
    if (aot != null) {
      command.add(aot);
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(CompilerProcess.class.getName());
    command.addAll(List.of(source.name(), source.path().toString()));
    return command;
  }

  /// The compiler's side.
  ///
  /// @param args the source's name and path
  /// @throws IOException if a stream to the other side breaks
  public static void main(String[] args) throws IOException {
    String text = new String(System.in.readAllBytes(), UTF_8);
    var source = new Source(args[0], Path.of(args[1]), text);
    try (var out = new FileOutputStream(FileDescriptor.out)) {
      try {
        new Compilation(source).run(out);
      } catch (ProgramException e) {
        out.write(String.valueOf(e.getMessage()).getBytes(UTF_8));
        System.exit(e.status());
      }
    }
  }
}
