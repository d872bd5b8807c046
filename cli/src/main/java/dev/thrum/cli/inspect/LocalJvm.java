package dev.thrum.cli.inspect;

import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A process of this machine, and what keeps it from being attached to.
///
/// Attaching begins with a SIGQUIT. It ends a process that is no JVM, and a JVM that refuses to be
/// attached to prints all its threads at it. So everything is asked before.
record LocalJvm(ProcessHandle process) {
  /// Finds a process.
  static LocalJvm of(long pid) throws TargetException {
    if (pid == ProcessHandle.current().pid()) {
      throw new TargetException(pid + " is this command itself; 'thrum ps' lists the JVMs");
    }
    if (pid < 1 || pid > Integer.MAX_VALUE) {
      throw noProcess(pid);
    }
    return new LocalJvm(ProcessHandle.of(pid).orElseThrow(() -> noProcess(pid)));
  }

  private static TargetException noProcess(long pid) {
    return new TargetException("there is no process " + pid + "; 'thrum ps' lists the JVMs");
  }

  long pid() {
    return process.pid();
  }

  boolean isRunning() {
    return process.isAlive();
  }

  /// A process that began a moment ago may be about to become a JVM with Thrum.
  boolean isYoung() {
    return process
        .info()
        .startInstant()
        .filter(start -> start.plus(Target.YOUNG).isAfter(Instant.now()))
        .isPresent();
  }

  /// What keeps others from attaching to it, if anything does.
  Optional<String> obstacle() {
    return Stream.<Obstacle>of(
            this::end, this::otherUser, this::noJvm, this::stopped, this::refusal)
        .map(Obstacle::sentence)
        .flatMap(Optional::stream)
        .findFirst();
  }

  private interface Obstacle {
    Optional<String> sentence();
  }

  private Optional<String> otherUser() {
    return otherUser(pid(), user(process), user(ProcessHandle.current()));
  }

  static Optional<String> otherUser(long pid, String owner, String me) {
    boolean allowed = owner.equals(me) || me.equals("root") || owner.isEmpty() || me.isEmpty();
    String others = owner.equals("root") ? "root" : owner + " or root";
    return allowed
        ? Optional.empty()
        : Optional.of(
            "%d belongs to the user %s, and you are %s; ask as %s"
                .formatted(pid, owner, me, others));
  }

  private static String user(ProcessHandle process) {
    return process.info().user().orElse("");
  }

  private Optional<String> noJvm() {
    return isJvm() ? Optional.empty() : Optional.of(pid() + " is no JVM" + program());
  }

  private boolean isJvm() {
    try (var maps = Files.lines(proc("maps"))) {
      return maps.anyMatch(line -> line.contains("/libjvm."));
    } catch (IOException | RuntimeException e) {
      return isListed() || command().map(LocalJvm::isLauncher).orElse(false);
    }
  }

  private boolean isListed() {
    String id = Long.toString(pid());
    return VirtualMachine.list().stream().anyMatch(jvm -> jvm.id().equals(id));
  }

  private static boolean isLauncher(Path command) {
    return command.endsWith("java") || command.endsWith("java.exe");
  }

  private Optional<Path> command() {
    return process.info().command().map(Path::of);
  }

  private String program() {
    return command().map(command -> "; it is " + command.getFileName()).orElse("");
  }

  /// A process that has ended is there until its parent takes notice.
  private Optional<String> end() {
    return state() == 'Z' ? Optional.of(Attachment.hasEnded(pid())) : Optional.empty();
  }

  private Optional<String> stopped() {
    return stopped(pid(), state());
  }

  /// One of Linux's letters, or a space where there are none. It stands behind the name of the
  /// program, which is in parentheses and may contain any.
  private char state() {
    try {
      String stat = Files.readString(proc("stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2);
    } catch (IOException | RuntimeException e) {
      return ' ';
    }
  }

  static Optional<String> stopped(long pid, char state) {
    return switch (state) {
      case 'T' ->
          Optional.of(pid + " is stopped and cannot answer; 'kill -CONT " + pid + "' wakes it");
      case 't' -> Optional.of(pid + " is held by a debugger and cannot answer");
      default -> Optional.empty();
    };
  }

  private Optional<String> refusal() {
    return refusal(pid(), List.of(process.info().arguments().orElse(new String[0])));
  }

  static Optional<String> refusal(long pid, List<String> arguments) {
    return arguments.contains("-XX:+DisableAttachMechanism")
        ? Optional.of(refuses(pid))
        : Optional.empty();
  }

  static String refuses(long pid) {
    return pid + " refuses to be looked into: it runs with -XX:+DisableAttachMechanism";
  }

  private Path proc(String file) {
    return Path.of("/proc", Long.toString(pid()), file);
  }
}
