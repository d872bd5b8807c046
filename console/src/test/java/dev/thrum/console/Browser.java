package dev.thrum.console;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/// The browser of this machine without a window, one for all tests of a JVM.
final class Browser {
  static final List<String> VIEWS =
      List.of(
          "loops", "tasks", "tree", "waits", "things", "timers", "history", "stalls", "warnings");

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Path PICTURES = Path.of("target", "screenshots");
  private static final ChromeDriver DRIVER = start();

  private Browser() {}

  private static ChromeDriver start() {
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(program("chromium", "google-chrome"));
    options.addArguments(
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage");
    options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(program("chromedriver"))
            .usingAnyFreePort()
            .build();
    ChromeDriver driver = new ChromeDriver(service, options);
    Runtime.getRuntime().addShutdownHook(new Thread(driver::quit));
    return driver;
  }

  private static File program(String... names) {
    return Stream.of(names)
        .flatMap(name ->
            Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> new File(folder, name)))
        .filter(File::canExecute)
        .findFirst()
        .orElseThrow(() ->
            new AssertionError(
                "There is no %s here; -DskipBrowser leaves these tests out."
                    .formatted(String.join(" or ", names))));
  }

  /// Opens a page anew, with nothing left from another.
  static void open(URI url) {
    wide();
    theme("light");
    DRIVER.get("about:blank");
    DRIVER.manage().logs().get(LogType.BROWSER);
    DRIVER.get(url.toString());
  }

  static void show(String view) {
    run("location.hash = arguments[0]", view);
    until(
        "the view " + view, () -> count("#tabs [data-view=" + view + "][aria-current=page]") == 1);
  }

  /// Opens a row of the tree that has a text.
  static void openRow(String text) {
    run(
        "[...document.querySelectorAll('.row')].find(r => r.textContent.includes(arguments[0]))"
            + ".querySelector('.twisty').click()",
        text);
  }

  static Object run(String script, Object... arguments) {
    return ((JavascriptExecutor) DRIVER).executeScript(script, arguments);
  }

  static void wide() {
    size(1280, 800);
  }

  static void size(int width, int height) {
    DRIVER.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  static void theme(String theme) {
    DRIVER.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", theme))));
  }

  static void click(String css) {
    until(css + " to click", () -> count(css) > 0);
    DRIVER.findElement(By.cssSelector(css)).click();
  }

  static void clickText(String css, String text) {
    until(text, () -> find(css, text).isPresent());
    find(css, text).orElseThrow().click();
  }

  private static Optional<WebElement> find(String css, String text) {
    return DRIVER.findElements(By.cssSelector(css)).stream()
        .filter(element -> element.getText().contains(text))
        .findFirst();
  }

  static void type(String css, CharSequence... keys) {
    DRIVER.findElement(By.cssSelector(css)).sendKeys(keys);
  }

  static void clear(String css) {
    WebElement field = DRIVER.findElement(By.cssSelector(css));
    field.sendKeys(Keys.chord(Keys.CONTROL, "a"), Keys.BACK_SPACE);
  }

  static void press(CharSequence... keys) {
    DRIVER.switchTo().activeElement().sendKeys(keys);
  }

  static int count(String css) {
    return DRIVER.findElements(By.cssSelector(css)).size();
  }

  /// What can be read there; empty if it is not there.
  static String text(String css) {
    return DRIVER.findElements(By.cssSelector(css)).stream()
        .map(WebElement::getText)
        .findFirst()
        .orElse("");
  }

  static String title() {
    return DRIVER.getTitle();
  }

  static URI address() {
    return URI.create(DRIVER.getCurrentUrl());
  }

  static void untilText(String css, String text) {
    until(css + " to say '" + text + "'", () -> text(css).contains(text));
  }

  static void until(String what, BooleanSupplier condition) {
    new WebDriverWait(DRIVER, PATIENCE, Duration.ofMillis(50))
        .ignoring(StaleElementReferenceException.class)
        .withMessage(() -> what + " on\n" + text("body"))
        .until(_ -> condition.getAsBoolean());
  }

  /// What the page has complained of since it was opened, but for connections that failed.
  static List<String> complaints() {
    return DRIVER.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(LogEntry::toString)
        .filter(line -> !line.contains("net::ERR_") && !line.contains("status of 50"))
        .toList();
  }

  static void picture(String name) throws IOException {
    Files.createDirectories(PICTURES);
    Files.write(PICTURES.resolve(name + ".png"), DRIVER.getScreenshotAs(OutputType.BYTES));
  }

  /// Finds the one task of that name in the list.
  static void findTask(String name) {
    show("tasks");
    type("#filter", name);
    untilText("#summary", "1 of 1 matching");
  }

  /// Opens the one task of that name.
  static void openTask(String name) {
    findTask(name);
    click("tbody tr");
  }

  /// Shows a view and waits until it has something to show.
  static void showFilled(String view) {
    show(view);
    until("a summary", () -> !text("#summary").isEmpty());
  }
}
