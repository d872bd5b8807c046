/// Finds the broken links of a web site or of a folder of HTML pages: `linkcheck.java FOLDER|URL`.
///
/// It starts with one page, or with all pages of the folder, which it serves to itself, and follows
/// every link of the same site with a bounded number of requests at a time. Prints its progress,
/// then each broken link with the reason and where it is, then a summary. Ctrl-C prints what is
/// known so far. The exit code is 0 if no link is broken, 1 if one is, 2 for wrong arguments, 130
/// after Ctrl-C.
///
/// Every address is checked by a task of its own, in code that reads from top to bottom. The tasks
/// take turns on one thread, so they share the work list and the results without a lock.
import static dev.thrum.Async.*;
import static java.nio.charset.StandardCharsets.*;

import module java.net.http;
import module jdk.httpserver;

import dev.thrum.Retry;
import dev.thrum.Scope;
import java.net.http.HttpResponse.*;

static final String USAGE =
    """
    usage: linkcheck.java [options] FOLDER|URL

      --limit N          at most N requests at a time (16)
      --timeout SECONDS  for one request (10)
      --retries N        after a timeout, a failed connection, a busy or failing server (2)
      --max-pages N      follow links to at most N pages (50000)
      --external         check the links to other sites too
      --help             print this text
    """;

void main(String... args) throws IOException {
  if (List.of(args).contains("--help")) {
    IO.print(USAGE);
    return;
  }
  try {
    options = Options.of(List.of(args));
    if (options.isFolder) {
      try (var server = new FolderServer(Path.of(options.start), options.limit)) {
        var pages = server.pages();
        if (pages.isEmpty()) {
          throw new WrongArgument("no HTML page in " + options.start);
        }
        run(() -> checkSite(pages));
      }
    } else {
      run(() -> checkSite(List.of(options.start)));
    }
    System.exit(broken.isEmpty() ? 0 : 1);
  } catch (WrongArgument e) {
    System.err.println("linkcheck: " + e.getMessage());
    System.exit(2);
  } catch (CancellationException _) {
    System.exit(130);
  }
}

// The crawl

Options options;
String origin;
final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
final Map<String, Target> targets = new HashMap<>();
final Deque<Target> waiting = new ArrayDeque<>();
int running;

/// An address, and what is known of it so far.
static final class Target {
  final String url;
  final boolean isPage;
  boolean done;
  String problem = "";
  Optional<Target> redirect = Optional.empty();
  Optional<Set<String>> ids = Optional.empty();
  List<Reference> references = new ArrayList<>(1);
  long nanos;

  Target(String url, boolean isPage) {
    this.url = url;
    this.isPage = isPage;
  }
}

/// Where a link stands, and what it says there.
record Reference(Target page, int line, String href) {}

void checkSite(List<String> pages) {
  origin = Urls.origin(pages.getFirst());
  background(() -> showProgress());
  var complete = false;
  try {
    scope(site -> {
      var commandLine = new Target("command line", false);
      pages.forEach(url -> judge(new Reference(commandLine, 1, url), targetOf(url)));
      startMore(site);
    });
    complete = true;
  } finally {
    report(complete);
  }
}

/// Starts as many checks as there is room for. Each one that ends makes room and calls this again;
/// the scope is left when none is running any more.
void startMore(Scope site) {
  while (running < options.limit && !waiting.isEmpty()) {
    var target = waiting.remove();
    running++;
    site.async(
        target.url,
        () -> {
          check(target);
          running--;
          startMore(site);
        });
  }
}

void check(Target target) {
  asked++;
  try {
    var answer = ask(target, target.isPage ? "GET" : "HEAD");
    if (!target.isPage && answer.statusCode() >= 400) {
      answer = ask(target, "GET"); // some servers know no HEAD
    }
    take(target, answer);
  } catch (TimeoutException _) {
    target.problem = "no answer within " + options.timeout.toSeconds() + " s";
  } catch (IOException | IllegalArgumentException e) {
    target.problem = reason(e);
  } catch (URISyntaxException e) {
    target.problem = "redirects to a malformed address: " + e.getReason();
  }
  target.done = true;
  target.references.forEach(reference -> judge(reference, target));
  target.references = List.of();
}

/// An answer that may be another one the next time.
static final class Busy extends IOException {
  final transient HttpResponse<byte[]> answer;

  Busy(HttpResponse<byte[]> answer) {
    super("HTTP status " + answer.statusCode());
    this.answer = answer;
  }
}

/// Asks until there is an answer, or no attempt left. The timeout of an attempt, like Ctrl-C,
/// cancels the task that waits here, and that cancels the request.
HttpResponse<byte[]> ask(Target target, String method) throws IOException, TimeoutException {
  var request =
      HttpRequest.newBuilder(URI.create(target.url))
          .method(method, HttpRequest.BodyPublishers.noBody())
          .header("User-Agent", "thrum-linkcheck")
          .build();
  var policy =
      Retry.attempts(options.retries + 1)
          .backoff(Duration.ofMillis(200), Duration.ofMillis(12_800))
          .attemptTimeout(options.timeout)
          .retryOn(IOException.class)
          .onFailure(failure -> retried += failure.pause().isPresent() ? 1 : 0);
  try {
    return retry(policy, () -> send(target, request));
  } catch (Busy e) {
    return e.answer;
  }
}

HttpResponse<byte[]> send(Target target, HttpRequest request) throws IOException {
  var sent = System.nanoTime();
  try {
    var answer = await(client.sendAsync(request, Html::bodyIfHtml));
    if (answer.statusCode() == 429 || answer.statusCode() >= 500) {
      throw new Busy(answer);
    }
    return answer;
  } finally {
    target.nanos = System.nanoTime() - sent;
  }
}

void take(Target target, HttpResponse<byte[]> answer) throws URISyntaxException {
  var status = answer.statusCode();
  var location = answer.headers().firstValue("Location");
  if (status >= 300 && status < 400 && location.isPresent()) {
    var url = Urls.resolve(target.url, location.get());
    if (pagesRead == 0 && !options.isFolder) {
      origin = Urls.origin(url); // the first page may be elsewhere, say on https
    }
    if (isInside(url) || options.external) {
      target.redirect = Optional.of(targetOf(url));
    }
  } else if (status >= 300) {
    target.problem = "HTTP status " + status;
  } else if (target.isPage && Html.isHtml(answer.headers())) {
    var page = parallel(() -> Html.read(target.url, answer));
    pagesRead++;
    target.ids = Optional.of(page.ids);
    page.links.forEach(link -> follow(target, link));
  }
}

void follow(Target page, Link link) {
  var reference = new Reference(page, link.line, link.href);
  links++;
  if (!link.fault.isEmpty()) {
    addBroken(reference, link.href, "malformed, " + link.fault);
  } else if (link.url.isEmpty()) {
    otherLinks++;
  } else if (!isInside(link.url) && !options.external) {
    externalLinks++;
  } else {
    judge(reference, targetOf(link.url));
  }
}

Target targetOf(String url) {
  return targets.computeIfAbsent(url, this::newTarget);
}

Target newTarget(String url) {
  var target = new Target(url, isInside(url) && !Urls.MEDIA.matcher(url).find());
  if (target.isPage && ++pagesFound > options.maxPages) {
    target.done = true;
  } else {
    waiting.add(target);
  }
  return target;
}

boolean isInside(String url) {
  return url.startsWith(origin);
}

/// Judges a link, or leaves it with its target until that one is known.
void judge(Reference reference, Target first) {
  var target = first;
  for (int hops = 0; target.redirect.isPresent(); hops++) {
    if (hops == 10) {
      addBroken(reference, shown(first.url), "redirects in circles");
      return;
    }
    target = target.redirect.get();
  }
  var name = shown(target.url);
  var fragment = reference.href.substring((reference.href + "#").indexOf('#'));
  if (!target.done) {
    target.references.add(reference);
  } else if (!target.problem.isEmpty()) {
    addBroken(reference, name, target.problem);
  } else if (target.ids.isPresent() && !Html.isPlace(target.ids.get(), fragment)) {
    addBroken(reference, name + fragment, "no such id in that page");
  }
}

// The report

static final int SHOWN_PLACES = 5;

/// By what is wrong, the places where it is.
final Map<String, List<Reference>> broken = new TreeMap<>();

final boolean isTerminal = System.console() != null && System.console().isTerminal();
final long began = System.nanoTime();
int asked;
int retried;
int pagesFound;
int pagesRead;
int links;
int brokenLinks;
int otherLinks;
int externalLinks;

void addBroken(Reference reference, String what, String reason) {
  brokenLinks++;
  broken.computeIfAbsent(what + ": " + reason, _ -> new ArrayList<>()).add(reference);
}

/// As people write it: in a folder the path of the file, else the whole address.
String shown(String url) {
  var isFile = options.isFolder && isInside(url);
  return isFile ? Urls.decoded(url.substring(origin.length())) : url;
}

String reason(Exception e) {
  var causes = Stream.iterate((Throwable) e, Objects::nonNull, Throwable::getCause);
  if (causes.anyMatch(cause -> cause instanceof UnresolvedAddressException)) {
    return "unknown host";
  }
  return e instanceof ConnectException ? "no connection" : e.getMessage();
}

/// One line that is written over and over on a terminal, and a line a second elsewhere.
void showProgress() {
  while (true) {
    sleep(Duration.ofMillis(isTerminal ? 100 : 1000));
    var line =
        "%,d pages, %,d addresses queued, %,d broken links, %,.0f answers/s"
            .formatted(pagesRead, waiting.size() + running, brokenLinks, asked / elapsed());
    System.err.print(isTerminal ? "\r" + line + "\033[K" : line + "\n");
  }
}

void report(boolean complete) {
  System.err.print(isTerminal ? "\r\033[K" : "");
  broken.forEach(this::reportBroken);
  if (!complete) {
    say("Stopped early: %,d known addresses are not checked.", waiting.size() + running);
  }
  if (pagesFound > options.maxPages) {
    say("There are %,d more pages than --max-pages.", pagesFound - options.maxPages);
  }
  say("%,d pages, %,d addresses, %,d links, %,d broken", pagesRead, asked, links, brokenLinks);
  say("not checked: %,d links to other sites, %,d mailto and such", externalLinks, otherLinks);
  say("%.1f s, %,.0f answers/s, %,d retries", elapsed(), asked / elapsed(), retried);
  var slowest = new ArrayList<>(targets.values());
  slowest.removeIf(target -> target.nanos == 0);
  slowest.sort(Comparator.comparing(target -> -target.nanos));
  if (!slowest.isEmpty()) {
    var median = slowest.get(slowest.size() / 2).nanos / 1e6;
    var p99 = slowest.get(slowest.size() / 100).nanos / 1e6;
    say("answers: p50 %.1f ms, p99 %.1f ms, the slowest:", median, p99);
    slowest.stream().limit(5).forEach(t -> say("%8.1f ms  %s", t.nanos / 1e6, shown(t.url)));
  }
}

void reportBroken(String what, List<Reference> places) {
  say("%s", what);
  var order = Comparator.comparing((Reference at) -> at.page.url).thenComparing(Reference::line);
  var shown = places.stream().sorted(order).limit(SHOWN_PLACES);
  shown.forEach(at -> say("    %s:%d", shown(at.page.url), at.line));
  if (places.size() > SHOWN_PLACES) {
    say("    and %,d more", places.size() - SHOWN_PLACES);
  }
}

void say(String format, Object... values) {
  IO.println(format.formatted(values));
}

double elapsed() {
  return (System.nanoTime() - began) / 1e9;
}

// Pages

/// A link of a page with the address it means, without the fragment. The address is empty if it is
/// not of the web, or has a fault.
record Link(int line, String href, String url, String fault) {}

record Page(List<Link> links, Set<String> ids) {}

/// Looks through a page for its links and ids, tag by tag and as leniently as a browser. It builds
/// no tree.
static final class Html {
  private static final int LONGEST = 64 << 20;
  private static final Pattern CHARSET = Pattern.compile("(?i)charset\\s*=\\s*[\"']?([\\w.:-]+)");
  private static final Pattern COMMENT_OR_TAG =
      Pattern.compile("(?s)<(?:!(?=--).*?-->|[!?/][^<>]*>|([a-zA-Z][^\\s/>]*))");
  private static final Pattern ATTRIBUTE =
      Pattern.compile(
          "[\\s/]*([^\\s/>][^\\s/>=]*)(?:\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)'|([^\\s>]*)))?");
  private static final Pattern ENTITY =
      Pattern.compile("&(?:#(\\d{1,7})|#[xX](\\p{XDigit}{1,6})|(amp|lt|gt|quot|apos));");
  private static final Map<String, String> NAMED =
      Map.of("amp", "&", "lt", "<", "gt", ">", "quot", "\"", "apos", "'");
  private static final Pattern REFRESH =
      Pattern.compile("(?i)[\\d.\\s]*[;,]\\s*(?:url\\s*=\\s*)?[\"']?([^\"']+).*");
  private static final Pattern IN_SRCSET =
      Pattern.compile("([^\\s,]\\S*[^\\s,]|[^\\s,])(?:\\s[^,]*)?(?:,|$)");
  private static final Set<String> HOLD_NO_TAGS =
      Set.of("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes");
  private static final Set<String> LINKS =
      Set.of("href", "xlink:href", "src", "poster", "background", "longdesc");

  private final List<Link> links = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();
  private final String url;
  private String base;
  private int line = 1;

  private Html(String url) {
    this.url = url;
    this.base = url;
  }

  static boolean isHtml(HttpHeaders headers) {
    return contentType(headers).matches("(text/html|application/xhtml\\+xml)\\b.*");
  }

  private static String contentType(HttpHeaders headers) {
    return headers.firstValue("Content-Type").orElse("").toLowerCase(Locale.ROOT);
  }

  /// Keeps the body of a page, and drops any other.
  static BodySubscriber<byte[]> bodyIfHtml(ResponseInfo info) {
    return info.statusCode() < 300 && isHtml(info.headers())
        ? BodySubscribers.limiting(BodySubscribers.ofByteArray(), LONGEST)
        : BodySubscribers.replacing(new byte[0]);
  }

  /// Whether a fragment, with its `#` or empty, leads somewhere in a page with these ids.
  static boolean isPlace(Set<String> ids, String fragment) {
    var id = fragment.replaceFirst(":~:.*", "").replaceFirst("#", "");
    return id.isEmpty()
        || id.equalsIgnoreCase("top")
        || ids.contains(id)
        || ids.contains(Urls.decoded(id));
  }

  static Page read(String url, HttpResponse<byte[]> answer) {
    var body = answer.body();
    var head = new String(body, 0, Math.min(1024, body.length), ISO_8859_1);
    var html = new Html(url);
    html.scan(new String(body, charset(contentType(answer.headers()) + head)));
    return new Page(html.links, html.ids);
  }

  private static Charset charset(String declared) {
    var name = CHARSET.matcher(declared);
    try {
      return name.find() ? Charset.forName(name.group(1)) : UTF_8;
    } catch (IllegalArgumentException _) {
      return UTF_8; // no such charset
    }
  }

  private void scan(String text) {
    var tag = COMMENT_OR_TAG.matcher(text);
    var attribute = ATTRIBUTE.matcher(text);
    int counted = 0;
    for (int at = 0; tag.find(at); ) {
      at = tag.end();
      if (tag.group(1) == null) {
        continue;
      }
      for (; counted < tag.start(); counted++) {
        line += text.charAt(counted) == '\n' ? 1 : 0;
      }
      var attributes = new HashMap<String, String>();
      while (attribute.region(at, text.length()).lookingAt()) {
        at = attribute.end();
        attributes.putIfAbsent(attribute.group(1).toLowerCase(Locale.ROOT), value(attribute));
      }
      var name = tag.group(1).toLowerCase(Locale.ROOT);
      take(name, attributes);
      if (HOLD_NO_TAGS.contains(name)) {
        var end = Pattern.compile("(?i)</" + name).matcher(text);
        at = end.find(at) ? end.start() : at;
      }
    }
  }

  private static String value(MatchResult attribute) {
    var groups = Stream.of(attribute.group(2), attribute.group(3), attribute.group(4));
    var value = groups.filter(Objects::nonNull).findFirst().orElse("");
    return ENTITY.matcher(value).replaceAll(Html::character);
  }

  private static String character(MatchResult entity) {
    if (entity.group(3) != null) {
      return NAMED.get(entity.group(3));
    }
    var isDecimal = entity.group(1) != null;
    var code = Integer.parseInt(entity.group(isDecimal ? 1 : 2), isDecimal ? 10 : 16);
    return Character.isValidCodePoint(code)
        ? Matcher.quoteReplacement(Character.toString(code))
        : "\ufffd";
  }

  private void take(String element, Map<String, String> attributes) {
    if (attributes.containsKey("id")) {
      ids.add(attributes.get("id"));
    }
    if (element.equals("a") && attributes.containsKey("name")) {
      ids.add(attributes.get("name"));
    }
    if (element.equals("base")) {
      var given = link(attributes.getOrDefault("href", "")).url;
      base = given.isEmpty() || !base.equals(url) ? base : given; // the first one counts
    } else if (element.equals("meta") && "refresh".equalsIgnoreCase(attributes.get("http-equiv"))) {
      var to = REFRESH.matcher(attributes.getOrDefault("content", ""));
      if (to.matches()) {
        links.add(link(to.group(1)));
      }
    } else if (!attributes.getOrDefault("rel", "").matches("(?i)preconnect|dns-prefetch")) {
      attributes.forEach((name, value) -> {
        if (LINKS.contains(name) || (name.equals("data") && element.equals("object"))) {
          links.add(link(value));
        } else if (name.equals("srcset")) {
          IN_SRCSET.matcher(value).results().forEach(image -> links.add(link(image.group(1))));
        }
      });
    }
  }

  private Link link(String value) {
    var href = value.strip().replaceAll("[\t\r\n]", "");
    try {
      return new Link(line, href, Urls.resolve(base, href), "");
    } catch (URISyntaxException e) {
      return new Link(line, href, "", e.getReason());
    }
  }
}

// Addresses

static final class Urls {
  /// What holds no links, to judge by its name, and need not be downloaded.
  static final Pattern MEDIA =
      Pattern.compile(
          "(?i)\\.(png|jpe?g|gif|svgz?|webp|avif|ico|bmp|css|m?js|json|map|woff2?|ttf|otf|eot|pdf"
              + "|ps|epub|zip|jar|gz|tgz|bz2|xz|zst|tar|7z|deb|rpm|exe|msi|dmg|iso|bin|txt|csv"
              + "|mp[34]|m4[av]|webm|og[gv]|wav|mov)(\\?|$)");

  private static final Pattern NOT_WEB = Pattern.compile("(?i)(?!https?:)[a-z][a-z0-9+.-]*:");
  private static final Pattern HOST = Pattern.compile("(?i)^((?:https?:)?//)(?:[^/?]*@)?([^/?]*)");
  private static final Pattern ILLEGAL = Pattern.compile("[^\\w.~!$&'()*+,;=:@/?%\\[\\]-]+");

  /// The address that a link means on a page, without the fragment; empty if it is not of the web.
  static String resolve(String base, String href) throws URISyntaxException {
    var link = href.replaceFirst("(?s)#.*", "");
    if (link.isEmpty() || NOT_WEB.matcher(link).lookingAt()) {
      return link.isEmpty() ? base : "";
    }
    var page = URI.create(base);
    if (link.startsWith("?")) {
      link = page.getRawPath() + link; // of which URI follows an older definition
    }
    var url = page.resolve(new URI(escaped(link))).normalize();
    if (url.getHost() == null || url.getPort() > 65535) {
      throw new URISyntaxException(href, "no valid host");
    }
    var isUsual = url.getPort() == (url.getScheme().equalsIgnoreCase("https") ? 443 : 80);
    var origin = url.getScheme() + "://" + url.getHost();
    var port = isUsual || url.getPort() == -1 ? "" : ":" + url.getPort();
    var path = url.getRawPath().replaceFirst("^(/\\.\\.)+(?=/|$)", "");
    var query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    return origin.toLowerCase(Locale.ROOT) + port + (path.isEmpty() ? "/" : path) + query;
  }

  /// As a browser does it: slashes, names in other scripts, and what an address may not contain.
  private static String escaped(String link) throws URISyntaxException {
    var end = link.indexOf('?') < 0 ? link.length() : link.indexOf('?');
    var text = link.substring(0, end).replace('\\', '/') + link.substring(end);
    try {
      var host = HOST.matcher(text);
      if (host.find()) {
        text = host.group(1) + IDN.toASCII(host.group(2)) + text.substring(host.end());
      }
    } catch (IllegalArgumentException e) {
      throw new URISyntaxException(link, "no valid host");
    }
    return ILLEGAL
        .matcher(text)
        .replaceAll(illegal -> URLEncoder.encode(illegal.group(), UTF_8).replace("+", "%20"));
  }

  static String origin(String url) {
    return URI.create(url).resolve("/").toString();
  }

  static String decoded(String part) {
    try {
      return URLDecoder.decode(part.replace("+", "%2B"), UTF_8);
    } catch (IllegalArgumentException _) {
      return part;
    }
  }
}

/// A web server for one folder, on a free port that only this machine can reach.
static final class FolderServer implements AutoCloseable {
  private final Path root;
  private final HttpServer server;

  FolderServer(Path folder, int backlog) throws IOException {
    System.setProperty("sun.net.httpserver.nodelay", "true"); // or short answers take 40 ms
    root = folder.toRealPath();
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server = HttpServer.create(address, backlog, "/", this::answer);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  /// The addresses of all HTML files.
  List<String> pages() throws IOException {
    var origin = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    try (var files = Files.walk(root)) {
      return files
          .filter(file -> isPage(file) && Files.isRegularFile(file))
          .map(file -> origin + root.toUri().relativize(file.toUri()).toASCIIString())
          .sorted()
          .toList();
    }
  }

  private static boolean isPage(Path file) {
    return file.toString().matches("(?i).*\\.x?html?");
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().getPath();
      var found = root.resolve(path.substring(1)).normalize();
      var isFolder = Files.isDirectory(found);
      var file = isFolder ? found.resolve("index.html") : found;
      var isHere = file.startsWith(root) && (isFolder || Files.isRegularFile(file));
      var status = isFolder && !path.endsWith("/") ? 301 : isHere ? 200 : 404;
      var headers = exchange.getResponseHeaders();
      headers.set("Location", exchange.getRequestURI().getRawPath() + "/"); // for 301
      headers.set("Content-Type", isPage(file) ? "text/html" : "application/octet-stream");
      var isWanted = status == 200 && exchange.getRequestMethod().equals("GET");
      var size = isWanted && Files.exists(file) ? Files.size(file) : 0;
      exchange.sendResponseHeaders(status, size == 0 ? -1 : size);
      if (size > 0) {
        Files.copy(file, exchange.getResponseBody());
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

// The command line

static final class WrongArgument extends RuntimeException {
  WrongArgument(String message) {
    super(message);
  }
}

record Options(
    String start,
    boolean isFolder,
    int limit,
    Duration timeout,
    int retries,
    int maxPages,
    boolean external) {

  static Options of(List<String> args) {
    var numbers =
        new HashMap<>(
            Map.of("--limit", "16", "--timeout", "10", "--retries", "2", "--max-pages", "50000"));
    var starts = new ArrayList<String>();
    for (var rest = args.iterator(); rest.hasNext(); ) {
      var arg = rest.next();
      if (numbers.containsKey(arg)) {
        numbers.put(arg, rest.hasNext() ? rest.next() : "");
      } else if (!arg.startsWith("-")) {
        starts.add(arg);
      } else if (!arg.equals("--external")) {
        throw new WrongArgument("there is no option " + arg + "; see --help");
      }
    }
    if (starts.size() != 1) {
      throw new WrongArgument("give one FOLDER or URL, not " + starts.size() + "; see --help");
    }
    var start = starts.getFirst();
    var isFolder = Files.isDirectory(Path.of(start));
    return new Options(
        isFolder ? start : url(start),
        isFolder,
        number(numbers, "--limit", 1),
        Duration.ofSeconds(number(numbers, "--timeout", 1)),
        number(numbers, "--retries", 0),
        number(numbers, "--max-pages", 1),
        args.contains("--external"));
  }

  private static String url(String start) {
    if (!start.matches("(?i)https?:.*")) {
      throw new WrongArgument("there is no folder " + start + ", and it is no http or https URL");
    }
    try {
      return Urls.resolve("http://unused/", start);
    } catch (URISyntaxException e) {
      throw new WrongArgument("malformed URL: " + e.getMessage());
    }
  }

  private static int number(Map<String, String> numbers, String option, int least) {
    var given = numbers.get(option);
    if (!given.matches("\\d{1,9}") || Integer.parseInt(given) < least) {
      throw new WrongArgument(option + " takes a whole number from " + least + ", not " + given);
    }
    return Integer.parseInt(given);
  }
}
