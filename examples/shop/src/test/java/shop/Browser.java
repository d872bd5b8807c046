package shop;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/// The browser of this machine without a window.
final class Browser implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Path PICTURES = Path.of("target", "screenshots");

  private final ChromeDriver driver;

  Browser() {
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
    driver = new ChromeDriver(service, options);
    wide();
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

  @Override
  public void close() {
    driver.quit();
  }

  // Windows

  void open(String url) {
    driver.get(url);
  }

  /// Opens another window and returns what to say to be in it.
  String openWindow(String url) {
    var _ = driver.switchTo().newWindow(WindowType.TAB);
    wide();
    driver.get(url);
    return driver.getWindowHandle();
  }

  String window() {
    return driver.getWindowHandle();
  }

  void be(String window) {
    var _ = driver.switchTo().window(window);
  }

  void wide() {
    size(1200, 860);
  }

  void phone() {
    size(390, 780);
  }

  private void size(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  void theme(String theme) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", theme))));
  }

  void withoutScripts() {
    driver.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", true));
  }

  // Pages

  void click(String css) {
    element(css).click();
  }

  void clickText(String text) {
    until(text, () -> !driver.findElements(By.partialLinkText(text)).isEmpty());
    driver.findElement(By.partialLinkText(text)).click();
  }

  void type(String css, String text) {
    WebElement field = element(css);
    if (!"file".equals(field.getDomAttribute("type"))) {
      field.clear();
    }
    field.sendKeys(text);
  }

  private WebElement element(String css) {
    until(css, () -> !driver.findElements(By.cssSelector(css)).isEmpty());
    return driver.findElement(By.cssSelector(css));
  }

  String text(String css) {
    return driver.findElements(By.cssSelector(css)).stream()
        .map(WebElement::getText)
        .findFirst()
        .orElse("");
  }

  int count(String css) {
    return driver.findElements(By.cssSelector(css)).size();
  }

  String path() {
    return java.net.URI.create(driver.getCurrentUrl()).getPath();
  }

  Object run(String script) {
    return driver.executeScript(script);
  }

  void untilText(String css, String text) {
    until(css + " to say '" + text + "'", () -> text(css).contains(text));
  }

  void until(String what, BooleanSupplier condition) {
    var _ =
        new WebDriverWait(driver, PATIENCE, Duration.ofMillis(50))
            .ignoring(StaleElementReferenceException.class, NoSuchElementException.class)
            .withMessage(() -> what + " on\n" + text("body"))
            .until(_ -> condition.getAsBoolean());
  }

  /// What the page has complained of: scripts that failed, and what the policy has refused.
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(LogEntry::toString)
        .filter(line -> !line.contains("status of 4"))
        .toList();
  }

  /// How much wider than the window the page is.
  long overflow() {
    return (Long)
        run("return document.documentElement.scrollWidth - document.documentElement.clientWidth");
  }

  void picture(String name) throws IOException {
    Files.createDirectories(PICTURES);
    Files.write(PICTURES.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
  }
}
