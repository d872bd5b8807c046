package dev.thrum.web.internal;

import dev.thrum.Async;
import dev.thrum.CancelledException;
import dev.thrum.Task;
import dev.thrum.http.HttpException;
import dev.thrum.internal.wait.Party;
import dev.thrum.web.Html;
import dev.thrum.web.Request;
import dev.thrum.web.session.Csrf;
import dev.thrum.web.session.Flash;
import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.cache.PebbleCache;
import io.pebbletemplates.pebble.error.LoaderException;
import io.pebbletemplates.pebble.error.PebbleException;
import io.pebbletemplates.pebble.extension.AbstractExtension;
import io.pebbletemplates.pebble.extension.Filter;
import io.pebbletemplates.pebble.extension.Function;
import io.pebbletemplates.pebble.extension.escaper.SafeString;
import io.pebbletemplates.pebble.loader.Loader;
import io.pebbletemplates.pebble.template.EvaluationContext;
import io.pebbletemplates.pebble.template.PebbleTemplate;
import io.pebbletemplates.pebble.utils.PathUtils;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Pages that Pebble makes of templates.
///
/// What Pebble keeps is kept in maps without locks that are held while something is made: a
/// template is read beside the loop, and other tasks may want it meanwhile. Each makes its own
/// then.
public final class Pages {
  private static final ScopedValue<Request> REQUEST = ScopedValue.newInstance();

  private final TemplateSource source;
  private final PebbleEngine engine;

  /// Pages.
  ///
  /// @param source where the templates are
  /// @param keeping whether templates are kept once they have been read
  /// @param strict whether a value that is not there is an error
  /// @param locale the language of numbers and dates
  /// @param globals values that all templates know
  /// @param filters what makes other values of values
  public Pages(
      TemplateSource source,
      boolean keeping,
      boolean strict,
      Locale locale,
      Map<String, Object> globals,
      Map<String, UnaryOperator<Object>> filters) {
    this.source = source;
    this.engine =
        new PebbleEngine.Builder()
            .loader(new Texts(source))
            .templateCache(keeping ? new Kept<>() : new Forgotten<>())
            .tagCache(keeping ? new Kept<>() : new Forgotten<>())
            .extension(new Own(globals, filters))
            .autoEscaping(true)
            .strictVariables(strict)
            .defaultLocale(locale)
            .build();
  }

  /// Fails with a `NoClassDefFoundError` if Pebble is not there.
  public static void check() {
    var _ = new Forgotten<String, String>();
  }

  /// Makes a page.
  ///
  /// @param request the request that it is for
  /// @param name the name of the template
  /// @param values what it shows
  /// @return the page
  /// @throws TemplateFailure if it cannot be made
  public String render(Request request, String name, Map<String, ?> values) {
    Map<String, Object> all = new HashMap<>(values);
    all.put("request", request);
    StringWriter page = new StringWriter(1 << 12);
    try {
      ScopedValue.where(REQUEST, request)
          .call(() -> {
            engine.getTemplate(name).evaluate(page, all);
            return true;
          });
    } catch (PebbleException e) {
      throw failure(name, e);
    } catch (IOException e) {
      throw new TemplateFailure(name + ": " + e.getMessage(), "", 0, e);
    }
    return page.toString();
  }

  private RuntimeException failure(String name, PebbleException e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof CancelledException || cause instanceof HttpException) {
        return (RuntimeException) cause;
      }
    }
    String at = e.getFileName() == null ? name : e.getFileName();
    int line = e.getLineNumber() == null ? 0 : e.getLineNumber();
    String text = "";
    try {
      text = line == 0 ? "" : read(source, at);
    } catch (IOException _) {
      // it was there a moment ago; the message is good without it
    }
    String where = line == 0 ? at : at + ", line " + line;
    return new TemplateFailure(where + ": " + e.getPebbleMessage(), text, line, e);
  }

  private static String read(TemplateSource source, String name) throws IOException {
    return Party.current() instanceof Task<?>
        ? Async.blocking(() -> source.read(name))
        : source.read(name);
  }

  private record Texts(TemplateSource source) implements Loader<String> {
    @Override
    public Reader getReader(String name) {
      try {
        return new StringReader(read(source, name));
      } catch (NoSuchFileException e) {
        throw new LoaderException(e, "there is no template \"" + name + "\" in " + source);
      } catch (IOException e) {
        throw new LoaderException(e, "the template \"" + name + "\" cannot be read: " + e);
      }
    }

    @Override
    public void setCharset(String charset) {}

    @Override
    public void setPrefix(String prefix) {}

    @Override
    public void setSuffix(String suffix) {}

    @Override
    public @Nullable String resolveRelativePath(String relative, String anchor) {
      return PathUtils.resolveRelativePath(relative, anchor, '/');
    }

    @Override
    public String createCacheKey(String name) {
      return name;
    }

    @Override
    public boolean resourceExists(String name) {
      try {
        String _ = read(source, name);
        return true;
      } catch (IOException _) {
        return false;
      }
    }
  }

  private static final class Kept<K, V> implements PebbleCache<K, V> {
    private final Map<K, V> all = new ConcurrentHashMap<>();

    @Override
    public V computeIfAbsent(K key, java.util.function.Function<? super K, ? extends V> maker) {
      V known = all.get(key);
      if (known != null) {
        return known;
      }
      V made = maker.apply(key);
      V other = all.putIfAbsent(key, made);
      return other == null ? made : other;
    }

    @Override
    public void invalidateAll() {
      all.clear();
    }
  }

  private static final class Forgotten<K, V> implements PebbleCache<K, V> {
    @Override
    public V computeIfAbsent(K key, java.util.function.Function<? super K, ? extends V> maker) {
      return maker.apply(key);
    }

    @Override
    public void invalidateAll() {}
  }

  private static final class Own extends AbstractExtension {
    private final Map<String, Object> globals;
    private final Map<String, Filter> filters = new HashMap<>();

    Own(Map<String, Object> globals, Map<String, UnaryOperator<Object>> filters) {
      this.globals = globals;
      filters.forEach((name, filter) -> this.filters.put(name, new OwnFilter(filter)));
    }

    @Override
    public Map<String, Object> getGlobalVariables() {
      return globals;
    }

    @Override
    public Map<String, Filter> getFilters() {
      return filters;
    }

    @Override
    public Map<String, Function> getFunctions() {
      return Map.of(
          "url", new OwnFunction(Own::url),
          "csrf_token", new OwnFunction((request, _) -> Csrf.token(request)),
          "csrf", new OwnFunction((request, _) -> field(Csrf.token(request))),
          "flash", new OwnFunction((request, _) -> Flash.take(request)));
    }

    private static Object url(Request request, List<Object> given) {
      if (given.isEmpty() || !(given.getFirst() instanceof String route)) {
        throw new IllegalArgumentException("url needs the name of a route");
      }
      return request.url(route, given.subList(1, given.size()).toArray());
    }

    private static Object field(String token) {
      return new SafeString(
          "<input type=\"hidden\" name=\"csrf_token\" value=\"" + Html.escape(token) + "\">");
    }
  }

  private interface Call {
    Object call(Request request, List<Object> given);
  }

  private record OwnFunction(Call call) implements Function {
    @Override
    public @Nullable List<String> getArgumentNames() {
      return null; // they are counted
    }

    @Override
    public Object execute(
        Map<String, Object> given, PebbleTemplate self, EvaluationContext context, int line) {
      List<Object> all =
          java.util.stream.IntStream.range(0, given.size())
              .mapToObj(one -> Objects.requireNonNull(given.get(String.valueOf(one))))
              .toList();
      try {
        return call.call(REQUEST.get(), all);
      } catch (IllegalArgumentException | IllegalStateException e) {
        throw new PebbleException(e, String.valueOf(e.getMessage()), line, self.getName());
      }
    }
  }

  private record OwnFilter(UnaryOperator<Object> filter) implements Filter {
    @Override
    public @Nullable List<String> getArgumentNames() {
      return null;
    }

    @Override
    public Object apply(
        Object value,
        Map<String, Object> given,
        PebbleTemplate self,
        EvaluationContext context,
        int line) {
      return filter.apply(value);
    }
  }
}
