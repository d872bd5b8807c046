package dev.thrum.cli.serve;

import dev.thrum.cli.program.Program;
import dev.thrum.cli.program.ProgramException;
import dev.thrum.web.App;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A program and how its application is found: its `main` calls `App.serve`, or a method without
/// parameters or a field has it.
final class WebProgram {
  private static final int PORT = 8000;

  private final WebFile file;
  private final Program program;

  private WebProgram(WebFile file, Program program) {
    this.file = file;
    this.program = program;
  }

  static WebProgram load(WebFile file) throws ProgramException {
    return new WebProgram(file, Program.load(file.file()));
  }

  /// Returns when the application has come to its end.
  void serve() throws Throwable {
    boolean servesItself = program.hasMain() && program.calls(App.class.getName(), "serve");
    if (servesItself && file.app() == null) {
      program.start(file.arguments());
      return;
    }
    AppMember found = find(program.define());
    if (found != null) {
      app(found).serve(PORT);
    } else if (program.hasMain()) {
      program.start(file.arguments());
    } else {
      throw ProgramException.usage(
          "'"
              + file.file()
              + "' has no application: give it a method App app() { … }, or a main that calls"
              + " app.serve(8000)");
    }
  }

  /// The class that has `main`, or else the first one, comes before the others of the file. Of
  /// these, records that carry an application and the like come last, and not before `main`.
  private @Nullable AppMember find(Class<?> type) throws ProgramException, ClassNotFoundException {
    List<AppMember> own = AppMember.of(type);
    List<AppMember> others =
        program.besides(type).stream().flatMap(it -> AppMember.of(it).stream()).toList();
    AppMember found = choice(own);
    if (found == null) {
      found = choice(others.stream().filter(AppMember::canBeAsked).toList());
    }
    if (found == null && (file.app() != null || !program.hasMain())) {
      found = choice(others);
    }
    if (found == null && file.app() != null) {
      List<AppMember> all = Stream.concat(own.stream(), others.stream()).toList();
      throw ProgramException.usage(
          "'%s' has no App called '%s'%s"
              .formatted(file.file(), file.app(), all.isEmpty() ? "" : "; " + list(all)));
    }
    return found;
  }

  private @Nullable AppMember choice(List<AppMember> all) throws ProgramException {
    String wanted = file.app();
    String name = wanted == null ? "app" : wanted;
    Optional<AppMember> named = all.stream().filter(it -> it.name().equals(name)).findFirst();
    if (named.isPresent() || wanted != null || all.isEmpty()) {
      return named.orElse(null);
    }
    if (all.stream().map(AppMember::member).distinct().count() > 1) {
      throw ProgramException.usage(
          "'%s' has several applications; %s; choose one with --app"
              .formatted(file.file(), list(all)));
    }
    return all.getFirst();
  }

  private static String list(List<AppMember> all) {
    return "there are "
        + String.join(", ", all.stream().map(AppMember::name).distinct().sorted().toList());
  }

  private App app(AppMember found) throws Throwable {
    if (program.ask(found.type(), found.member()) instanceof App app) {
      return app;
    }
    throw ProgramException.usage("'%s' of '%s' is null".formatted(found.name(), file.file()));
  }
}
