package dev.thrum.cli.inspect;

import com.sun.tools.attach.VirtualMachine;
import com.sun.tools.attach.VirtualMachineDescriptor;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// The JVMs that can be asked, by what they were started with. None of them notices.
final class JvmList {
  private static final String THRUM = "dev.thrum.cli.Main";

  private JvmList() {}

  /// @param columns how long a line may be
  static String text(int columns) {
    long self = ProcessHandle.current().pid();
    List<VirtualMachineDescriptor> others =
        VirtualMachine.list().stream()
            .filter(jvm -> pid(jvm) != self)
            .sorted(Comparator.comparingLong(JvmList::pid))
            .toList();
    if (others.isEmpty()) {
      return "no JVM is running that you may look into\n";
    }
    int width = Math.max(3, others.getLast().id().length());
    String format = "%" + width + "s  %s";
    return others.stream()
        .map(jvm -> format.formatted(jvm.id(), program(jvm.displayName())))
        .map(line -> cut(line, columns))
        .collect(Collectors.joining("\n", format.formatted("PID", "PROGRAM") + "\n", "\n"));
  }

  static String cut(String line, int columns) {
    return line.length() <= columns ? line : line.substring(0, columns - 1) + "…";
  }

  private static long pid(VirtualMachineDescriptor jvm) {
    return Long.parseLong(jvm.id());
  }

  /// As it was called: who says `thrum run hello.java` looks for that.
  static String program(String command) {
    boolean isThrum = command.equals(THRUM) || command.startsWith(THRUM + " ");
    return Output.line(isThrum ? "thrum" + command.substring(THRUM.length()) : command).strip();
  }
}
