package dev.thrum.cli.inspect;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The JVM that a verb is about.
final class Jvm {
  @SuppressWarnings("NullAway.Init") // by picocli
  @Spec(Spec.Target.MIXEE)
  private CommandSpec verb;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "PID",
      hideParamSyntax = true,
      description = "The JVM's process, or its JMX service URL.")
  private @Nullable String pid;

  boolean isNamed() {
    return pid != null;
  }

  Address address() {
    String text =
        Optional.ofNullable(pid)
            .orElseThrow(() -> wrong("a PID is missing; 'thrum ps' lists the JVMs"));
    try {
      return Address.parse(text);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  Target connect() throws TargetException {
    return Target.connect(address());
  }

  /// A command line that makes no sense.
  ParameterException wrong(String sentence) {
    return new ParameterException(verb.commandLine(), sentence);
  }
}
