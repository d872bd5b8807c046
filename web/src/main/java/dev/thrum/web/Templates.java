package dev.thrum.web;

import dev.thrum.web.internal.MediaTypes;
import dev.thrum.web.internal.Pages;
import dev.thrum.web.internal.TemplateSource;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Templates of pages in the language of Pebble, which is that of Jinja: values, conditions, loops,
/// blocks that pages inherit from each other. It needs the library `io.pebbletemplates:pebble`.
///
/// ```java
/// app.templates(Path.of("templates"));
/// app.get("/users", req -> req.render("users.html", Map.of("users", users.all())));
/// ```
///
/// **What they know** besides the values that they are given: `request`, the [Request];
/// `url("user", 7)`, the path of a route; `csrf()`, a hidden field with the token of
/// [dev.thrum.web.session.Csrf], and `csrf_token()`, the token alone; `flash()`, the messages of
/// [dev.thrum.web.session.Flash], which it takes. Of a record the components are known by their
/// names.
///
/// **Guarantees.** Values are escaped for HTML wherever they stand, unless a template says
/// otherwise (`| raw`). A name leads to nothing outside of the templates. Templates are read beside
/// the loop, once each; in an application that is in debug mode, each time.
///
/// **Non-guarantees.** A value that is not there is written as nothing, but for [#strict]. What a
/// template calls runs on the loop.
///
/// **Errors.** A template that is not there, is malformed, or fails is a 500; in debug mode its
/// line is shown.
///
/// **Threads.** Any. It cannot be changed; what seems to change it returns another.
public final class Templates {
  private final TemplateSource source;
  private final boolean strict;
  private final Locale locale;
  private final Map<String, Object> globals;
  private final Map<String, UnaryOperator<Object>> filters;
  private volatile @Nullable Pages kept;

  private Templates(
      TemplateSource source,
      boolean strict,
      Locale locale,
      Map<String, Object> globals,
      Map<String, UnaryOperator<Object>> filters) {
    this.source = source;
    this.strict = strict;
    this.locale = locale;
    this.globals = globals;
    this.filters = filters;
  }

  private static Templates of(TemplateSource source) {
    try {
      Pages.check();
    } catch (NoClassDefFoundError e) {
      throw new IllegalStateException(
          "templates need Pebble: add the library io.pebbletemplates:pebble to the program", e);
    }
    return new Templates(source, false, Locale.ENGLISH, Map.of(), Map.of());
  }

  /// Templates in a folder.
  ///
  /// @param folder the folder
  /// @return templates
  /// @throws IllegalStateException if Pebble is not there
  public static Templates of(Path folder) {
    return of(new TemplateSource.Folder(folder.toAbsolutePath().normalize()));
  }

  /// Templates among the resources of a program.
  ///
  /// @param beside a class of the program
  /// @param folder where they are, as [Class#getResource] has it: `/templates`, or a folder beside
  ///   the class
  /// @return templates
  /// @throws IllegalStateException if Pebble is not there
  public static Templates of(Class<?> beside, String folder) {
    Objects.requireNonNull(beside, "beside");
    String before = folder.endsWith("/") ? folder : folder + "/";
    return of(new TemplateSource.Resources(beside, before));
  }

  /// The same, where a value that is not there is an error.
  ///
  /// @return templates
  public Templates strict() {
    return new Templates(source, true, locale, globals, filters);
  }

  /// The same with numbers and dates in another language, at first English.
  ///
  /// @param language the language
  /// @return templates
  public Templates locale(Locale language) {
    return new Templates(source, strict, language, globals, filters);
  }

  /// The same with a value that all of them know.
  ///
  /// @param name its name
  /// @param value the value
  /// @return templates
  public Templates global(String name, Object value) {
    return new Templates(source, strict, locale, with(globals, name, value), filters);
  }

  /// The same with a filter: `{{ price | money }}`.
  ///
  /// @param name its name
  /// @param filter what makes another value of a value
  /// @return templates
  public Templates filter(String name, UnaryOperator<Object> filter) {
    return new Templates(source, strict, locale, globals, with(filters, name, filter));
  }

  private static <V> Map<String, V> with(Map<String, V> before, String name, V value) {
    Map<String, V> made = new HashMap<>(before);
    made.put(name, Objects.requireNonNull(value, name));
    return Map.copyOf(made);
  }

  /// Makes a page.
  ///
  /// @param request the request that it is for
  /// @param name the name of the template, which also tells the type of the content
  /// @param values what it shows
  /// @return a response with status 200
  public Response render(Request request, String name, Map<String, ?> values) {
    String page = pages(request.app().isDebug()).render(request, name, values);
    String type = MediaTypes.of(name);
    Response made = Response.html(page);
    return type.startsWith("text/html") ? made : made.type(type);
  }

  private Pages pages(boolean debug) {
    Pages known = kept;
    if (known == null) {
      known = new Pages(source, !debug, strict, locale, globals, filters);
      kept = known;
    }
    return known;
  }
}
