package dev.thrum.cli.serve;

import dev.thrum.cli.program.Program;
import dev.thrum.cli.program.ProgramException;
import dev.thrum.web.App;
import java.lang.reflect.Member;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
    Class<?> type = program.define();
    Member found = find(type);
    if (found != null) {
      app(type, found).serve(PORT);
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

  private @Nullable Member find(Class<?> type) throws ProgramException {
    List<Member> all = applications(type);
    String wanted = file.app();
    if (wanted != null) {
      return all.stream()
          .filter(it -> it.getName().equals(wanted))
          .findFirst()
          .orElseThrow(() ->
              ProgramException.usage(
                  "'%s' has no App called '%s'%s"
                      .formatted(file.file(), wanted, all.isEmpty() ? "" : "; " + list(all))));
    }
    List<Member> usual = all.stream().filter(it -> it.getName().equals("app")).toList();
    if (!usual.isEmpty()) {
      return usual.getFirst();
    }
    if (all.size() > 1) {
      throw ProgramException.usage(
          "'%s' has several applications; %s; choose one with --app"
              .formatted(file.file(), list(all)));
    }
    return all.isEmpty() ? null : all.getFirst();
  }

  private static String list(List<Member> all) {
    return "there are "
        + String.join(", ", all.stream().map(Member::getName).distinct().sorted().toList());
  }

  private static List<Member> applications(Class<?> type) {
    List<Member> all = new ArrayList<>();
    for (Class<?> each = type; each != null; each = each.getSuperclass()) {
      Stream.<Member>concat(
              Arrays.stream(each.getDeclaredMethods())
                  .filter(it -> it.getParameterCount() == 0 && it.getReturnType() == App.class),
              Arrays.stream(each.getDeclaredFields()).filter(it -> it.getType() == App.class))
          .filter(it -> !it.isSynthetic())
          .forEach(all::add);
    }
    return all;
  }

  private App app(Class<?> type, Member found) throws Throwable {
    if (program.ask(type, found) instanceof App app) {
      return app;
    }
    throw ProgramException.usage("'%s' of '%s' is null".formatted(found.getName(), file.file()));
  }
}
